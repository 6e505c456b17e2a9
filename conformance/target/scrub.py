"""Takes secrets out of an exchange before it is written anywhere; what cannot be looked through is left out."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote

from conformance.exchange import Exchange, scrub_exchange, scrub_text

WORD = "SCRUBBED"
_LONG, _SHORTEST = 200, 6


class Scrubber:
    """`known` are the secrets of this run, such as the account key: they are taken out wherever they stand."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known: tuple[str, ...] = ()
        self.learn(*known)

    @property
    def known(self) -> tuple[str, ...]:
        """Every secret of this run, in each form that it is looked for."""
        return self._known

    def learn(self, *secrets: str) -> None:
        """Secrets that the run makes itself: a target may repeat them where no pattern finds them."""
        self._known += tuple(dict.fromkeys(form for secret in secrets if secret for form in _forms(secret)))

    def exchange(self, exchange: Exchange) -> Exchange:
        """Bodies that are not UTF-8 may hold a secret that no pattern finds: they are dropped, and marked as unknown."""
        clean = scrub_exchange(exchange, self._known)
        if not _is_text(clean.request.body):
            clean = replace(clean, request=replace(clean.request, body=b"", body_known=False))
        if not _is_text(clean.response.body):
            clean = replace(clean, response=replace(clean.response, body=b"", body_known=False))
        return clean

    def text(self, text: str) -> str:
        for secret in self._known:
            text = text.replace(secret, WORD)
        return scrub_text(text)


def _forms(secret: str) -> Iterator[str]:
    """A secret as it may come back: as it is, in a URL, and a short one (a key, a token, a password) in hex or base64 too."""
    yield secret
    yield quote(secret, safe="")
    if len(secret) > _LONG:
        return
    raws = [secret.encode()]
    with suppress(ValueError):
        raws.append(base64.b64decode(secret, validate=True))
    for raw in raws:
        if len(raw) >= _SHORTEST:
            yield from (raw.hex(), raw.hex().upper(), base64.b64encode(raw).decode())


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
