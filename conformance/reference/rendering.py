"""Answers as they go on the wire: headers, `odata.metadata`, error bodies."""

from __future__ import annotations

import json

from conformance.contract import Operation
from conformance.reference.instants import etag, http_date, iso_full
from conformance.reference.problem import BatchProblem
from conformance.reference.wire import Json, Reply, WireAnswer, WireRequest

JSON_TYPE = "application/json;odata=minimalmetadata"
_ERROR_METADATA = "Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element"


def common_headers(request: WireRequest, request_id: str, now: int) -> list[tuple[str, str]]:
    """The headers of every answer."""
    headers = [
        ("Server", "Microsoft-HTTPAPI/2.0"),
        ("request-id", request_id),
        ("DataServiceVersion", "3.0"),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("X-Content-Type-Options", "nosniff"),
        ("Date", http_date(now)),
    ]
    client_id = request.header("client-request-id")
    if client_id and (request.header("return-client-request-id") or "").strip().lower() == "true":
        headers.append(("client-request-id", client_id))
    return headers


def success(operation: Operation, reply: Reply, request: WireRequest, headers: list[tuple[str, str]]) -> WireAnswer:
    """An answer with the headers that the contract lists and the live service sends."""
    status = next(iter(operation.success))
    headers += reply.headers
    sent = {name.lower() for name in operation.headers.get(status, ())} - {name.lower() for name in operation.never_sent}
    if reply.modified is not None and "etag" in sent:
        headers.append(("ETag", etag(reply.modified)))
    if reply.modified is not None and "last-modified" in sent:
        headers.append(("Last-Modified", http_date(reply.modified)))
    location = request.base + reply.location if reply.location else None
    if location and status == 201:
        headers.append(("Location", location))
    if "dataserviceid" in sent:
        headers.append(("DataServiceId", location or request.url))
    if reply.file is not None:
        return WireAnswer(status, [*headers, ("Content-Type", "application/octet-stream")], reply.file)
    if reply.body is None:
        return WireAnswer(status, headers)
    body = {"odata.metadata": f"{request.base}/$metadata#{operation.metadata}", **reply.body}
    return WireAnswer(status, [*headers, ("Content-Type", JSON_TYPE)], _dump(body))


def failure(problem: BatchProblem, request: WireRequest, headers: list[tuple[str, str]], now: int) -> WireAnswer:
    """The error envelope; no body for HEAD and for 304."""
    if request.method == "HEAD" or problem.status == 304:
        return WireAnswer(problem.status, headers)
    request_id = dict(headers)["request-id"]
    body: Json = {
        "odata.metadata": f"{request.base}/$metadata#{_ERROR_METADATA}",
        **error_body(problem, request_id, now),
    }
    return WireAnswer(problem.status, [*headers, ("Content-Type", JSON_TYPE)], _dump(body))


def error_body(problem: BatchProblem, request_id: str, now: int) -> Json:
    """What an error says, alone or as a part of an answer."""
    told = f"{problem.sentence}\nRequestId:{request_id}\nTime:{iso_full(now)}"
    body: Json = {"code": problem.code, "message": {"lang": "en-US", "value": told}}
    if problem.values:
        body["values"] = [{"key": key, "value": value} for key, value in problem.values.items()]
    return body


def _dump(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
