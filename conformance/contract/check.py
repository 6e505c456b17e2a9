"""What pydantic cannot see in the data files: a name that leads nowhere, an api-version that does not exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from conformance.contract import source

PRIMITIVES = frozenset({"string", "integer", "number", "boolean", "object", "any", "binary"})
Location = tuple[int | str, ...]


class Problem(NamedTuple):
    resource: str
    location: Location
    text: str


def problems(
    files: Mapping[str, source.ResourceFile], parameters: source.ParametersFile, versions: Collection[str]
) -> Iterator[Problem]:
    """Everything wrong between the files of one plane. `parameters` counts as the resource "parameters"."""
    models = {name for file in files.values() for name in file.models}
    enums = {name for file in files.values() for name in file.enums}
    entities = {name for file in files.values() for name in file.entities}
    operations = {name for file in files.values() for name in file.operations}
    for resource, file in files.items():
        found = [
            *_dates(file, versions),
            *_properties(file, models, enums),
            *_operations(file, models, entities, parameters),
            *_rules(file),
            *_entities(file, models, operations),
        ]
        yield from (Problem(resource, location, text) for location, text in found)
    yield from (Problem("parameters", location, text) for location, text in _parameters(parameters, versions))


Found = Iterator[tuple[Location, str]]


def _dates(file: source.ResourceFile, versions: Collection[str]) -> Found:
    for location, dated in _dated(file):
        for end in ("since", "until"):
            named = getattr(dated, end)
            if named is not None and named not in versions:
                yield (*location, end), f"versions.yaml has no api-version {named}"


def _dated(file: source.ResourceFile) -> Iterator[tuple[Location, source.Dated]]:
    for name, operation in file.operations.items():
        at: Location = ("operations", name)
        yield at, operation
        yield from _listed((*at, "parameters"), operation.parameters)
        for status, bodies in operation.success.items():
            yield from _listed((*at, "success", status), bodies)
        for status, names in operation.headers.items():
            yield from _listed((*at, "headers", status), names)
        if isinstance(operation.paged, source.Dated):
            yield (*at, "paged"), operation.paged
    for name, properties in file.models.items():
        for prop, editions in properties.items():
            at = ("models", name, prop)
            yield from _listed(at, editions)
            yield from (
                ((*at, i, "required"), e.required) for i, e in enumerate(editions) if isinstance(e.required, source.Dated)
            )
    for name, values in file.enums.items():
        yield from _listed(("enums", name), values)


def _listed(at: Location, records: Sequence[object]) -> Iterator[tuple[Location, source.Dated]]:
    return (((*at, i), record) for i, record in enumerate(records) if isinstance(record, source.Dated))


def _properties(file: source.ResourceFile, models: Collection[str], enums: Collection[str]) -> Found:
    for model, properties in file.models.items():
        for name, editions in properties.items():
            for i, edition in enumerate(editions):
                at: Location = ("models", model, name, i)
                if edition.ref and edition.ref not in models:
                    yield (*at, "ref"), f"no model {edition.ref}"
                for key in ("items", "values"):
                    target = getattr(edition, key)
                    if target and target.partition(":")[0] not in PRIMITIVES and target not in models:
                        yield (*at, key), f"no model {target}"
                if edition.enum and edition.enum not in enums:
                    yield (*at, "enum"), f"no enum {edition.enum}"


def _operations(
    file: source.ResourceFile, models: Collection[str], entities: Collection[str], parameters: source.ParametersFile
) -> Found:
    known = {*parameters.parameters, *parameters.groups}
    for name, operation in file.operations.items():
        at: Location = ("operations", name)
        for i, use in enumerate(operation.parameters):
            used = use if isinstance(use, str) else use.name
            if used not in known:
                yield (*at, "parameters", i), f"no parameter {used}"
        if operation.request and operation.request not in models:
            yield (*at, "request"), f"no model {operation.request}"
        for status, bodies in operation.success.items():
            for body in bodies:
                if body.model and body.model not in models and body.model not in PRIMITIVES:
                    yield (*at, "success", status), f"no model {body.model}"
        if operation.entity and operation.entity not in entities:
            yield (*at, "entity"), f"no entity {operation.entity}"


def _entities(file: source.ResourceFile, models: Collection[str], operations: Collection[str]) -> Found:
    for name, entity in file.entities.items():
        at: Location = ("entities", name)
        if entity.model and entity.model not in models:
            yield (*at, "model"), f"no model {entity.model}"
            continue
        shown = file.models.get(entity.model or "", {})
        named = [("fixed", n) for n in entity.fixed] + [("volatile", n) for n in entity.volatile]
        for key, prop in [*named, *(("lifecycles", n) for n in entity.lifecycles)]:
            if prop.partition("/")[0] not in shown and not prop.startswith("properties."):
                yield (*at, key), f"{entity.model} has no property {prop}"
        for prop, lifecycle in entity.lifecycles.items():
            yield from _lifecycle((*at, "lifecycles", prop), lifecycle, _values(file, shown.get(prop, [])), operations)


def _values(file: source.ResourceFile, editions: Sequence[source.SourceProperty]) -> frozenset[str]:
    """What a property of this file may say; empty when another file says it."""
    listed = [value for edition in editions for value in file.enums.get(edition.enum or "", [])]
    return frozenset(value if isinstance(value, str) else value.value for value in listed)


def _lifecycle(at: Location, lifecycle: source.SourceLifecycle, values: Collection[str], operations: Collection[str]) -> Found:
    for operation in lifecycle.after:
        if operation not in operations:
            yield (*at, "after"), f"no operation {operation}"
    states = {
        *lifecycle.starts,
        *lifecycle.own,
        *(s for listed in (*lifecycle.own.values(), *lifecycle.after.values()) for s in listed),
    }
    for state in sorted(states - set(values)) if values else ():
        yield at, f"no such state: {state}"


def _rules(file: source.ResourceFile) -> Found:
    for model, rules in file.rules.items():
        at: Location = ("rules", model)
        if model not in file.models:
            yield at, f"no model {model} in this file"
            continue
        groups = [*rules.exactly_one, *rules.at_most_one, *rules.at_least_one]
        groups += [[name, *needed] for name, needed in rules.requires.items()]
        for when in rules.when:
            groups += [[when.property], when.required, when.forbidden, *when.at_least_one, list(when.defaults)]
        for unknown in sorted({p for group in groups for p in group} - set(file.models[model])):
            yield at, f"{model} has no property {unknown}"


def _parameters(parameters: source.ParametersFile, versions: Collection[str]) -> Found:
    for name, parameter in parameters.parameters.items():
        for end in ("since", "until"):
            named = getattr(parameter, end)
            if named is not None and named not in versions:
                yield ("parameters", name, end), f"versions.yaml has no api-version {named}"
    for group, names in parameters.groups.items():
        for i, name in enumerate(names):
            if name not in parameters.parameters:
                yield ("groups", group, i), f"no parameter {name}"
