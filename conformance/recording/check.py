"""The last look at a recording before it is written: if a secret were still in it, nothing is written at all."""

from __future__ import annotations

import base64
import codecs
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote

from conformance.exchange import scrub_text
from conformance.exchange.scrub import WORD
from conformance.recording.errors import Leaks

_SHORTEST = 6
_LONG = 200
_KEY, _PART = 48, 32
_ALIAS = re.compile(rf"{WORD}-(?:sent-)?[0-9a-f-]+")
_BLANK = re.compile(r"(?:\s|\\[rnt])+")
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}")
_URL_SAFE = str.maketrans("+/", "-_")


class Lookout:
    """Knows the secrets of a run in every form that they travel in."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._forms = frozenset(form for secret in set(secrets) if len(secret) >= _SHORTEST for form in _forms(secret))

    def refuse(self, text: str, where: str) -> None:
        """Raises Leaks when `text` holds one of the secrets, or what looks like another."""
        readings = _readings(text)
        if any(form in reading for reading in (*readings, *_disguised(text)) for form in self._forms):
            raise Leaks(f"{where} would hold a secret of this run")
        for reading in readings:
            plain = _ALIAS.sub(WORD, reading)
            if scrub_text(plain) != plain:
                raise Leaks(f"{where} would hold what looks like a key, a signature, a token, a password or private data")


def _forms(secret: str) -> Iterator[str]:
    if len(secret) > _LONG:
        # the private data of a certificate: a piece from its middle is enough, and nothing else begins like it
        yield secret[_LONG // 2 : _LONG]
        yield secret[_LONG // 2 : _LONG].translate(_URL_SAFE)
        return
    raw = secret.encode()
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield secret.translate(_URL_SAFE)
    yield _BLANK.sub("", secret)
    yield raw.hex()
    yield raw.hex().upper()
    if len(secret) >= _KEY:
        # whoever shows only a part of a key shows too much
        yield secret[:_PART]
        yield secret[-_PART:]
    # whatever stands before it shifts base64 by up to two characters
    for before in (b"", b"x", b"xx"):
        wrapped = base64.b64encode(before + raw).decode()[4 if before else 0 : -4]
        yield wrapped
        yield wrapped.translate(_URL_SAFE)
    try:
        yield base64.b64decode(secret, validate=True).hex() or secret
    except ValueError:
        return


def _readings(text: str) -> list[str]:
    """The text, and what a reader would make of its escapes."""
    found = {text, unquote(text), _BLANK.sub("", text), _unescaped(text)}
    return [reading for reading in found if reading]


def _disguised(text: str) -> Iterator[str]:
    """What known secrets are also looked for in: escapes that other writers use, or that stand in an escaped text again."""
    if "%25" in text:
        yield unquote(unquote(text))
    if "&" in text:
        yield html.unescape(text)
    if "\\" in text:
        bare = _unescaped(text).replace("\\", "")
        yield bare
        yield _BLANK.sub("", bare)
    if "\0" in text:  # UTF-16
        yield text.replace("\0", "")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: codecs.decode(match[0], "unicode_escape"), text) if "\\u" in text else text
