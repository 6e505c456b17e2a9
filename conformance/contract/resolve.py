"""Picks, out of dated records, those that hold at one api-version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conformance.contract import source
from conformance.contract.model import (
    Entity,
    Filter,
    Lifecycle,
    Model,
    Operation,
    Parameter,
    Property,
    Rules,
    Version,
    When,
)

ERROR_MODELS = ("BatchError", "CloudError")
_IMPLIED: Mapping[str, str] = {"ref": "object", "items": "array", "values": "map", "enum": "string"}


class Resolver:
    """The records of one plane, seen at one api-version."""

    def __init__(
        self,
        order: Mapping[str, Version],
        version: Version,
        files: Mapping[str, source.ResourceFile],
        parameters: source.ParametersFile,
    ) -> None:
        self._order = order
        self._position = version.position
        self._files = files
        self._parameters = parameters
        self._live = {
            name: {v.value: v.live for v in values if isinstance(v, source.Value) and v.live}
            for file in files.values()
            for name, values in file.enums.items()
        }
        self._enums = {
            name: tuple(v if isinstance(v, str) else v.value for v in values if isinstance(v, str) or self.holds(v))
            for file in files.values()
            for name, values in file.enums.items()
        }

    def holds(self, dated: source.Dated) -> bool:
        first = self._order[dated.since].position if dated.since else 0
        last = self._order[dated.until].position if dated.until else self._position
        return first <= self._position <= last

    def _flag(self, flag: bool | source.Dated) -> bool:
        return flag if isinstance(flag, bool) else self.holds(flag)

    def models(self, operations: Iterable[Operation]) -> dict[str, Model]:
        """The models that these operations or an error can lead to."""
        sources = {name: (file, properties) for file in self._files.values() for name, properties in file.models.items()}
        wanted = [name for o in operations for name in (o.request, *o.success.values()) if name]
        wanted += [name for name in ERROR_MODELS if name in sources]
        found: dict[str, Model] = {}
        while wanted:
            name = wanted.pop()
            if name in found or name not in sources:
                continue
            file, properties = sources[name]
            held = self._properties(properties)
            found[name] = Model(name, held, _rules(file.rules.get(name), held))
            wanted += [target for p in held.values() for target in (p.ref, p.items, p.values) if target]
        return dict(sorted(found.items()))

    def entities(self) -> dict[str, Entity]:
        """Kinds of resource that some operation of this api-version works on."""
        return {
            name: Entity(
                name,
                resource,
                entity.model,
                entity.path,
                entity.collection,
                tuple(entity.fixed),
                tuple(entity.volatile),
                dict(entity.driven),
                {of: _lifecycle(lifecycle) for of, lifecycle in entity.lifecycles.items()},
            )
            for resource, file in self._files.items()
            for name, entity in file.entities.items()
            if any(
                self.holds(o) and o.path.startswith(entity.collection)
                for f in self._files.values()
                for o in f.operations.values()
            )
        }

    def _properties(self, properties: Mapping[str, list[source.SourceProperty]]) -> dict[str, Property]:
        return {p: found for p, editions in properties.items() if (found := self._property(p, editions))}

    def _property(self, name: str, editions: Sequence[source.SourceProperty]) -> Property | None:
        place = next((place for place, e in enumerate(editions) if self.holds(e)), None)
        if place is None:
            return None
        edition = editions[place]
        kind: str = edition.type or next((t for k, t in _IMPLIED.items() if getattr(edition, k)), "any")
        return Property(
            name=name,
            type=kind,
            format=edition.format,
            ref=edition.ref,
            items=edition.items,
            values=edition.values,
            enum=self._enums[edition.enum] if edition.enum else None,
            encode=edition.encode,
            required=self._flag(edition.required),
            read_only=edition.read_only,
            write_only=edition.write_only,
            secret=edition.secret,
            default=edition.default,
            minimum=edition.minimum,
            maximum=edition.maximum,
            min_length=edition.min_length,
            max_length=edition.max_length,
            max_items=edition.max_items,
            pattern=edition.pattern,
            constant=edition.constant,
            left_out=edition.left_out or (self._flag(edition.required) and not _lasting(editions[place:])),
            minimum_duration=edition.minimum_duration,
            maximum_duration=edition.maximum_duration,
            folded=edition.folded,
            inherited=edition.inherited,
            passing=edition.passing,
            always=edition.always,
            live=self._live[edition.enum] if edition.enum else {},
        )

    def operations(self) -> dict[str, Operation]:
        return {
            name: self._operation(name, resource, operation)
            for resource, file in self._files.items()
            for name, operation in file.operations.items()
            if self.holds(operation)
        }

    def _operation(self, name: str, resource: str, operation: source.SourceOperation) -> Operation:
        uses = [u for entry in operation.parameters for u in self._expand(entry)]
        headers = {
            status: tuple(h if isinstance(h, str) else h.name for h in names if isinstance(h, str) or self.holds(h))
            for status, names in operation.headers.items()
        }
        documented = {name for names in headers.values() for name in names}
        return Operation(
            id=name,
            resource=resource,
            method=operation.method,
            path=operation.path,
            kind=operation.kind,
            parameters={p.name: p for use in uses if (p := self._parameter(use))},
            success={status: body.model for status, bodies in operation.success.items() for body in bodies if self.holds(body)},
            headers=headers,
            request=operation.request,
            request_required=operation.request is not None and not operation.request_optional,
            paged=self._flag(operation.paged),
            long_running=operation.long_running,
            filter={p: Filter(f.type, tuple(f.operators)) for p, f in operation.filter.items()},
            never_sent=tuple(name for name in operation.never_sent if name in documented),
            entity=operation.entity or self._entity_at(operation.path),
            metadata=operation.metadata,
        )

    def _entity_at(self, path: str) -> str | None:
        """The kind of resource with the longest path on the way to `path`."""
        found, longest = None, 0
        for file in self._files.values():
            for name, entity in file.entities.items():
                for prefix in (entity.path, entity.collection):
                    if len(prefix) > longest and (path == prefix or path.startswith(f"{prefix}/")):
                        found, longest = name, len(prefix)
        return found

    def _expand(self, entry: str | source.ParameterUse) -> list[source.ParameterUse]:
        if not isinstance(entry, str):
            return [entry]
        return [source.ParameterUse(name=n) for n in self._parameters.groups.get(entry, [entry])]

    def _parameter(self, use: source.ParameterUse) -> Parameter | None:
        definition = self._parameters.parameters[use.name]
        if not (self.holds(use) and self.holds(definition)):
            return None
        stated = use.model_dump(exclude={"name", "since", "until"}, exclude_none=True)
        base = definition.model_dump(exclude={"since", "until"})
        return Parameter(name=use.name, **{**base, **stated})


def _lasting(editions: Sequence[source.SourceProperty]) -> bool:
    """Whether a property that is required now still is in every later api-version."""
    ends = [e.required.until if isinstance(e.required, source.Dated) else None if e.required else "" for e in editions]
    return editions[-1].until is None and all(end is None for end in ends)


def _lifecycle(lifecycle: source.SourceLifecycle) -> Lifecycle:
    def frozen(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
        return {name: tuple(states) for name, states in table.items()}

    return Lifecycle(tuple(lifecycle.starts), frozen(lifecycle.own), frozen(lifecycle.after))


def _rules(rules: source.SourceRules | None, properties: Mapping[str, Property]) -> Rules:
    """The rules of a model, without the properties that this api-version lacks."""
    if rules is None:
        return Rules()

    def groups(listed: Iterable[Iterable[str]], smallest: int = 1) -> tuple[tuple[str, ...], ...]:
        kept = (tuple(p for p in group if p in properties) for group in listed)
        return tuple(group for group in kept if len(group) >= smallest)

    return Rules(
        exactly_one=groups(rules.exactly_one),
        at_most_one=groups(rules.at_most_one, smallest=2),
        at_least_one=groups(rules.at_least_one),
        requires={p: tuple(n for n in needed if n in properties) for p, needed in rules.requires.items() if p in properties},
        when=tuple(
            When(
                property=when.property,
                equals=when.equals,
                required=tuple(p for p in when.required if p in properties),
                forbidden=tuple(p for p in when.forbidden if p in properties),
                at_least_one=groups(when.at_least_one),
                defaults={p: value for p, value in when.defaults.items() if p in properties},
            )
            for when in rules.when
            if when.property in properties
        ),
    )
