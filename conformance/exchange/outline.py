"""The outline of a request: what kind of thing it asks for, without names, so that requests of a kind can be counted together."""

from __future__ import annotations

import re

from conformance.exchange.scrub import scrub_text

_ORIGIN = re.compile(r"^[a-z]+://[^/?]*", re.IGNORECASE)
_PROVIDER = "/providers/Microsoft.Batch"


def outline(method: str, url: str) -> str:
    """`GET /pools/{}/nodes`: paths of both planes name a kind, then one of its kind. What leads to the provider is left out."""
    path = _ORIGIN.sub("", url.partition("?")[0])
    _, provider, rest = path.rpartition(_PROVIDER)
    segments = [s for s in (rest or path).split("/") if s]
    kept = "/".join(s if place % 2 == 0 else "{}" for place, s in enumerate(segments))
    return scrub_text(f"{method} {'…' if provider else ''}/{kept}")
