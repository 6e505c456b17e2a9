"""Request bodies against the contract: JSON Schema made from its models, judged by jsonschema_rs. What a schema cannot say
(durations, rules between properties) is checked after."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NoReturn

import jsonschema_rs

from conformance.contract import Contract, Model, Plane, Property, When, at, versions
from conformance.reference.durations import parse_duration
from conformance.reference.odata.instant import ticks
from conformance.reference.problem import BatchProblem, invalid_property, missing_property
from conformance.reference.wire import Json

_PRIMITIVES = {"string", "integer", "number", "boolean"}
_WHOLE = re.compile(r"^-?\d{1,9}$")
_LIMITS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "max_items": "maxItems",
    "pattern": "pattern",
}


@cache
def _validator(version: str, plane: Plane, model: str) -> jsonschema_rs.Draft202012Validator:
    contract = at(version, plane)
    definitions = {
        name: _object(m, _needed(name, version, plane) if name != model else frozenset()) for name, m in contract.models.items()
    }
    return jsonschema_rs.Draft202012Validator({"$ref": f"#/$defs/{model}", "$defs": definitions})


@cache
def _needed(model: str, version: str, plane: Plane) -> frozenset[str]:
    """At the oldest api-version, what the next one requires: its documents do not say it of anything that stands inside of
    something else."""
    oldest, following = versions(plane)[:2]
    known = at(following.name, plane).models.get(model) if version == oldest.name else None
    return frozenset(p.name for p in known.properties.values() if p.required and not p.read_only) if known else frozenset()


def _object(model: Model, needed: frozenset[str]) -> Json:
    return {
        "type": "object",
        "properties": {p.name: _schema(p) for p in model.properties.values()},
        "required": [p.name for p in model.properties.values() if (p.required or p.name in needed) and not p.read_only],
        "additionalProperties": False,
    }


def _schema(prop: Property) -> Json:
    schema: Json = {keyword: value for field, keyword in _LIMITS.items() if (value := getattr(prop, field)) is not None}
    if prop.type == "array":
        schema |= {"type": "array", "items": _type(prop.items, prop.enum)}
    elif prop.type == "map":
        schema |= {"type": "object", "additionalProperties": _type(prop.values, None)}
    elif prop.type == "object":
        schema |= _type(prop.ref, None) if prop.ref else {"type": "object"}
    elif prop.type == "integer" and prop.encode == "string":
        schema |= {"type": ["integer", "string"]}
    elif prop.type != "any":
        schema |= _type(prop.type, _values(prop))
    return schema


def _values(prop: Property) -> tuple[str, ...] | None:
    """A constant is an enumeration of one."""
    return (prop.constant,) if prop.constant else prop.enum


def _type(name: str | None, enum: tuple[str, ...] | None) -> Json:
    if enum is not None:
        return {"type": "string", "enum": list(enum)}
    if name in _PRIMITIVES:
        return {"type": name}
    return {"$ref": f"#/$defs/{name}"} if name and ":" not in name and name != "any" else {}


def read_body(contract: Contract, model: Model, raw: Any) -> Json:
    """The body with the contract's letter case of enums, without `odata.*` members and nulls.

    Raises:
        BatchProblem: not an object, or not what the model says.
    """
    if not isinstance(raw, dict):
        raise BatchProblem("InvalidRequestBody", {"Reason": "The body must be a JSON object."})
    body: Json = tidy(contract, model, raw)
    for error in _validator(contract.version.name, contract.version.plane, model.name).iter_errors(body):
        _refuse(error)
    _check(contract, model, body, "")
    return body


def tidy(contract: Contract, model: Model, raw: Json) -> Json:
    """With the contract's letter case of enums, without `odata.*` members and nulls."""
    return {
        name: _tidy_value(contract, model.properties.get(name), value)
        for name, value in raw.items()
        if value is not None and not name.startswith("odata.")
    }


