"""The command line that sends a request again, for a shell, without secrets."""

from __future__ import annotations

import shlex

from conformance.exchange.model import Exchange
from conformance.exchange.scrub import HEADERS, scrub_text

# what curl sets itself, or what belongs to the first sending only
_LEFT_OUT = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding", "ocp-date", "x-ms-date"}
)
_LONGEST_BODY = 8_000


def curl(exchange: Exchange) -> str:
    """Credentials are left to the shell: `$AUTHORIZATION` stands for the header that the request had."""
    request = exchange.request
    words = ["curl", "-i", "-X", request.method, shlex.quote(scrub_text(request.url))]
    if request.method == "HEAD":
        words[1:4] = ["-I"]
    for name, value in request.headers.fields:
        if name.lower() not in _LEFT_OUT | HEADERS:
            words += ["-H", shlex.quote(f"{name}: {scrub_text(value)}")]
    if "authorization" in request.headers:
        words += ["-H", '"Authorization: $AUTHORIZATION"']
    return " ".join([*words, *_body(request.body, request.body_known)])


def _body(body: bytes, known: bool) -> list[str]:
    if not known:
        return ["# the recording lacks the request's body"]
    if not body:
        return []
    try:
        text = scrub_text(body.decode("utf-8"))
    except UnicodeDecodeError:
        return [f"--data-binary @body # {len(body)} bytes that are not text"]
    if len(text) > _LONGEST_BODY:
        return [f"--data-binary @body.json # {len(body)} bytes"]
    return ["--data-binary", shlex.quote(text)]
