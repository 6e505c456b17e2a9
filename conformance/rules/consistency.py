"""Header against body: ETag, Last-Modified, and the instant that both stand for. And which of two times comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from conformance.rules.formats import etag_ticks, http_date_ticks, is_bare_etag, is_http_date, ticks
from conformance.rules.model import HOLDS, Context, Problem, Rule, one

_SECOND = 10_000_000
# clocks of the machines of the live service differ by up to 3 seconds (source: recordings)
_SLACK = 10 * _SECOND
# what cannot be before what, in the body of a resource
_ORDERED = (
    (("creationTime",), ("lastModified",)),
    (("creationTime",), ("stateTransitionTime",)),
    (("creationTime",), ("allocationStateTransitionTime",)),
    (("previousStateTransitionTime",), ("stateTransitionTime",)),
    (("executionInfo", "startTime"), ("executionInfo", "endTime")),
    (("creationTime",), ("executionInfo", "startTime")),
    (("creationTime",), ("executionInfo", "endTime")),
    (("startTaskInfo", "startTime"), ("startTaskInfo", "endTime")),
)
_CREATED, _MINUTE = 201, 60 * _SECOND
# a time that nobody set is that of the year 1
_FIRST = ticks("2010-01-01T00:00:00Z") or 0
_MANY = frozenset({"list", "create-many"})


def _text(context: Context, *names: str) -> str | None:
    if not isinstance(context.body, dict):
        return None
    return next((v for name in names if isinstance(v := context.body.get(name), str)), None)


def _etag(context: Context) -> Sequence[Problem] | None:
    header, body = context.exchange.response.headers.get("ETag"), _text(context, "eTag", "etag")
    if header is None or body is None:
        return None
    return HOLDS if header == body else one("the ETag header differs from the body", body, header, "ETag")


def _last_modified(context: Context) -> Sequence[Problem] | None:
    header, body = context.exchange.response.headers.get("Last-Modified"), _text(context, "lastModified")
    if header is None or body is None or not is_http_date(header):
        return None
    instant = ticks(body)
    if instant is None:
        return None
    same = http_date_ticks(header) == instant - instant % _SECOND
    return HOLDS if same else one("Last-Modified is not the body's lastModified cut to the second", body, header, "Last-Modified")


def _header_ticks(context: Context) -> Sequence[Problem] | None:
    """Where no body tells them: the answers to writes and to HEAD."""
    headers = context.exchange.response.headers
    etag, modified = headers.get("ETag"), headers.get("Last-Modified")
    told = _text(context, "lastModified") is not None
    if told or etag is None or modified is None or not is_http_date(modified):
        return None
    instant = etag_ticks(etag.removeprefix("W/").strip('"'))
    if instant is None:
        return None
    if http_date_ticks(modified) == instant - instant % _SECOND:
        return HOLDS
    return one("ETag and Last-Modified stand for two instants", modified, etag, "ETag")


def _not_from_the_future(context: Context) -> Sequence[Problem] | None:
    headers = context.exchange.response.headers
    modified, now = headers.get("Last-Modified"), headers.get("Date")
    if modified is None or now is None or not (is_http_date(modified) and is_http_date(now)):
        return None
    changed, answered = http_date_ticks(modified), http_date_ticks(now)
    if changed is None or answered is None:
        return None
    if changed > answered + _SLACK:
        return one("Last-Modified is after Date", f"not after {now}", modified, "Last-Modified")
    if context.case.status == _CREATED and changed < answered - _MINUTE:
        return one("Last-Modified of what was just created is long before Date", f"about {now}", modified, "Last-Modified")
    return HOLDS


def _ordered(context: Context) -> Sequence[Problem] | None:
    found: list[Problem] = []
    compared = False
    answered = http_date_ticks(context.exchange.response.headers.get("Date", ""))
    for resource in _resources(context):
        for first, second in _ORDERED:
            if not isinstance(resource, dict) or first[0] not in resource or second[0] not in resource:
                continue
            early, late = _instant(resource, first), _instant(resource, second)
            if early is not None and late is not None:
                compared = True
                if early < _FIRST or early > late + _SLACK or (answered is not None and late > answered + _SLACK):
                    found.append(_out_of_order(context, resource, first, second, early, late))
    return found if compared else None


def _out_of_order(
    context: Context, resource: Any, first: tuple[str, ...], second: tuple[str, ...], early: int, late: int
) -> Problem:
    one_name, other_name = "/".join(first), "/".join(second)
    if early < _FIRST:
        return Problem("a time from before there was Batch", "a later time", str(_at(resource, first)), one_name)
    if early > late + _SLACK:
        said = f"{other_name} is before {one_name}"
        return Problem(said, f"not before {one_name}", str(_at(resource, second)), other_name)
    date = context.exchange.response.headers["Date"]
    return Problem(f"{other_name} is after Date", f"not after {date}", str(_at(resource, second)), other_name)


def _instant(resource: Any, path: tuple[str, ...]) -> int | None:
    value = _at(resource, path)
    return ticks(value) if isinstance(value, str) else None


def _at(resource: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        resource = resource.get(name) if isinstance(resource, dict) else None
    return resource


def _etag_ticks(context: Context) -> Sequence[Problem] | None:
    pairs = [(etag, instant) for etag, instant in _pairs(context) if etag is not None and instant is not None]
    if not pairs:
        return None
    wrong = [(etag, instant) for etag, instant in pairs if etag != instant]
    if not wrong:
        return HOLDS
    return one("eTag is not the tick count of lastModified", f"0x{wrong[0][1]:X}", f"0x{wrong[0][0]:X}", "eTag")


def _bare(context: Context) -> Sequence[Problem] | None:
    """Of the elements of a list, and of the results of a collection; of one resource, the header tells it too."""
    stated = [item["eTag"] for item in context.items if isinstance(item.get("eTag"), str)]
    if not stated:
        return None
    wrong = next((etag for etag in stated if not is_bare_etag(etag)), None)
    return HOLDS if wrong is None else one("eTag of an element is not bare", "0x and 15 hex digits", wrong, "eTag")


def _resources(context: Context) -> Sequence[Any]:
    return context.items if context.case.kind in _MANY else [context.body]


def _pairs(context: Context) -> Iterator[tuple[int | None, int | None]]:
    """ETag and instant, in ticks, of the resource or of each element of a list."""
    for resource in _resources(context):
        if isinstance(resource, dict) and isinstance(resource.get("eTag"), str) and isinstance(resource.get("lastModified"), str):
            yield etag_ticks(resource["eTag"]), ticks(resource["lastModified"])


RULES = (
    Rule("consistency.etag", "the ETag header is the body's", lambda c: c.success and c.model is not None, _etag),
    Rule(
        "consistency.last-modified",
        "Last-Modified is the body's lastModified cut to the second",
        lambda c: c.data and c.success and c.model is not None,
        _last_modified,
    ),
    Rule(
        "consistency.etag-ticks",
        "eTag is the tick count of lastModified",
        lambda c: c.data and c.success and c.model is not None,
        _etag_ticks,
    ),
    Rule(
        "consistency.etag-format",
        "eTag of an element is 0x and 15 hex digits",
        lambda c: c.data and c.success and c.kind in _MANY,
        _bare,
    ),
    Rule("consistency.header-ticks", "ETag and Last-Modified stand for one instant", lambda c: c.success, _header_ticks),
    Rule("consistency.date", "Last-Modified is not after Date", lambda c: c.success, _not_from_the_future),
    Rule(
        "consistency.times",
        "what happens later has the later time",
        lambda c: c.data and c.success and c.model is not None,
        _ordered,
    ),
)
