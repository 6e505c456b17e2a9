"""From an operation of the contract to a method and a path; from a creating request to the path that deletes what it creates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from conformance import contract as contracts
from conformance.contract import Contract, Operation

_PARAMETER = re.compile(r"\{(\w+)\}")
# the state of a resource whose deletion was accepted and then failed
FAILED: Final = "deletefailed"
JSON_TYPE = "application/json; odata=minimalmetadata"


def path_of(operation: Operation, values: Mapping[str, Any]) -> str:
    """The encoded path. Raises TypeError when a path parameter is missing or strange."""
    names = _PARAMETER.findall(operation.path)
    if set(names) != set(values):
        raise TypeError(f"{operation.id} takes the path parameters {names}, not {sorted(values)}")
    return _PARAMETER.sub(lambda match: quote(str(values[match[1]]), safe=""), operation.path)


def with_query(path: str, query: Mapping[str, Any]) -> str:
    """Booleans are written as JSON does; a value of None is left out."""
    pairs = [(name, _text(value)) for name, value in query.items() if value is not None]
    if not pairs:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode(pairs, quote_via=quote, safe='$')}"


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def may_fail_later(path: str) -> bool:
    """Whether some api-version of the contract knows a state of such a resource whose deletion was accepted and failed."""
    for version in contracts.versions():
        contract = contracts.at(version.name)
        match = contract.match("GET", path)
        model = contract.models.get(match.operation.success.get(200) or "") if match else None
        state = model.properties.get("state") if model else None
        if match is not None:
            return bool(state and FAILED in (state.enum or ()))
    return False


@cache
def version_with(version: str, method: str, path: str) -> str:
    """The api-version at which to send a request that not every one has: `version` if it does, otherwise the newest that does."""
    names = [version, *(known.name for known in reversed(contracts.versions()))]
    return next((name for name in names if contracts.at(name).match(method, path)), version)


def deletion(contract: Contract, method: str, path: str, content: bytes | None) -> str | None:
    """The path whose DELETE removes what this request is about to create; None when it creates nothing by itself.

    Only what stands at the top of the account: all else goes when its parent does.
    """
    match = contract.match(method, path.partition("?")[0])
    if match is None or match.operation.kind != "create" or match.path_parameters:
        return None
    template = deleter(contract, match.operation)
    try:
        body = json.loads(content or b"")
    except ValueError:
        return None
    if template is None or not isinstance(body, dict):
        return None
    values = {name: _named(body, name) for name in _PARAMETER.findall(template)}
    return _PARAMETER.sub(lambda m: quote(str(values[m[1]]), safe=""), template) if all(values.values()) else None


def deleter(contract: Contract, create: Operation) -> str | None:
    """The path template of the operation that deletes what `create` creates."""
    start = create.path
    for operation in contract.operations.values():
        rest = operation.path.removeprefix(start)
        # `/jobschedules/{jobScheduleId}` begins with `/jobs` too, and deletes no job
        if operation.kind == "delete" and rest[:1] in {"/", "("} and rest != operation.path and rest.count("/") <= 1:
            return operation.path
    return None


def _named(body: Mapping[str, Any], parameter: str) -> object:
    """`poolId` is the member `id`, `userName` is `name`, `thumbprint` is itself."""
    if parameter in body:
        return body[parameter]
    return body.get("id" if parameter.endswith("Id") else "name")
