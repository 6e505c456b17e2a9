"""Which status may answer what."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from conformance.rules.model import FRONT_DOOR, HOLDS, Case, Context, Problem, Rule, one

_NOT_MODIFIED = 304
_READS = ("GET", "HEAD")


def _success(context: Context) -> Sequence[Problem]:
    case = context.case
    if case.documented or case.operation is None:
        return HOLDS
    expected = " or ".join(str(status) for status in sorted(case.operation.success))
    return one(f"{case.operation.id} documents another success status", expected, str(case.status))


def _error(context: Context) -> Sequence[Problem]:
    statuses = _of_errors(context.case)
    if context.case.status in statuses:
        return HOLDS
    return one("no documented error code has this status", ", ".join(map(str, sorted(statuses))), str(context.case.status))


@lru_cache(maxsize=4096)
def _of_errors(case: Case) -> frozenset[int]:
    return frozenset(s for code in case.contract.errors.values() for s in code.statuses) | FRONT_DOOR


def _not_modified(context: Context) -> Sequence[Problem] | None:
    request = context.exchange.request
    if not request.headers_known:
        return None
    asked = "if-none-match" in request.headers or "if-modified-since" in request.headers
    if asked and request.method in _READS:
        return HOLDS
    return one("304 answers only a read with If-None-Match or If-Modified-Since", "another status", "304")


def _server_error(context: Context) -> Sequence[Problem]:
    status = context.case.status
    if status < 500:
        return HOLDS
    code = context.body.get("code") if isinstance(context.body, dict) else None
    known = context.contract.errors.get(code) if isinstance(code, str) else None
    if known and status in known.statuses:
        return HOLDS
    return one(
        "a server error without a documented code",
        "InternalError, OperationTimedOut or ServerBusy",
        f"{status} {code or ''}".strip(),
    )


def _is_error(context: Context) -> Sequence[Problem]:
    if context.case.error:
        return HOLDS
    request = context.exchange.request
    return one(
        f"{request.method} {request.path} is no operation, and is not refused", "an error status", str(context.case.status)
    )


def _answers(case: Case) -> bool:
    return case.operation is not None and case.status < 400 and case.status != _NOT_MODIFIED


RULES = (
    Rule("status.success", "a success status is one that the operation documents", _answers, _success),
    Rule("status.error", "an error status is one that a documented code has", lambda c: c.data and c.error, _error),
    Rule("status.not-modified", "304 only for a conditional read", lambda c: c.data and c.status == _NOT_MODIFIED, _not_modified),
    Rule(
        "status.server-error",
        "no server error but the documented ones",
        lambda c: c.data or c.operation is not None,
        _server_error,
    ),
    Rule(
        "status.unknown-operation",
        "what is no operation in any api-version is refused",
        lambda c: c.data and c.operation is None and not c.known_elsewhere,
        _is_error,
    ),
    Rule(
        "status.other-version-operation",
        "what is an operation only in other api-versions is refused",
        lambda c: c.data and c.operation is None and c.known_elsewhere,
        _is_error,
    ),
)
