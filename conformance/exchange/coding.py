"""Undoes what `Content-Encoding` names, where a recorder kept a body as it was on the wire."""

from __future__ import annotations

import base64
import zlib

from conformance.exchange.model import Exchange

HALF = "half of a surrogate pair stands in it, which no text can hold"

# zlib finds out by itself whether gzip or zlib frames the data
_ANY_FRAME = zlib.MAX_WBITS | 32


def uncompressed(body: bytes, coding: str) -> bytes:
    """The body unpacked. It is returned as it is when the recorder had unpacked it already, or when the coding is unknown."""
    if not body or coding.strip().lower() not in {"gzip", "x-gzip", "deflate"}:
        return body
    for frame in (_ANY_FRAME, -zlib.MAX_WBITS):
        try:
            return zlib.decompress(body, frame)
        except zlib.error:
            continue
    return body


def from_base64(text: str) -> bytes:
    """Raises ValueError when it is not base64; line breaks are allowed."""
    return base64.b64decode("".join(text.split()), validate=True)


def has_halves(exchange: Exchange) -> bool:
    """Whether halves of surrogate pairs stand outside of its bodies: JSON can spell them, and nothing can write them."""
    request, response = exchange.request, exchange.response
    fields = (*request.headers.fields, *response.headers.fields)
    try:
        "".join([request.method, request.url, response.reason, *(part for field in fields for part in field)]).encode()
    except UnicodeEncodeError:
        return True
    return False
