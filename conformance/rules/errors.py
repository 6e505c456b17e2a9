"""The error envelope of the data plane: code, message with its RequestId and Time lines, values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.contract import Entity, Operation
from conformance.rules.formats import http_date_ticks, is_http_date, is_utc_date_time, ticks
from conformance.rules.model import FRONT_DOOR, HOLDS, Case, Context, Problem, Rule, one

_LINE = re.compile(r"^(RequestId|Time):(.*?)\r?$", re.MULTILINE)
_NOT_FOUND = 404
_MEMBERS = frozenset({"odata.metadata", "code", "message", "values"})
# every error of the data plane in recordings has it
_METADATA, _KIND = "odata.metadata", "$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element"
# clocks of the machines of the live service differ by up to 3 seconds (source: recordings); a proxy has one of its own
_MINUTE = 600_000_000


def _envelope(context: Context) -> Mapping[str, Any] | None:
    return context.body if isinstance(context.body, dict) else None


def _lines(context: Context) -> Mapping[str, str] | None:
    """The named lines of the message; None when there is no message to look into."""
    envelope = _envelope(context)
    message = envelope.get("message") if envelope else None
    text = message.get("value") if isinstance(message, dict) else None
    return {name: value.strip() for name, value in _LINE.findall(text)} if isinstance(text, str) else None


def _json(context: Context) -> Sequence[Problem] | None:
    response = context.exchange.response
    if not response.body_known:
        return None
    if _envelope(context) is not None:
        return HOLDS
    return one(
        "an error without the JSON envelope", '{"code", "message", …}', response.body[:80].decode("utf-8", "replace") or "empty"
    )


def _code(context: Context) -> Sequence[Problem] | None:
    envelope = _envelope(context)
    if envelope is None:
        return None
    code = envelope.get("code")
    return HOLDS if isinstance(code, str) and code else one("an error without its code", "a code", repr(code), "/code")


def _stated_code(context: Context) -> str | None:
    code = (_envelope(context) or {}).get("code")
    return code if isinstance(code, str) and code else None


def _documented(context: Context) -> Sequence[Problem] | None:
    code = _stated_code(context)
    if code is None:
        return None
    return HOLDS if code in context.contract.errors else one("an undocumented error code", "a documented code", code, "/code")


def _missing_one(case: Case) -> bool:
    """One resource that is not there, of a kind that has a code of its own, and a request that names nothing beside its path."""
    operation = case.operation
    entity = case.contract.entities.get(operation.entity or "") if operation else None
    if operation is None or entity is None or not (case.data and case.status == _NOT_FOUND):
        return False
    return _own(entity.name) in case.contract.errors and _about_one(case, operation, entity)


def _about_one(case: Case, operation: Operation, entity: Entity) -> bool:
    if operation.kind in ("get", "delete"):
        return operation.path == entity.path
    request = case.contract.models.get(operation.request or "")
    lists = request is not None and any(p.type == "array" for p in request.properties.values())
    return operation.kind == "action" and operation.path.startswith(f"{entity.path}/") and not lists


def _names(context: Context) -> Sequence[Problem] | None:
    """Its own code, or that of something that it is in."""
    code, operation = _stated_code(context), context.operation
    if code not in context.contract.errors or operation is None or not context.case.exact:
        return None
    holders = (
        e for e in context.contract.entities.values() if operation.path.startswith(f"{e.path}/") or operation.path == e.path
    )
    known = [_own(e.name) for e in holders]
    return HOLDS if code in known else one("another code than for what is not there", " or ".join(known), code, "/code")


def _own(entity: str) -> str:
    return "".join(part.capitalize() for part in entity.split("-")) + "NotFound"


def _status(context: Context) -> Sequence[Problem] | None:
    known = context.contract.errors.get(_stated_code(context) or "")
    status = context.case.status
    if known is None or status in FRONT_DOOR:
        return None
    if status in known.statuses:
        return HOLDS
    return one(f"{known.code} comes with another status", " or ".join(map(str, known.statuses)), str(status), "/code")


def _message(context: Context) -> Sequence[Problem] | None:
    envelope = _envelope(context)
    if envelope is None:
        return None
    message = envelope.get("message")
    good = isinstance(message, dict) and isinstance(message.get("lang"), str) and isinstance(message.get("value"), str)
    return HOLDS if good else one("message is not {lang, value}", '{"lang": "…", "value": "…"}', repr(message), "/message")


def _values(context: Context) -> Sequence[Problem] | None:
    envelope = _envelope(context)
    if envelope is None or "values" not in envelope:
        return None
    values = envelope["values"]
    good = isinstance(values, list) and all(_is_pair(v) for v in values)
    return HOLDS if good else one("values is not a list of {key, value}", '[{"key": "…", "value": "…"}]', repr(values), "/values")


def _is_pair(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("key"), str) and isinstance(value.get("value"), str)


def _members(context: Context) -> Sequence[Problem] | None:
    envelope = _envelope(context)
    if envelope is None:
        return None
    return [
        Problem("an undocumented member of an error", ", ".join(sorted(_MEMBERS)), n, f"/{n}")
        for n in envelope
        if n not in _MEMBERS
    ]


def _request_id_line(context: Context) -> Sequence[Problem] | None:
    lines, header = _lines(context), context.exchange.response.headers.get("request-id")
    if lines is None or header is None:
        return None
    actual = lines.get("RequestId")
    if actual is not None and actual.lower() == header.lower():
        return HOLDS
    return one(
        "the message's RequestId line is not the request-id header", f"RequestId:{header}", actual or "absent", "/message/value"
    )


def _time_line(context: Context) -> Sequence[Problem] | None:
    lines = _lines(context)
    if lines is None:
        return None
    actual = lines.get("Time")
    if actual is not None and is_utc_date_time(actual):
        return HOLDS
    return one("the message has no Time line in UTC", "Time:2020-03-21T02:05:16.3760939Z", actual or "absent", "/message/value")


def _time_of_answer(context: Context) -> Sequence[Problem] | None:
    date = context.exchange.response.headers.get("Date")
    stated = ticks((_lines(context) or {}).get("Time", ""))
    answered = http_date_ticks(date) if date is not None and is_http_date(date) else None
    if stated is None or answered is None:
        return None
    if abs(stated - answered) <= _MINUTE:
        return HOLDS
    actual = (_lines(context) or {}).get("Time")
    return one("the message's Time line is not the time of the answer", f"about {date}", actual, "/message/value")


def _metadata(context: Context) -> Sequence[Problem] | None:
    envelope = _envelope(context)
    if envelope is None or context.case.status in FRONT_DOOR:
        return None
    stated = envelope.get(_METADATA)
    if isinstance(stated, str) and stated.endswith(_KIND):
        return HOLDS
    return one("odata.metadata does not say that it is an error", f"https://{{host}}/{_KIND}", repr(stated), f"/{_METADATA}")


def _with_body(case: Case) -> bool:
    return case.data and case.error and not case.head


RULES = (
    Rule("error.json", "an error has the JSON envelope", _with_body, _json),
    Rule("error.code", "an error has its code", _with_body, _code),
    Rule("error.code-documented", "the code is a documented one", _with_body, _documented),
    Rule("error.code-status", "a documented code comes with its status", _with_body, _status),
    Rule("error.names-missing", "what is not there is named by the code", _missing_one, _names),
    Rule("error.message", "message is {lang, value}", _with_body, _message),
    Rule("error.values", "values is a list of {key, value}", _with_body, _values),
    Rule("error.members", "no other members", _with_body, _members),
    Rule("error.request-id-line", "the message repeats request-id", _with_body, _request_id_line),
    Rule("error.time-line", "the message says when", _with_body, _time_line),
    Rule("error.time", "that is when it was answered", _with_body, _time_of_answer),
    Rule("error.metadata", "odata.metadata says that it is an error", _with_body, _metadata),
)
