"""JSON Schemas of the contract's models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.contract.model import Contract, Model, Operation, Parameter, Property, Rules, When

Json = dict[str, Any]

_PRIMITIVES = frozenset({"string", "integer", "number", "boolean", "object"})
_LIMITS: Mapping[str, str] = {
    "minimum": "minimum",
    "maximum": "maximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "max_items": "maxItems",
    "pattern": "pattern",
    "constant": "const",
    "minimum_duration": "x-minimum-duration",
    "maximum_duration": "x-maximum-duration",
}
_INT64_TEXT = "^-?[0-9]+$"
_ODATA = "^odata\\."


def reachable(contract: Contract, roots: Iterable[str | None]) -> set[str]:
    """The models that the models `roots` lead to, themselves included."""
    wanted, found = [r for r in roots if r], set()
    while wanted:
        name = wanted.pop()
        if name in contract.models and name not in found:
            found.add(name)
            for p in contract.models[name].properties.values():
                wanted += [target for target in (p.ref, p.items, p.values) if target]
    return found


def schemas(contract: Contract, error: str) -> Json:
    """A schema for every model. An answer may carry `odata.*` members; nothing else may carry unknown members."""
    operations: Iterable[Operation] = contract.operations.values()
    answers = {name for o in operations for name in o.success.values() if name in contract.models} | {error}
    answered = reachable(contract, answers)
    return {name: _model(m, tolerant=name in answers, answered=name in answered) for name, m in contract.models.items()}


def _model(model: Model, *, tolerant: bool, answered: bool) -> Json:
    schema: Json = {"type": "object", "properties": {p.name: prop(p) for p in model.properties.values()}}
    required = [p.name for p in model.properties.values() if p.required and not (answered and p.left_out)]
    if required:
        schema["required"] = required
    if tolerant:
        schema["patternProperties"] = {_ODATA: {}}
    schema["additionalProperties"] = False
    # an answer leaves secrets out, so a choice between secrets cannot be seen in it
    secrets = {p.name for p in model.properties.values() if p.secret and answered}
    if model.rules.requires:
        schema["dependentRequired"] = {name: list(needed) for name, needed in model.rules.requires.items()}
    together = _rules(model.rules, secrets)
    if together:
        schema["allOf"] = together
    return schema


def prop(p: Property) -> Json:
    schema = _value(p)
    schema |= {keyword: _number(value) for field, keyword in _LIMITS.items() if (value := getattr(p, field)) is not None}
    if p.default is not None:
        schema["default"] = p.default
    if p.read_only:
        schema["readOnly"] = True
    elif p.write_only or p.secret:
        schema["writeOnly"] = True
    return schema


def _value(p: Property) -> Json:
    if p.ref:
        return {"$ref": f"#/components/schemas/{p.ref}"}
    if p.type == "array":
        return {"type": "array", "items": _enum(p) if p.enum else _named(p.items)}
    if p.type == "map":
        return {"type": "object", "additionalProperties": _named(p.values)}
    if p.encode == "string":
        return {"type": "string", "pattern": _INT64_TEXT, "x-type": "int64"}
    if p.type == "any":
        return {}
    schema = _enum(p) if p.enum else {"type": p.type}
    if p.format:
        schema["format"] = p.format
    return schema


def _enum(p: Property) -> Json:
    """The documented values, and how the live service spells them where that differs."""
    return {"type": "string", "enum": list(dict.fromkeys([*(p.enum or ()), *p.live.values()]))}


def _named(name: str | None) -> Json:
    """The schema of a primitive (`string:date-time` = type:format) or of a model."""
    if name is None or name == "any":
        return {}
    kind, _, form = name.partition(":")
    if kind in _PRIMITIVES:
        return {"type": kind, "format": form} if form else {"type": kind}
    return {"$ref": f"#/components/schemas/{name}"}


def _number(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def parameter(p: Parameter) -> Json:
    """The schema of a parameter's value."""
    schema: Json = {"type": p.type}
    if p.format:
        schema["format"] = p.format
    schema |= {keyword: _number(value) for field, keyword in _LIMITS.items() if (value := getattr(p, field, None)) is not None}
    if p.default is not None:
        schema["default"] = p.default
    return schema


def _rules(rules: Rules, unseen: set[str]) -> list[Json]:
    found: list[Json] = [{"oneOf": _any(g)} for g in rules.exactly_one if not unseen & set(g)]
    found += [{"anyOf": [*_any(g), _none(g)]} for g in rules.at_most_one if not unseen & set(g)]
    found += [{"anyOf": _any(g)} for g in rules.at_least_one if not unseen & set(g)]
    return found + [rule for when in rules.when for rule in _when(when)]


def _any(group: Iterable[str]) -> list[Json]:
    return [{"required": [name]} for name in group]


def _none(group: Iterable[str]) -> Json:
    return {"not": {"anyOf": _any(group)}}


def _when(when: When) -> list[Json]:
    """An if/then. A property that is absent counts as false: no rule of the contract has another default."""
    then: list[Json] = [{"anyOf": _any(group)} for group in when.at_least_one]
    if when.required:
        then.append({"required": list(when.required)})
    if when.forbidden:
        then.append(_none(when.forbidden))
    if not then:
        return []
    condition: Json = {"properties": {when.property: {"const": when.equals}}}
    if when.equals:
        condition["required"] = [when.property]
    return [{"if": condition, "then": {"allOf": then}}]
