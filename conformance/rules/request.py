"""What a service lets a request do: a write that sets what only the service may set is not accepted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from conformance.exchange import NotJson
from conformance.rules.model import HOLDS, Case, Context, Problem, Rule

_WRITES = frozenset({"create", "patch", "replace"})


def _sent(context: Context) -> dict[str, Any]:
    request = context.exchange.request
    try:
        body = request.json if request.body and request.body_known else {}
    except NotJson:
        return {}
    return body if isinstance(body, dict) else {}


@lru_cache(maxsize=512)
def _read_only(case: Case) -> frozenset[str]:
    """What a GET of the resource shows as read-only, less what this request may hold."""
    contract, operation = case.contract, case.operation
    if operation is None:
        return frozenset()
    entity = contract.entities.get(operation.entity or "")
    model = contract.models.get(entity.model or "") if entity else None
    if model is None or operation.request is None:
        return frozenset()
    settable = {p.name for p in contract.models[operation.request].properties.values() if not p.read_only}
    return frozenset(p.name for p in model.properties.values() if p.read_only) - settable


def _refused(context: Context) -> Sequence[Problem] | None:
    wrong = sorted(_read_only(context.case) & set(_sent(context)))
    if not wrong:
        return None
    if context.case.error:
        return HOLDS
    accepted = f"the request sets {wrong[0]}, which is read-only, and was accepted"
    return (Problem(accepted, "status 400", str(context.case.status), f"/{wrong[0]}"),)


def _write(case: Case) -> bool:
    return case.data and case.kind in _WRITES and case.exact


RULES = (Rule("request.read-only", "a write of a read-only property is refused", _write, _refused),)
