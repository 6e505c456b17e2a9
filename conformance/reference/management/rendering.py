"""Answers of the management plane as they go on the wire."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from conformance.reference.instants import etag, http_date, iso_full, to_datetime
from conformance.reference.management.problem import ArmProblem
from conformance.reference.wire import Json, WireAnswer

JSON_TYPE = "application/json; charset=utf-8"
# The live service asks to wait so long before each poll.
RETRY_SECONDS = 15
_OLDEST = "2015-12-01"
_QUOTA = {"GET": ("reads", "11999"), "DELETE": ("deletes", "14999")}


@dataclass(frozen=True)
class ArmReply:
    """What a handler answers. `location` is the address of a result that is still to come."""

    status: int
    body: Json | None = None
    modified: int | None = None
    location: str | None = None


def common_headers(method: str, version: str | None, request_id: str, correlation: str, now: int) -> list[tuple[str, str]]:
    """The headers of every answer. The oldest version has no `nosniff`, and an id of the provider beside that of the gateway."""
    stamp = f"{to_datetime(now):%Y%m%dT%H%M%SZ}"
    kind, left = _QUOTA.get(method, ("writes", "1199"))
    headers = [
        ("Cache-Control", "no-cache"),
        ("Pragma", "no-cache"),
        ("Expires", "-1"),
        ("Server", "Microsoft-HTTPAPI/2.0"),
        ("x-ms-request-id", request_id),
        ("x-ms-correlation-request-id", correlation),
        ("x-ms-routing-request-id", f"EASTUS:{stamp}:{correlation}"),
        (f"x-ms-ratelimit-remaining-subscription-{kind}", left),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("Date", http_date(now)),
    ]
    own = ("request-id", request_id) if version == _OLDEST else ("X-Content-Type-Options", "nosniff")
    return [*headers, own]


def success(reply: ArmReply, version: str, headers: list[tuple[str, str]], retry_after: float) -> WireAnswer:
    if reply.modified is not None:
        tag = etag(reply.modified)
        headers += [("ETag", tag if version == _OLDEST else f'"{tag}"'), ("Last-Modified", http_date(reply.modified))]
    if reply.location is not None:
        # 0 would be valid, but clients take it for no advice at all
        headers += [("Location", reply.location), ("Retry-After", str(max(1, math.ceil(retry_after))))]
    if reply.body is None:
        return WireAnswer(reply.status, headers)
    return WireAnswer(reply.status, [*headers, ("Content-Type", JSON_TYPE)], _dump(reply.body))


def failure(problem: ArmProblem, headers: list[tuple[str, str]], now: int) -> WireAnswer:
    """The gateway says code and message only; the provider adds the lines that its other errors have too."""
    error: Json = {"code": problem.code, "message": problem.message}
    if problem.gateway:
        headers = [(name, value) for name, value in headers if name != "Server"] + [("x-ms-failure-cause", "gateway")]
    else:
        request_id = dict(headers)["x-ms-request-id"]
        error |= {"message": f"{problem.message}\nRequestId:{request_id}\nTime:{iso_full(now)}", "target": "BatchAccount"}
    if problem.reason:
        error["details"] = [{"code": "Reason", "message": problem.reason}]
    return WireAnswer(problem.status, [*headers, ("Content-Type", JSON_TYPE)], _dump({"error": error}))


def _dump(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
