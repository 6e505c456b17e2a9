"""The body of a request, as an operation of the contract reads it."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from conformance.contract import Contract, Operation
from conformance.reference.problem import BatchProblem, invalid_header
from conformance.reference.schemas import read_body
from conformance.reference.wire import Json, WireRequest


def request_body(contract: Contract, operation: Operation, request: WireRequest) -> Json:
    """What the operation gets; empty when there is none. Raises BatchProblem when the body is not what the contract says."""
    if operation.request is None:
        return {}
    if not request.body.strip():
        if operation.request_required:
            raise BatchProblem("InvalidRequestBody", {"Reason": "The operation needs a body."})
        return {}
    content_type = (request.header("content-type") or "application/json").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise invalid_header("Content-Type", content_type)
    model = contract.models[operation.request]
    raw = _parse(request.body)
    if operation.update == "replace" and isinstance(raw, dict):
        # The documents mark the lists of a full replace as required, and say that an omitted one counts as empty.
        raw = {p.name: [] for p in model.properties.values() if p.type == "array" and p.required} | raw
    return read_body(contract, model, raw)


def _parse(body: bytes) -> Any:
    try:
        parsed = json.loads(body, parse_constant=_no_constant)
        if b"\\ud" in body.lower():  # half of a surrogate pair is no text: it could not be answered either
            json.dumps(parsed, ensure_ascii=False).encode()
        return parsed
    except (ValueError, RecursionError) as error:
        raise BatchProblem("InvalidRequestBody", {"Reason": f"The body is not JSON: {error}"}) from error


def _no_constant(name: str) -> NoReturn:
    """`NaN` and its like, which Python reads and JSON does not have."""
    raise ValueError(f"{name} is not JSON")
