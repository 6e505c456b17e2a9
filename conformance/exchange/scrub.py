"""Takes secrets out of exchanges and out of text, before anything is written.

What counts as a secret: credentials in headers and URLs, signatures of shared access URLs, account keys, tokens, passwords and
the private data of certificates. A scrubbed value stays where it was as the word SCRUBBED, so that its presence can still be
judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from conformance.exchange.model import Exchange, Headers

WORD = "SCRUBBED"
HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-ms-authorization-auxiliary",
        "x-api-key",
        "ocp-apim-subscription-key",
    }
)
# members of a JSON body whose value is a secret, and all below it; `data` is the private part of a certificate
_MEMBERS = (
    "password|accountKey|accessKey|storageAccountKey|primary|secondary|sharedKey|sasKey|sasToken|sasUrl|accessToken|access_token"
    "|refresh_token|client_secret|clientSecret|secret|sshPrivateKey|privateKey|pfx|data"
)
# a stand-in that a recording has for a secret is none itself
_STAND_IN = rf"{WORD}-(?:sent-[0-9a-f]{{6}}-)?\d+"
# what is cut off in the middle of a string has no closing quote
_STRING = r'"(?:[^"\\]|\\.)*(?:"|$)'
_Replacement = tuple[re.Pattern[str], str]
# the name of a member may itself stand in escaped JSON (a body inside a message)
_OF_MEMBERS: tuple[_Replacement, ...] = (
    (re.compile(rf'("(?:{_MEMBERS})"\s*:\s*)(?!"{_STAND_IN}"){_STRING}', re.IGNORECASE), rf'\1"{WORD}"'),
    (re.compile(rf'(\\"(?:{_MEMBERS})\\"\s*:\s*)\\".*?(?:\\"|$)', re.IGNORECASE), rf'\1\\"{WORD}\\"'),
    (re.compile(rf"('(?:{_MEMBERS})'\s*:\s*)'(?:[^'\\]|\\.)*(?:'|$)", re.IGNORECASE), rf"\1'{WORD}'"),
)
# with what a text holds in lower case if the pattern can fit at all: a pattern takes ten times as long as looking for that
_OF_WORDS: tuple[tuple[tuple[str, ...], _Replacement], ...] = tuple(
    (tuple(hints.split("|")), (pattern, without))
    for hints, pattern, without in (
        (
            "sig=|sas=|access_token=|client_secret=|password=",
            re.compile(r"\b(sig|sas|access_token|client_secret|password)=[^&\s\"'\\;,]+", re.IGNORECASE),
            rf"\1={WORD}",
        ),
        (
            "accountkey=|sharedaccesskey=|sharedaccesssignature=",
            re.compile(r"\b(AccountKey|SharedAccessKey|SharedAccessSignature)=[^;\s\"'\\]+", re.IGNORECASE),
            rf"\1={WORD}",
        ),
        ("bearer|basic", re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1 {WORD}"),
        ("sharedkey", re.compile(r"\b(SharedKey(?:Lite)?\s+[^\s:\"']+:)[\w+/=-]+"), rf"\1{WORD}"),
        ("eyj", re.compile(r"\beyJ[\w-]+\.eyJ[\w-]+(?:\.[\w-]+)?"), WORD),
        ("==", re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{86}=="), WORD),
        (
            "private key",
            re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL),
            WORD,
        ),
    )
)
_SECRET_NAME = re.compile(_MEMBERS, re.IGNORECASE)
# a secret-named member that holds no string: a list, an object, a number
_HOLDS_OTHER = re.compile(rf"""(\\*["'])(?:{_MEMBERS})\1\s*:\s*(?=[\[{{]|-?\d)""", re.IGNORECASE)
_TOKEN = re.compile(
    rf"""(?P<text>\\+["'].*?(?:\\+["']|$)|{_STRING}|'(?:[^'\\]|\\.)*(?:'|$))(?P<name>\s*:)?"""
    r"""|(?P<opened>[\[{])|(?P<closed>[\]}])|(?P<number>-?\d[\d.eE+-]*)""",
    re.DOTALL,
)
_USER = re.compile(r"""(?<![\w+.-])([a-z][\w+.-]*://)[^/\s"'?#\\]+@""", re.IGNORECASE)
# a quote before its name stands in a body that has such a member
_QUOTED = tuple(quote + name.lower() for name in _MEMBERS.split("|") for quote in "\"'")
# values of headers come again and again
_SHORT = 200
_REMEMBERED = 4096


def scrub_text(text: str) -> str:
    """`text` without what looks like a secret. Scrubbing twice changes nothing more."""
    return _scrubbed_before(text) if len(text) <= _SHORT else _scrubbed(text)


@lru_cache(maxsize=4096)
def _scrubbed_before(text: str) -> str:
    return _scrubbed(text)


def _scrubbed(text: str) -> str:
    if "@" in text and "://" in text:
        text = _USER.sub(rf"\1{WORD}@", text)
    lower = text.lower()
    members = any(hint in lower for hint in _QUOTED)
    if members:
        for pattern, without in _OF_MEMBERS:
            text = pattern.sub(without, text)
    for hints, (pattern, without) in _OF_WORDS:
        if any(hint in lower for hint in hints):
            text = pattern.sub(without, text)
    return _below(text) if members else text


def names_secret(member: str) -> bool:
    """Whether a member of a JSON body with this name is taken for a secret."""
    return _SECRET_NAME.fullmatch(member) is not None


def _below(text: str) -> str:
    """Every scalar below a secret-named member: its type may be wrong, and it is a secret none the less."""
    pieces: list[str] = []
    done = 0
    while found := _HOLDS_OTHER.search(text, done):
        pieces.append(text[done : found.end()])
        done = _scalars(text, found.end(), found[1], pieces)
    return "".join([*pieces, text[done:]]) if pieces else text


def _scalars(text: str, start: int, quote: str, pieces: list[str]) -> int:
    """Adds the value that begins at `start`, without its scalars, to `pieces`; returns where it ends."""
    depth, done = 0, start
    for token in _TOKEN.finditer(text, start):
        pieces.append(text[done : token.start()])
        done = token.end()
        scalar = token["number"] or (token["text"] and not token["name"])
        pieces.append(f"{quote}{WORD}{quote}" if scalar else token[0])
        depth += bool(token["opened"]) - bool(token["closed"])
        if depth <= 0:
            break
    return done


def scrub_headers(headers: Headers) -> Headers:
    return Headers(tuple((n, WORD if n.lower() in HEADERS else scrub_text(v)) for n, v in headers.fields))


def scrub_exchange(exchange: Exchange, known: Iterable[str] = ()) -> Exchange:
    """The exchange without secrets. `known` are secrets of this run (an account key), taken out wherever they stand."""
    clean = _without(tuple(k for k in known if k))
    request, response = exchange.request, exchange.response
    return replace(
        exchange,
        request=replace(
            request,
            url=clean(request.url),
            headers=_headers(request.headers, clean),
            body=_body(request.body, clean),
        ),
        response=replace(
            response,
            headers=_headers(response.headers, clean),
            body=_body(response.body, clean),
            reason=clean(response.reason),
        ),
    )


@lru_cache(maxsize=8)
def _without(known: tuple[str, ...]) -> Callable[[str], str]:
    shortest = min(map(len, known), default=0)

    def clean(text: str) -> str:
        if len(text) >= shortest:
            for secret in known:
                text = text.replace(secret, WORD)
        return scrub_text(text)

    remembered = lru_cache(maxsize=_REMEMBERED)(clean)  # most values of headers come again and again
    return lambda text: remembered(text) if len(text) <= _SHORT else clean(text)


def _headers(headers: Headers, clean: Callable[[str], str]) -> Headers:
    return Headers(tuple((n, WORD if n.lower() in HEADERS else clean(v)) for n, v in headers.fields))


def _body(body: bytes, clean: Callable[[str], str]) -> bytes:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body  # a file's content: nothing in it can be told from a secret
    found = clean(text)
    return body if found is text else found.encode("utf-8")
