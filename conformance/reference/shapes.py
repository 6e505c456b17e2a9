"""From what a request said to what is stored, and from there to what an answer of some api-version shows.

The store holds one naming, that of the newer versions. What was renamed stands in a table; how a value changes with its name is a
function beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from conformance.contract import Contract, Model, Property
from conformance.reference.schemas import applies
from conformance.reference.wire import Json

# Older name → newer name (source: API versioning history).
RENAMED: Mapping[str, str] = {
    "targetDedicated": "targetDedicatedNodes",
    "currentDedicated": "currentDedicatedNodes",
    "maxTasksPerNode": "taskSlotsPerNode",
    "targetOSVersion": "osVersion",
    "blobSource": "httpUrl",
}
# Members of a resource in the order of the live service; the rest follows.
_FIRST = (
    "id",
    "displayName",
    "thumbprint",
    "thumbprintAlgorithm",
    "url",
    "eTag",
    "lastModified",
    "creationTime",
    "state",
    "stateTransitionTime",
)


def fill(contract: Contract, model: Model, body: Json) -> Json:
    """The body with every default that the contract knows, nested ones too."""
    filled = dict(body)
    defaults: dict[str, object] = {p.name: p.default for p in model.properties.values() if p.default is not None}
    for when in model.rules.when:
        if applies(model, body, when.property, when.equals):
            defaults |= when.defaults
    for name, value in defaults.items():
        if name in model.properties:
            filled.setdefault(name, deepcopy(value))
    return {name: _fill_value(contract, model.properties.get(name), value) for name, value in filled.items()}


def _fill_value(contract: Contract, prop: Property | None, value: Any) -> Any:
    inner = contract.models.get(prop.ref or prop.items or "") if prop else None
    if inner is None:
        return value
    if isinstance(value, list):
        return [fill(contract, inner, item) if isinstance(item, dict) else item for item in value]
    return fill(contract, inner, value) if isinstance(value, dict) else value


def stored(value: Any) -> Any:
    """The same with newer names, at every depth."""
    if isinstance(value, list):
        return [stored(item) for item in value]
    if not isinstance(value, dict):
        return value
    renamed = {RENAMED.get(name, name): stored(inner) for name, inner in value.items()}
    if "schedulingError" in renamed:  # one of the exit conditions; what ended a task is never sent
        renamed["preProcessingError"] = renamed.pop("schedulingError")
    if "runElevated" in renamed:
        elevated = renamed.pop("runElevated")
        renamed["userIdentity"] = {"autoUser": {"scope": "pool", "elevationLevel": "admin" if elevated else "nonadmin"}}
    return renamed


def shown(contract: Contract, model: Model, resource: Mapping[str, Any]) -> Json:
    """What a GET at that api-version shows of a stored resource: its own names, nothing that it lacks, nothing secret."""
    names = sorted(model.properties, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    found: Json = {}
    for name in names:
        prop = model.properties[name]
        value = _lookup(name, resource)
        if value is not None and not prop.secret and not prop.write_only:
            found[name] = _shown_value(contract, prop, value)
    return found


def _lookup(name: str, resource: Mapping[str, Any]) -> Any:
    if name in _DERIVED:
        return _DERIVED[name](resource)
    return resource.get(name, resource.get(RENAMED.get(name, ""), None))


def _shown_value(contract: Contract, prop: Property, value: Any) -> Any:
    inner = contract.models.get(prop.ref or prop.items or "")
    if isinstance(value, list):
        return [_shown_value(contract, prop, item) for item in value]
    if isinstance(value, dict):
        return shown(contract, inner, value) if inner else dict(value)
    if isinstance(value, str):
        return prop.live.get(value, value)
    if prop.encode == "string" and isinstance(value, int):
        return str(value)
    return value


def _first_resize_error(resource: Mapping[str, Any]) -> Any:
    return next(iter(resource.get("resizeErrors", ())), None)


def _scheduling_error(resource: Mapping[str, Any]) -> Any:
    """Of a job, of exit conditions, or of a task: what went wrong before or beside its command, so not an exit code."""
    failure = resource.get("failureInfo", {})
    named = resource.get("schedulingError", resource.get("preProcessingError"))
    return named or (failure if failure and failure["code"] != "FailureExitCode" else None)


def _run_elevated(resource: Mapping[str, Any]) -> Any:
    if "commandLine" not in resource:
        return None
    user = resource.get("userIdentity", {}).get("autoUser", {})
    return user.get("elevationLevel") == "admin"


_DERIVED: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "resizeError": _first_resize_error,
    "runElevated": _run_elevated,
    "schedulingError": _scheduling_error,
}
