"""The body of an answer as scenarios compare it: enumerated values in the contract's letter case, which no document promises of a
response."""

from __future__ import annotations

from functools import cache
from typing import Any

from conformance import contract as contracts
from conformance.contract import Plane
from conformance.exchange import Exchange, NotJson
from conformance.plugin.expect import Blocked
from conformance.target.client import is_management


def answered(exchange: Exchange) -> dict[str, Any]:
    """The JSON object that an answer holds. Raises Blocked when there is none: rules say so of each answer."""
    try:
        body = exchange.response.json
    except NotJson:
        body = None
    if not isinstance(body, dict):
        raise Blocked(f"{exchange.request.method} {exchange.request.path} answered {exchange.response.status} without an object")
    plane = Plane.MANAGEMENT if is_management(exchange.request.path) else Plane.DATA
    version = contracts.nearest(exchange.request.query.get("api-version", ""), plane)
    spelled: dict[str, Any] = _respelled(_spellings(version.name, plane), body)
    return spelled


@cache
def _spellings(version: str, plane: Plane) -> dict[tuple[str, str], str]:
    """(name of a property, value in lower case) → the value as the contract writes it."""
    properties = [p for model in contracts.at(version, plane).models.values() for p in model.properties.values()]
    return {(p.name, value.lower()): value for p in properties for value in p.enum or ()}


def _respelled(spellings: dict[tuple[str, str], str], value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _respelled(spellings, inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_respelled(spellings, inner, name) for inner in value]
    return spellings.get((name, value.lower()), value) if isinstance(value, str) else value