def _tidy_value(contract: Contract, prop: Property | None, value: Any) -> Any:
    if prop is None:
        return value
    if isinstance(value, list):
        return [_tidy_value(contract, prop, item) for item in value]
    inner = contract.models.get(prop.ref or prop.items or "")
    if isinstance(value, dict):
        return tidy(contract, inner, value) if inner else value
    if isinstance(value, str) and (values := _values(prop)):
        return next((known for known in values if known.lower() == value.lower()), value)
    if isinstance(value, str) and prop.type == "integer" and prop.encode != "string" and _WHOLE.match(value):
        return int(value)  # the Azure CLI writes its numbers as text, and the live service takes them
    if isinstance(value, float) and prop.type == "integer" and value.is_integer():
        return int(value)
    return value


def _refuse(error: jsonschema_rs.ValidationError) -> NoReturn:
    where = ".".join(str(step) for step in error.instance_path)
    kind = error.kind.name
    if kind == "required":
        raise missing_property(_joined(where, str(error.kind.as_dict()["property"])))
    if kind == "additionalProperties":
        raise BatchProblem("UnsupportedProperty", {"PropertyName": _joined(where, str(error.kind.as_dict()["unexpected"][0]))})
    raise invalid_property(where, error.instance, error.message)


def _joined(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _check(contract: Contract, model: Model, body: Json, where: str) -> None:
    _check_rules(model, body, where)
    for name, value in body.items():
        prop = model.properties[name]
        path = _joined(where, name)
        if prop.format == "duration":
            _check_duration(prop, value, path)
        elif prop.format == "date-time" and not prop.read_only and isinstance(value, str) and ticks(value) is None:
            raise invalid_property(path, value, "It is not an ISO 8601 date-time.")
        inner = contract.models.get(prop.ref or prop.items or "")
        for item in value if isinstance(value, list) else [value]:
            if inner is not None and isinstance(item, dict):
                _check(contract, inner, item, path)


def _check_duration(prop: Property, value: str, path: str) -> None:
    length = parse_duration(value)
    if length is None:
        raise invalid_property(path, value, "It is not an ISO 8601 duration.")
    least, most = parse_duration(prop.minimum_duration or ""), parse_duration(prop.maximum_duration or "")
    if least is not None and length < least:
        raise invalid_property(path, value, f"It must be at least {prop.minimum_duration}.")
    if most is not None and length > most:
        raise invalid_property(path, value, f"It must be at most {prop.maximum_duration}.")


def _check_rules(model: Model, body: Json, where: str) -> None:
    rules = model.rules
    for group in (*rules.exactly_one, *rules.at_most_one):
        given = [name for name in group if name in body]
        if len(given) > 1:
            raise invalid_property(_joined(where, given[1]), body[given[1]], f"It excludes {given[0]}.")
    for group in (*rules.exactly_one, *rules.at_least_one):
        _need_one(group, body, where)
    for name, needed in rules.requires.items():
        if name in body:
            _need_all(needed, body, where)
    for when in rules.when:
        if applies(model, body, when.property, when.equals):
            _check_when(when, body, where)


def _check_when(when: When, body: Json, where: str) -> None:
    _need_all(when.required, body, where)
    for name in when.forbidden:
        if name in body:
            raise invalid_property(_joined(where, name), body[name], f"{when.property} does not permit it.")
    for group in when.at_least_one:
        _need_one(group, body, where)


def _need_all(names: tuple[str, ...], body: Json, where: str) -> None:
    for name in names:
        _need_one((name,), body, where)


def _need_one(group: tuple[str, ...], body: Json, where: str) -> None:
    if not any(name in body for name in group):
        raise missing_property(_joined(where, " or ".join(group)))


def applies(model: Model, body: Json, name: str, equals: bool | str | None) -> bool:
    """Whether the property has that value in the body; an absent one counts as its default, and None means absent."""
    if equals is None:
        return name not in body
    prop = model.properties.get(name)
    return bool(body.get(name, prop.default if prop else None) == equals)
