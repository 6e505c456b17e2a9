"""A request body that the contract forbids is not accepted. What is forbidden, `demands` says.

Acceptance speaks against the service. A refusal speaks for it only where the body has one fault and the status is 400: any
other answer may have had another reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conformance.rules import demands, groups, scalars
from conformance.rules.model import HOLDS, MISSING, Case, Context, Problem, Rule, one

_REFUSED = 400
_NO_LENGTH = 411
_COLLECTION, _VALUE = "create-many", "/value/"

_TITLES = {
    demands.MISSING: "a body that lacks a required property is refused",
    demands.MISSING_NESTED: "a nested object that lacks a required property is refused",
    demands.UNKNOWN: "a body with a property that the api-version lacks is refused",
    demands.UNKNOWN_NESTED: "a nested object with a property that the api-version lacks is refused",
    demands.FIXED: "an update of a property that cannot be changed is refused",
    demands.TOO_MANY: "an array with more elements than documented is refused",
    scalars.TYPE: "a property of another JSON type is refused",
    scalars.ENUM: "a value that its enumeration lacks is refused",
    scalars.TOO_LONG: "a longer text than documented is refused",
    scalars.TOO_SHORT: "a shorter text than documented is refused",
    scalars.CHARACTERS: "a text with other characters than documented is refused",
    scalars.BELOW: "a number below its documented range is refused",
    scalars.ABOVE: "a number above its documented range is refused",
    scalars.DATE_TIME: "a date-time that is none is refused",
    scalars.DURATION: "a duration that is none is refused",
    scalars.TOO_BRIEF: "a duration below its documented limit is refused",
    scalars.TOO_LASTING: "a duration above its documented limit is refused",
    groups.EXCLUDED: "a property that another one excludes is refused",
    groups.NEEDED: "a body that lacks a property which others make necessary is refused",
}


def _forbidden(slug: str) -> Callable[[Context], Sequence[Problem] | None]:
    def check(context: Context) -> Sequence[Problem] | None:
        found = context.forbidden
        if not found or slug not in found:
            return None
        if context.case.success:
            return _of_the_whole(context, found[slug])
        return HOLDS if len(found) == 1 else None

    return check


def _of_the_whole(context: Context, problems: list[Problem]) -> Sequence[Problem] | None:
    """What is wrong with one element of a collection does not bear on the request as a whole."""
    if context.case.kind != _COLLECTION:
        return problems
    return [p for p in problems if not p.where.startswith(_VALUE)] or None


def _elements(context: Context) -> Sequence[Problem] | None:
    """The elements of a collection that are forbidden, and of which the answer says that they were added."""
    added = [item.get("taskId") for item in context.items if str(item.get("status", "")).lower() == "success"]
    ids = [item.get("id") if isinstance(item, dict) else None for item in _sent_elements(context)]
    wrong: list[Problem] = []
    for problem in (p for problems in context.forbidden.values() for p in problems if p.where.startswith(_VALUE)):
        name = _id_of(problem.where, ids)
        if name in added and ids.count(name) == 1:
            wrong.append(problem)
    return wrong or None


def _sent_elements(context: Context) -> list[Any]:
    value = context.sent.get("value") if isinstance(context.sent, dict) else None
    return value if isinstance(value, list) else []


def _id_of(where: str, ids: Sequence[object]) -> str | None:
    position = where.removeprefix(_VALUE).partition("/")[0]
    name = ids[int(position)] if position.isdecimal() and int(position) < len(ids) else None
    return name if isinstance(name, str) else None


def _answer(context: Context, wrong: bool, message: str, refusals: frozenset[int]) -> Sequence[Problem] | None:
    if not wrong or not context.exchange.request.body_known:
        return None
    if context.case.status in refusals:
        return HOLDS
    return one(message, "status 400", context.case.status) if context.case.success else None


def _absent(context: Context) -> Sequence[Problem] | None:
    request = context.exchange.request
    # a recording may have lost a body that the headers still tell of
    told = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    wrong = not request.body.strip() and not told
    return _answer(context, wrong, "a request without its body was accepted", frozenset({_REFUSED, _NO_LENGTH}))


def _no_json(context: Context) -> Sequence[Problem] | None:
    wrong = bool(context.exchange.request.body.strip()) and context.sent is MISSING
    return _answer(context, wrong, "a body that is not JSON was accepted", frozenset({_REFUSED}))


def _no_object(context: Context) -> Sequence[Problem] | None:
    wrong = context.sent is not MISSING and context.sent is not None and not isinstance(context.sent, dict)
    return _answer(context, wrong, "a JSON body that is no object was accepted", frozenset({_REFUSED}))


def _takes_body(case: Case) -> bool:
    told = case.success or case.status == _REFUSED
    return case.data and case.exact and case.demand is not None and told


def _needs_body(case: Case) -> bool:
    told = case.success or case.status in (_REFUSED, _NO_LENGTH)
    return case.data and case.operation is not None and case.operation.request_required and told


def _takes_collection(case: Case) -> bool:
    return _takes_body(case) and case.success and case.kind == _COLLECTION


def _rules(titles: Mapping[str, str]) -> tuple[Rule, ...]:
    return tuple(Rule(slug, title, _takes_body, _forbidden(slug)) for slug, title in titles.items())


RULES = (
    Rule("request.no-body", "an operation that needs a body refuses a request without one", _needs_body, _absent),
    Rule("request.no-json", "a body that is not JSON is refused", _takes_body, _no_json),
    Rule("request.no-object", "a JSON body that is no object is refused", _takes_body, _no_object),
    *_rules(_TITLES),
    Rule("request.element", "a forbidden element of a collection is not added", _takes_collection, _elements),
)
