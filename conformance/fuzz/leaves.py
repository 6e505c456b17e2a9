"""Takes request bodies apart into leaves: the places where a value can stand, each with a small schema of its own.

A body of this API has hundreds of optional properties, and drawing all of them is what makes its generation slow. A leaf is one
place, with no more around it than what must stand beside it; a request then takes a few of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_DEEPEST = 6
_LONGEST = 40
_KEPT = ("type", "format", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern", "maxItems", "minItems")
_SIMPLE: Mapping[str, Any] = {"string": "a", "integer": 1, "number": 1, "boolean": False, "array": [], "object": {}}
_FORMATS = {"date-time": "2030-01-01T00:00:00Z", "duration": "PT1H", "uuid": "00000000-0000-0000-0000-000000000001"}


@dataclass(frozen=True)
class Leaf:
    """A place in a body: member names, and 0 for the first element of an array. `schema` is what may stand there, thinned, as
    canonical JSON text; `required`: the body may not lack it."""

    at: tuple[str | int, ...]
    schema: str
    required: bool

    @property
    def name(self) -> str:
        """The last member name."""
        return next((part for part in reversed(self.at) if isinstance(part, str)), "")


class Body:
    """A request body's schema. `root` may hold references into itself. `known` are values by member name that a service is known
    to take, where the simplest that the schema allows makes no sense."""

    def __init__(self, root: Json, known: Mapping[str, Any] | None = None) -> None:
        self._root = root
        self._known = known or {}
        self.leaves: tuple[Leaf, ...] = tuple(self._leaves(root, (), False, 0))
        top = self._resolved(root)
        self.required: tuple[str, ...] = tuple(top.get("required", ()))
        self.names: tuple[str, ...] = tuple(top.get("properties", {}))

    def simplest(self, at: Sequence[str | int] = ()) -> Any:
        """The smallest value that has what is required, at a place."""
        if at and at[-1] in self._known:
            return self._known[str(at[-1])]
        return self._simple(self._thin(self._schema(at), 0))

    def _schema(self, at: Sequence[str | int]) -> Json:
        schema = self._root
        for part in at:
            schema = self._resolved(schema)
            schema = schema.get("items", {}) if isinstance(part, int) else schema.get("properties", {}).get(part, {})
        return self._resolved(schema)

    def _simple(self, thin: Json) -> Any:
        if thin.get("type") != "object" or "enum" in thin:
            return _simplest(thin)
        inner = ((name, one) for name, one in thin.get("properties", {}).items() if name in thin.get("required", ()))
        return {name: self._known[name] if name in self._known else self._simple(one) for name, one in inner}

    def put(self, body: Any, at: Sequence[str | int], value: Any) -> Any:
        """The body with the value at a place; what must stand around it is added where it is missing. Changes nothing."""
        return self._put(body, tuple(at), 0, value)

    def _put(self, here: Any, at: tuple[str | int, ...], depth: int, value: Any) -> Any:
        if depth == len(at):
            return value
        part = at[depth]
        if isinstance(part, int):
            elements = list(here) if isinstance(here, list) else []
            first = elements[0] if elements else self.simplest(at[: depth + 1])
            return [self._put(first, at, depth + 1, value), *elements[1:]]
        members = dict(here) if isinstance(here, dict) else self.simplest(at[:depth])
        members = members if isinstance(members, dict) else {}
        for group in _exclusive(self._schema(at[:depth])):
            if part in group:
                members = {name: member for name, member in members.items() if name == part or name not in group}
        return {**members, part: self._put(members.get(part), at, depth + 1, value)}

    def _leaves(self, schema: Json, at: tuple[str | int, ...], required: bool, depth: int) -> Iterator[Leaf]:
        schema = self._resolved(schema)
        if at:
            yield Leaf(at, json.dumps(self._thin(schema, 0), sort_keys=True), required)
        if depth >= _DEEPEST:
            return
        if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
            if self._resolved(schema["items"]).get("properties"):
                yield from self._leaves(schema["items"], (*at, 0), False, depth + 1)
            return
        needed = set(schema.get("required", ()))
        for name, inner in schema.get("properties", {}).items():
            if isinstance(inner, dict) and not inner.get("readOnly"):
                yield from self._leaves(inner, (*at, name), name in needed, depth + 1)

    def _thin(self, schema: Json, depth: int) -> Json:
        """Without what is optional within, without references, and without conditions between members."""
        schema = self._resolved(schema)
        thin: Json = {word: schema[word] for word in _KEPT if word in schema}
        kind = thin.get("type")
        if kind == "object" and isinstance(schema.get("properties"), dict) and depth < _DEEPEST:
            needed = [name for name in schema.get("required", ()) if name in schema["properties"]]
            thin["properties"] = {name: self._thin(schema["properties"][name], depth + 1) for name in needed}
            thin["required"] = needed
            thin["additionalProperties"] = False
        elif kind == "object":
            values = schema.get("additionalProperties")
            thin["additionalProperties"] = self._thin(values, depth + 1) if isinstance(values, dict) else False
            thin["maxProperties"] = 2
        elif kind == "string" and not {"enum", "const", "format", "pattern", "minLength"} & thin.keys():
            # an empty text and a very long one are for the coverage phase
            thin |= {"minLength": 1, "maxLength": min(_LONGEST, thin.get("maxLength", _LONGEST))}
        elif kind == "array":
            thin["items"] = self._thin(schema.get("items") or {}, depth + 1)
            thin["maxItems"] = min(3, thin.get("maxItems", 3))
        return thin

    def _resolved(self, schema: Any) -> Json:
        """Follows references, and takes `allOf` with a single entry (as Swagger documents write them) for that entry."""
        for _ in range(20):
            if not isinstance(schema, dict):
                return {}
            if "$ref" in schema:
                schema = self._at(str(schema["$ref"]))
            elif "properties" not in schema and isinstance(schema.get("allOf"), list) and schema["allOf"]:
                schema = schema["allOf"][0]
            else:
                break
        return schema if isinstance(schema, dict) else {}

    def _at(self, reference: str) -> Any:
        here: Any = self._root
        for part in reference.removeprefix("#/").split("/"):
            here = here.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(here, dict) else {}
        return here


def _exclusive(schema: Json) -> Iterator[set[str]]:
    """Groups of members of which there may be one only, as the rendered documents say it."""
    for rule in schema.get("allOf", ()):
        any_of = rule.get("anyOf", ())
        options = rule.get("oneOf") or (
            [one for one in any_of if "not" not in one] if any("not" in one for one in any_of) else []
        )
        if options and all(set(one) == {"required"} for one in options):
            yield {name for one in options for name in one["required"]}


def _simplest(thin: Json) -> Any:
    if "const" in thin:
        return thin["const"]
    if thin.get("enum"):
        return thin["enum"][0]
    kind = thin.get("type")
    if kind == "string" and thin.get("format") in _FORMATS:
        return _FORMATS[thin["format"]]
    if kind in {"integer", "number"}:
        return max(0, thin.get("minimum", 0))
    return _SIMPLE.get(str(kind), "a")
