"""Undoes what `Content-Encoding` names, where a recorder kept a body as it was on the wire."""

from __future__ import annotations

import base64
import zlib

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
