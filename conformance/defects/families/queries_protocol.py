"""Query parameters that should be refused, and how they are."""

from __future__ import annotations

from conformance.defects.answers import REFUSED, answered, member, with_body
from conformance.defects.model import Defect
from conformance.defects.protocoled import second_try, without_parameter
from conformance.defects.refusals import values_of
from conformance.defects.requests import parameter
from conformance.defects.where import has
from conformance.reference.wire import WireAnswer, WireRequest

_LIST = "GET /pools"


def _bare(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    if "QueryParameterName" not in values_of(answer):
        return answer
    return with_body(answer, lambda document: document.pop("values") and None)


def _query_code(code: str) -> str:
    return "InvalidInput" if code in ("InvalidQueryParameterValue", "OutOfRangeQueryParameterValue") else code


DEFECTS = (
    Defect(
        "query-code",
        "Query parameters with wrong values are refused as InvalidInput.",
        "error-codes",
        ("protocol.errors.bad-query-value", "protocol.filter.error-code"),
        "One code for whatever is wrong.",
        member(_LIST, "code", _query_code, statuses=REFUSED),
        consequences=(
            "pools.*",
            "protocol.expand.unknown-refused",
            "protocol.paging.*",
            "protocol.select.*",
        ),
    ),
    Defect(
        "query-details-none",
        "The refusal of a query parameter does not say which it was.",
        "envelope",
        ("protocol.errors.query-value-details",),
        "A message is enough for people.",
        answered(_LIST, _bare, statuses=REFUSED),
    ),
    Defect(
        "filter-unread-ignored",
        "A filter that cannot be read, or that a list does not offer, is ignored.",
        "queries",
        (
            "protocol.filter.unknown-property-refused",
            "protocol.filter.unsupported-operator-refused",
            "protocol.filter.syntax-refused",
        ),
        "Better too much than nothing.",
        second_try(_LIST, ("InvalidQueryParameterValue",), without_parameter, has("$filter")),
        consequences=("pools.list.*", "protocol.errors.*"),
    ),
    Defect(
        "select-unread-ignored",
        "A $select of what does not exist is ignored.",
        "queries",
        ("protocol.select.unknown-refused",),
        "What does not exist is not shown.",
        second_try("GET /pools, GET /pools/{}", ("InvalidQueryParameterValue",), without_parameter, has("$select")),
        consequences=("protocol.select.only-selected", "pools.*", "protocol.select.nested"),
    ),
    Defect(
        "select-shallow",
        "A path in $select shows nothing of what it leads to, and all that stands beside it.",
        "queries",
        ("protocol.select.nested",),
        "What has a slash is none of our columns.",
        parameter("GET /pools/{}", "$select", lambda value: None if "/" in value else value),
        consequences=("pools.*", "protocol.select.*"),
    ),
)
