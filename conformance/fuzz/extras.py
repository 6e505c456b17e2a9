"""What requests carry beside path and body: conditions, selections, filters, page sizes, versions, what does not belong."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from conformance.contract import Contract, Filter, Operation
from conformance.fuzz.plan import Step

_CHANCE_OF_CONDITION = 0.2
_CHANCE_OF_OPTION = 0.25
_CHANCE_OF_FILTER = 0.3
_CHANCE_OF_ODDITY = 0.05
_CHANCE_OF_VERSION = 0.1
_PAGE_SIZES: Final = ("1", "2", "1", "2", "3", "1000", "1001", "0", "-1", "x")
_GUID: Final = "6f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"
_LONG_AGO, _LATER = "Mon, 01 Jan 2001 00:00:00 GMT", "Tue, 01 Jan 2030 00:00:00 GMT"
_CONDITIONS: Final = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")
_WRONG_VERSIONS: Final = ("", "newest", "1999-01-01.0.0", "2099-01-01.99.0", "2010-06-01.1.0")
_LITERALS: Final[Mapping[str, tuple[str, ...]]] = {
    "datetime": ("DateTime'2001-01-01T00:00:00Z'", "DateTime'2030-01-01T00:00:00Z'"),
    "int": ("0", "1", "100"),
    "boolean": ("true", "false"),
    "string": ("'a'", "'active'", "'steady'", "'completed'"),
}
_WRONG_FILTERS: Final = ("bcsUnknown eq 'a'", "id eq", "id", "id xx 'a'")
# by prefix: those of this plan, so that a list has few elements of others
_OURS: Final = "startswith(id,'<<{}:1>>')"


class Extras:
    """`versions` are other api-versions at which a read may be asked."""

    def __init__(self, contract: Contract, versions: Sequence[str] = ()) -> None:
        self._contract = contract
        self._versions = tuple(versions)

    def add(self, step: Step, operation: Operation, known: Sequence[int], by: random.Random) -> Step:
        """The step with more to it, or without. `known`: earlier steps on the same path, whose ETags it may state."""
        query: dict[str, str] = {}
        headers: dict[str, str] = {}
        if operation.conditional and by.random() < _CHANCE_OF_CONDITION:
            headers |= self._condition(operation, known, by)
        for name in ("$select", "$expand", "maxresults", "timeout", "timeOut"):
            if name in operation.parameters and by.random() < _CHANCE_OF_OPTION * (0.2 if "time" in name else 1):
                query[name] = self._option(name, operation, by)
        if operation.filter and by.random() < _CHANCE_OF_FILTER:
            query["$filter"] = self._filter(operation, by)
        if by.random() < _CHANCE_OF_ODDITY:
            headers |= {"client-request-id": _GUID, "return-client-request-id": by.choice(("true", "false"))}
        if by.random() < _CHANCE_OF_ODDITY / 2:
            query["bcsUnknown"] = "1"
        step = replace(step, query=query, headers=headers)
        if operation.method in {"GET", "HEAD"} and by.random() < _CHANCE_OF_VERSION:
            return self._at_another_version(step, by)
        return step

    def _condition(self, operation: Operation, known: Sequence[int], by: random.Random) -> dict[str, str]:
        name = by.choice(_CONDITIONS)
        if name not in operation.parameters:
            return {}
        if name.endswith("Match"):
            stated = by.choice(known) if known else None
            choices = ['"0x8D0000000000000"', f"<<etag:{stated}>>", f"<<etag:{stated}>>"] if stated is not None else ['"0x1"']
            return {name: by.choice(choices)}
        stated = known[-1] if known else None
        return {name: by.choice([_LONG_AGO, _LATER, *([f"<<modified:{stated}>>"] if stated is not None else [])])}

    def _option(self, name: str, operation: Operation, by: random.Random) -> str:
        if name == "maxresults":
            return by.choice(_PAGE_SIZES)
        if name == "$select":
            return self._select(operation, by)
        if name == "$expand":
            return by.choice(("stats", "stats", "bcsUnknown"))
        return by.choice(("30", "1", "x"))

    def _select(self, operation: Operation, by: random.Random) -> str:
        model = self._contract.item_model(operation) if operation.kind == "list" else None
        model = model or self._contract.models.get(operation.success.get(200) or "")
        names = list(model.properties) if model is not None else []
        if not names or by.random() < 0.1:
            return "bcsUnknown"
        return ",".join(
            dict.fromkeys(["id" if "id" in names else names[0], *by.sample(names, min(len(names), by.randint(1, 3)))])
        )

    def _filter(self, operation: Operation, by: random.Random) -> str:
        if by.random() < 0.1:
            return by.choice(_WRONG_FILTERS)
        name, known = by.choice(list(operation.filter.items()))
        return self._term(name, known, operation, by)

    def _term(self, name: str, known: Filter, operation: Operation, by: random.Random) -> str:
        operator = by.choice(known.operators) if known.operators else "eq"
        if name == "id" and operation.entity:
            return _OURS.format(operation.entity) if operator == "startswith" else f"id {operator} '<<{operation.entity}:1>>'"
        literal = by.choice(_LITERALS.get(known.type, _LITERALS["string"]))
        return f"startswith({name},{literal})" if operator == "startswith" else f"{name} {operator} {literal}"

    def _at_another_version(self, step: Step, by: random.Random) -> Step:
        """Mostly another one that exists; now and then none, or one that does not."""
        if self._versions and by.random() < 0.6:
            return replace(step, query={**step.query, "api-version": by.choice(self._versions)}, versioned=False)
        stated = by.choice(_WRONG_VERSIONS)
        return replace(step, query={**step.query, **({"api-version": stated} if stated else {})}, versioned=False)
