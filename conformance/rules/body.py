"""Success bodies against the contract's models: one walk (`shapes`), one rule per kind of problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conformance.rules import shapes
from conformance.rules.formats import is_absolute_url
from conformance.rules.model import HOLDS, Case, Check, Context, Problem, Rule, one

_METADATA = "odata.metadata"


def _walked(slug: str) -> Check:
    """Holds only where there was something to look at."""
    always = slug in shapes.ALWAYS

    def check(context: Context) -> Sequence[Problem] | None:
        if not isinstance(context.body, dict):
            return None
        found = context.problems.get(slug)
        if found:
            return found
        looked = context.shows_something if always else slug in context.exercised
        return HOLDS if looked else None

    return check


def _missing(context: Context) -> Sequence[Problem] | None:
    return None if context.selected else _walked(shapes.MISSING_PROPERTY)(context)


def _shown(context: Context) -> Sequence[Problem] | None:
    """Selected or not required: the live service shows these in every read of a whole resource."""
    if context.selected or not isinstance(context.body, dict):
        return None
    return context.problems.get(shapes.SHOWN) or (HOLDS if context.shows_something else None)


def _is_object(context: Context) -> Sequence[Problem] | None:
    response = context.exchange.response
    if not response.body_known:
        return None
    if isinstance(context.body, dict):
        return HOLDS
    return one(
        f"the body is not the documented {context.case.model}",
        "a JSON object",
        response.body[:80].decode("utf-8", "replace") or "empty",
    )


def _first(context: Context) -> Sequence[Problem] | None:
    if not isinstance(context.body, dict) or _METADATA not in context.body:
        return None
    first = next(iter(context.body))
    return HOLDS if first == _METADATA else one("the first member is not odata.metadata", _METADATA, first, f"/{_METADATA}")


def _present(context: Context) -> Sequence[Problem] | None:
    """Wherever it stands: the order of members is no part of JSON."""
    if not isinstance(context.body, dict) or not context.body:
        return None
    value = context.body.get(_METADATA)
    if isinstance(value, str) and is_absolute_url(value) and "$metadata#" in value:
        return HOLDS
    return one("odata.metadata is not there, or no URL of metadata", "https://{host}/$metadata#…", value, f"/{_METADATA}")


def _fragment(context: Context) -> Sequence[Problem] | None:
    """The part after `$metadata#`, where odata.metadata is there at all."""
    expected = context.operation.metadata if context.operation else None
    stated = context.body.get(_METADATA) if isinstance(context.body, dict) else None
    if expected is None or not isinstance(stated, str) or "#" not in stated:
        return None
    actual = stated.partition("#")[2]
    return HOLDS if actual == expected else one("odata.metadata names another set", expected, actual, f"/{_METADATA}")


def _has(kind: str) -> Callable[[Case], bool]:
    return lambda case: kind in case.kinds


def _exactly(kind: str) -> Callable[[Case], bool]:
    """Only when the contract has the stated api-version: a neighbour's models may have other members and values."""
    return lambda case: case.exact and kind in case.kinds


RULES = (
    Rule(
        "body.json",
        "the documented body is a JSON object",
        lambda c: c.success and c.model is not None and not c.head,
        _is_object,
    ),
    Rule(shapes.UNKNOWN, "only documented members", _exactly(shapes.UNKNOWN), _walked(shapes.UNKNOWN)),
    Rule(shapes.MISSING_PROPERTY, "every required member", _exactly(shapes.MISSING_PROPERTY), _missing),
    Rule(shapes.SHOWN, "what every read of a resource shows", _has(shapes.SHOWN), _shown),
    Rule(shapes.TYPE, "members have their types", _has(shapes.TYPE), _walked(shapes.TYPE)),
    Rule(shapes.NULL, "no member is null", _has(shapes.NULL), _walked(shapes.NULL)),
    Rule(shapes.ENUM, "values are in their enumerations, without case", _exactly(shapes.ENUM), _walked(shapes.ENUM)),
    Rule(shapes.DATE_TIME, "date-times are ISO 8601", _has(shapes.DATE_TIME), _walked(shapes.DATE_TIME)),
    Rule(shapes.DURATION, "durations are ISO 8601", _has(shapes.DURATION), _walked(shapes.DURATION)),
    Rule(shapes.INT64, "64-bit integers travel as strings", _has(shapes.INT64), _walked(shapes.INT64)),
    Rule(shapes.SECRET, "secrets are not in a response", _has(shapes.SECRET), _walked(shapes.SECRET)),
    Rule(
        "body.odata-metadata",
        "odata.metadata is the first member",
        lambda c: c.data and c.success and c.model is not None,
        _first,
    ),
    Rule(
        "body.odata-metadata-present",
        "odata.metadata is there",
        lambda c: c.data and c.success and c.model is not None,
        _present,
    ),
    Rule(
        "body.odata-metadata-fragment",
        "odata.metadata names the set of the operation",
        lambda c: c.data and c.success and c.operation is not None and c.operation.metadata is not None,
        _fragment,
    ),
)
