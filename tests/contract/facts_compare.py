"""Every difference between the facts of an api-version and the contract, by structure: model names are not on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from facts_reader import Facts, Json, path_shape

from conformance import contract

# Where the facts say nothing the contract may say more: limits, defaults (from documents and recordings).
_PROPERTY_LIMITS = ("default", "minimum", "maximum", "min_length", "max_length", "max_items", "pattern")
_PARAMETER_LIMITS = ("default", "minimum", "maximum", "min_length", "max_length", "pattern")


@dataclass(frozen=True)
class Difference:
    """`at` is `Operation_Id`, `Operation_Id.parameter`, `Operation_Id.status` or `Model.property`."""

    plane: str
    version: str
    kind: str
    at: str
    facts: str
    contract: str


@dataclass
class Comparison:
    """One walk over one api-version."""

    facts: Facts
    known: contract.Contract
    _seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def differences(self) -> Iterator[Difference]:
        ours = {(o.method, path_shape(o.path)): o for o in self.known.operations.values()}
        for key, stated in self.facts.operations.items():
            if key in ours:
                yield from self.operation(stated, ours[key])
            else:
                yield self._difference("operation.missing", stated["id"], stated["id"], None)
        for key in ours.keys() - self.facts.operations.keys():
            yield self._difference("operation.extra", ours[key].id, None, ours[key].id)

    def operation(self, stated: Json, ours: contract.Operation) -> Iterator[Difference]:
        yield from self._differ("operation.id", ours.id, stated["id"], ours.id)
        yield from self._differ("operation.paged", ours.id, bool(stated.get("paged")), ours.paged)
        yield from self._differ("operation.long_running", ours.id, bool(stated.get("long_running")), ours.long_running)
        yield from self.parameters(stated, ours)
        yield from self.bodies(stated, ours)
        yield from self.headers(stated, ours)

    def parameters(self, stated: Json, ours: contract.Operation) -> Iterator[Difference]:
        theirs = {p["name"]: p for p in stated["parameters"]}
        for name in theirs.keys() - ours.parameters.keys():
            yield self._difference("parameter.missing", f"{ours.id}.{name}", name, None)
        for name in ours.parameters.keys() - theirs.keys():
            yield self._difference("parameter.extra", f"{ours.id}.{name}", None, name)
        for name in theirs.keys() & ours.parameters.keys():
            at, a, b = f"{ours.id}.{name}", theirs[name], ours.parameters[name]
            yield from self._differ("parameter.in", at, a["in"], b.where)
            yield from self._differ("parameter.type", at, a["type"], b.type)
            yield from self._differ("parameter.format", at, a.get("format"), b.format)
            if a["required"] is not None:
                yield from self._differ("parameter.required", at, a["required"], b.required)
            for limit in _PARAMETER_LIMITS:
                if limit in a:
                    yield from self._differ(f"parameter.{limit}", at, a[limit], getattr(b, limit))

    def bodies(self, stated: Json, ours: contract.Operation) -> Iterator[Difference]:
        request = stated["request_model"]
        yield from self._differ("request.present", ours.id, request is not None, ours.request is not None)
        if request and "request_required" in stated:
            yield from self._differ("request.required", ours.id, bool(stated["request_required"]), ours.request_required)
        if request and ours.request:
            yield from self.type(request, ours.request, f"{ours.id}.request", request=True)
        success = {int(status): model for status, model in stated["success"].items()}
        yield from self._differ("success.statuses", ours.id, sorted(success), sorted(ours.success))
        for status in success.keys() & ours.success.keys():
            theirs, model = success[status], ours.success[status]
            if theirs and model:
                yield from self.type(theirs, model, f"{ours.id}.{status}", request=False)
            else:
                yield from self._differ("success.body", f"{ours.id}.{status}", theirs, model)

    def headers(self, stated: Json, ours: contract.Operation) -> Iterator[Difference]:
        for status, names in stated["response_headers"].items():
            if names is None:  # the source does not say
                continue
            a, b = ({n.lower() for n in listed} for listed in (names, ours.headers.get(int(status), ())))
            for name in a - b:
                yield self._difference("header.missing", f"{ours.id}.{status}", name, None)
            for name in b - a:
                yield self._difference("header.extra", f"{ours.id}.{status}", None, name)

    def type(self, theirs: str, ours: str, at: str, *, request: bool) -> Iterator[Difference]:
        if theirs in self.facts.models and ours in self.known.models:
            yield from self.model(theirs, ours, request=request)
        else:
            yield from self._differ("type", at, theirs, ours)

    def model(self, theirs: str, ours: str, *, request: bool) -> Iterator[Difference]:
        if (theirs, ours, request) in self._seen:
            return
        self._seen.add((theirs, ours, request))
        stated, known = self.facts.models[theirs], self.known.models[ours].properties
        for name in stated.keys() - known.keys():
            # facts README: TypeSpec sends the resource model; what is read-only there is not sent
            if not (request and self.facts.type_spec and stated[name]["read_only"]):
                yield self._difference("property.missing", f"{ours}.{name}", name, None)
        for name in known.keys() - stated.keys():
            yield self._difference("property.extra", f"{ours}.{name}", None, name)
        for name in stated.keys() & known.keys():
            yield from self.property(stated[name], known[name], f"{ours}.{name}", request=request)

    def property(self, stated: Json, ours: contract.Property, at: str, *, request: bool) -> Iterator[Difference]:
        yield from self._differ("property.type", at, stated["type"], ours.type)
        if stated.get("format") or ours.format:
            yield from self._differ("property.format", at, stated.get("format"), ours.format)
        for flag in ("required", "read_only"):
            if stated[flag] is not None:
                yield from self._differ(f"property.{flag}", at, stated[flag], getattr(ours, flag))
        for word in ("encode", "constant"):
            yield from self._differ(f"property.{word}", at, stated.get(word), getattr(ours, word))
        for limit in _PROPERTY_LIMITS:
            if limit in stated:
                yield from self._differ(f"property.{limit}", at, stated[limit], getattr(ours, limit))
        yield from self.enum(stated, ours, at)
        for key in ("ref", "items", "values"):
            a, b = stated.get(key), getattr(ours, key)
            if a and b:
                yield from self.type("string" if stated.get("items_enum") and key == "items" else a, b, at, request=request)
            else:
                yield from self._differ(f"property.{key}", at, a, b)

    def enum(self, stated: Json, ours: contract.Property, at: str) -> Iterator[Difference]:
        values = stated.get("items_enum") or stated.get("enum")
        if values is None or ours.enum is None:
            yield from self._differ("property.enum", at, values, ours.enum)
        elif {v.lower() for v in values} != {v.lower() for v in ours.enum}:
            yield self._difference("property.enum", at, sorted(values), sorted(ours.enum))
        elif set(values) != set(ours.enum):
            yield self._difference("property.enum.case", at, sorted(values), sorted(ours.enum))

    def _differ(self, kind: str, at: str, stated: Any, ours: Any) -> Iterator[Difference]:
        if stated != ours:
            yield self._difference(kind, at, stated, ours)

    def _difference(self, kind: str, at: str, stated: Any, ours: Any) -> Difference:
        return Difference(self.facts.plane.value, self.facts.version, kind, at, str(stated), str(ours))
