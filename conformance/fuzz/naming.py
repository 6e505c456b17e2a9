"""Which place in a request names what: tokens for the names of resources, and values that cost nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from conformance.contract import Contract, Entity
from conformance.fuzz.plan import TOKEN

_PARAMETER = re.compile(r"\{(\w+)\}")
# a certificate is named by two parameters, and the only algorithm that the documents know is this one
FIXED: Final[Mapping[str, str]] = {"thumbprintAlgorithm": "sha1"}
# what the target is asked about is where the run is at home
_HOME: Final[Mapping[str, str]] = {
    "subscriptionId": "<<subscription>>",
    "resourceGroupName": "<<group>>",
    "locationName": "<<region>>",
}
_KINDS: Final[Mapping[str, str]] = {"thumbprint": "thumbprint"}
# members that hold names of resources of a kind, where it is not the name of a path parameter
_LISTS: Final[Mapping[str, str]] = {"taskIds": "task", "nodeList": "node"}
_COUNTS: Final = ("targetdedicated", "targetlowpriority")
_FORMULA: Final = "autoscaleformula"
NO_NODES: Final = "$TargetDedicatedNodes=0;"
# nobody makes so many, so the name is one that nothing has
NOBODY: Final = 99
# how the suite's bodies name a pool that does not exist
NOTHING: Final = "-no-pool"

Values = dict[str, str]


class Names:
    """The names of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    @cached_property
    def owners(self) -> Mapping[str, Entity]:
        """The kind of resource that a path parameter names."""
        found: dict[str, Entity] = {}
        for entity in self._contract.entities.values():
            for name in own(entity):
                found.setdefault(name, entity)
        return found

    def value(self, parameter: str, number: int) -> str:
        """What stands for a path parameter: a token, or the one value that makes sense."""
        if parameter in FIXED:
            return FIXED[parameter]
        if parameter in _HOME:
            return _HOME[parameter]
        entity = self.owners.get(parameter)
        kind = _KINDS.get(parameter) or (entity.name if entity else "name")
        return f"<<{kind}:{number}>>"

    def refer(self, body: Any, made: Mapping[str, int], *, nodes: bool = False) -> Any:
        """The body with its references to resources that were made, or to nothing, and without any node. Changes nothing.

        `made`: the number of the last resource of each kind; `nodes`: it may ask for nodes."""
        if isinstance(body, list):
            return [self.refer(element, made, nodes=nodes) for element in body]
        if not isinstance(body, dict):
            return body
        return {name: self._member(name, value, made, nodes) for name, value in body.items()}

    def _member(self, name: str, value: Any, made: Mapping[str, int], nodes: bool) -> Any:
        if not nodes and name.lower().startswith(_COUNTS):
            return 0 if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else value
        if not nodes and name.lower() == _FORMULA:
            return NO_NODES if isinstance(value, str) and value else value
        if name in FIXED and isinstance(value, str):
            return FIXED[name]
        if name in _LISTS and isinstance(value, list):
            kind = _LISTS[name]
            return [f"<<{kind}:{made.get(kind, NOBODY)}>>" if isinstance(v, str) else v for v in value]
        entity = self.owners.get(name)
        if entity is not None and isinstance(value, str) and (not TOKEN.search(value) or self._idle(entity, value, made)):
            return self.value(name, made.get(entity.name, NOBODY))
        return self.refer(value, made, nodes=nodes)

    def _idle(self, entity: Entity, value: str, made: Mapping[str, int]) -> bool:
        """Whether it names nothing, although there is something to name."""
        return value.endswith(NOTHING) and entity.name in made


def own(entity: Entity) -> tuple[str, ...]:
    """The path parameters that tell a resource from others of its collection."""
    return tuple(name for name in _PARAMETER.findall(entity.path) if f"{{{name}}}" not in entity.collection)


def parameters(path: str) -> list[str]:
    return _PARAMETER.findall(path)


def named_by(parameter: str) -> str:
    """The member of a body that a path parameter names: `poolId` is `id`, `userName` is `name`, `thumbprint` is itself."""
    if parameter.endswith("Id"):
        return "id"
    return "name" if parameter.endswith("Name") else parameter


def fill(template: str, values: Mapping[str, str]) -> str:
    """The path with its parameters filled in. What is no token is encoded."""
    return _PARAMETER.sub(lambda match: encoded(values.get(match[1], "")), template)


def encoded(text: str) -> str:
    parts: list[str] = []
    last = 0
    for match in TOKEN.finditer(text):
        parts += [quote(text[last : match.start()], safe=""), match[0]]
        last = match.end()
    return "".join([*parts, quote(text[last:], safe="")])
