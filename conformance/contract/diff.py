"""What changed between two api-versions, operation by operation, on the wire: names, paths into bodies, statuses.

Model names are not on the wire. What is read-only is not sent, so it is no part of a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from conformance.contract.load import at
from conformance.contract.model import Contract, Model, Operation, Parameter, Plane, Property

DEPTH = 8  # how many names deep a path into a body is followed; error bodies contain themselves
_OF_PARAMETER = ("type", "format", "required", "default", "minimum", "maximum", "min_length", "max_length", "pattern")
_OF_PROPERTY = (
    *_OF_PARAMETER,
    "encode",
    "constant",
    "read_only",
    "write_only",
    "secret",
    "max_items",
    "minimum_duration",
    "maximum_duration",
)


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


_SIGNS: Mapping[Kind, str] = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `where` is a place of the message: query, header, path, status, operation, request, a status (its body) or
    "200 header". `name` is what changed there, a path for a body. `what` says which fact of it, when it is `CHANGED`."""

    kind: Kind
    where: str
    name: str
    what: str | None = None
    before: object = None
    after: object = None

    def text(self) -> str:
        head = f"{_SIGNS[self.kind]} {self.where} {self.name}"
        return f"{head}: {self.what} {_shown(self.before)} → {_shown(self.after)}" if self.what else head


@dataclass(frozen=True, slots=True)
class OperationDiff:
    id: str
    method: str
    path: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """From api-version `old` to `new`. Operations are the same when method and path are."""

    old: str
    new: str
    plane: str
    added: tuple[Operation, ...]
    removed: tuple[Operation, ...]
    changed: tuple[OperationDiff, ...]

    def text(self) -> str:
        lines = [f"{self.old} → {self.new} ({self.plane})"]
        lines += [f"+ {_title(o)}" for o in self.added]
        lines += [f"- {_title(o)}" for o in self.removed]
        for operation in self.changed:
            lines += ["", f"~ {_title(operation)}", *(f"    {change.text()}" for change in operation.changes)]
        if len(lines) == 1:
            lines.append("no difference")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        return {
            "old": self.old,
            "new": self.new,
            "plane": self.plane,
            "added": [_named(o) for o in self.added],
            "removed": [_named(o) for o in self.removed],
            "changed": [_named(o) | {"changes": [asdict(c) for c in o.changes]} for o in self.changed],
        }


def diff(old: str, new: str, plane: Plane = Plane.DATA) -> VersionDiff:
    """Compare two api-versions of a plane.

    Raises:
        KeyError: one of them is not an api-version of the plane.
    """
    return compare(at(old, plane), at(new, plane))


def compare(old: Contract, new: Contract) -> VersionDiff:
    before, after = ({(o.method, o.path): o for o in c.operations.values()} for c in (old, new))
    changed = []
    for key in sorted(before.keys() & after.keys(), key=lambda k: before[k].id):
        changes = tuple(_changes(old, before[key], new, after[key]))
        if changes:
            changed.append(OperationDiff(after[key].id, *key, changes))
    return VersionDiff(
        old.version.name,
        new.version.name,
        new.version.plane.value,
        tuple(o for key, o in after.items() if key not in before),
        tuple(o for key, o in before.items() if key not in after),
        tuple(changed),
    )


def _changes(old: Contract, a: Operation, new: Contract, b: Operation) -> Iterator[Change]:
    yield from _facts("operation", a.id, a, b, ("paged", "long_running", "request_required"))
    yield from _parameters(a, b)
    yield from _sets("status", map(str, a.success), map(str, b.success))
    for status in sorted({*a.headers, *b.headers}):
        yield from _sets(f"{status} header", a.headers.get(status, ()), b.headers.get(status, ()))
    bodies = [("request", a.request, b.request)]
    bodies += [(str(status), a.success[status], b.success[status]) for status in a.success if status in b.success]
    walk = _Walk(old, new)
    for where, before, after in bodies:
        if before is None or after is None:
            yield from _sets(where, ["body"] if before else [], ["body"] if after else [])
        else:
            yield from walk.models(where, before, after, ())


def _parameters(a: Operation, b: Operation) -> Iterator[Change]:
    for where in ("path", "query", "header"):
        before, after = ({p.name: p for p in o.parameters_in(where)} for o in (a, b))
        yield from _sets(where, before, after)
        for name in before.keys() & after.keys():
            yield from _facts(where, name, before[name], after[name], _OF_PARAMETER)


def _sets(where: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Change]:
    old, new = set(before), set(after)
    yield from (Change(Kind.ADDED, where, name) for name in sorted(new - old))
    yield from (Change(Kind.REMOVED, where, name) for name in sorted(old - new))


def _facts(
    where: str, name: str, a: Operation | Parameter | Property, b: Operation | Parameter | Property, names: Iterable[str]
) -> Iterator[Change]:
    for fact in names:
        before, after = getattr(a, fact), getattr(b, fact)
        if before != after:
            yield Change(Kind.CHANGED, where, name, fact, before, after)


@dataclass(frozen=True, slots=True)
class _Walk:
    old: Contract
    new: Contract

    def models(self, where: str, before: str, after: str, path: tuple[str, ...]) -> Iterator[Change]:
        a, b = self.old.models.get(before), self.new.models.get(after)
        if a is None or b is None or len(path) >= DEPTH:
            return
        at = ".".join(path)
        old, new = _sent(where, a), _sent(where, b)
        yield from _sets(where, (_join(at, n) for n in old), (_join(at, n) for n in new))
        for name in old:
            if name in new:
                yield from self.property(where, old[name], new[name], (*path, name))

    def property(self, where: str, a: Property, b: Property, path: tuple[str, ...]) -> Iterator[Change]:
        at = ".".join(path)
        # a default is what a request may leave out; in an answer it says nothing
        yield from _facts(where, at, a, b, [f for f in _OF_PROPERTY if where == "request" or f != "default"])
        if set(a.enum or ()) != set(b.enum or ()):
            yield Change(Kind.CHANGED, where, at, "enum", list(a.enum or ()), list(b.enum or ()))
        for before, after in ((a.ref, b.ref), (a.items, b.items), (a.values, b.values)):
            if before and after:
                yield from self.models(where, before, after, path)


def _sent(where: str, model: Model) -> Mapping[str, Property]:
    return {n: p for n, p in model.properties.items() if not (where == "request" and p.read_only)}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _title(operation: Operation | OperationDiff) -> str:
    return f"{operation.id}  {operation.method} {operation.path}"


def _named(operation: Operation | OperationDiff) -> dict[str, Any]:
    return {"id": operation.id, "method": operation.method, "path": operation.path}


def _shown(value: object) -> str:
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
