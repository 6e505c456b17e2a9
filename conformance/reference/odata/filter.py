"""`$filter`: a condition parsed against the table of properties and operators of a list, then evaluated on JSON resources.

Grammar: comparisons `path op literal`, `startswith(path, 'text')`, `and` (binds tighter), `or`, parentheses. There is no `not`:
the service's documents name only `and` and `or`. Paths go into objects with `/`.

Meaning: strings compare by code point, with case. A property that the resource lacks makes every condition false, but `ne` true.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from conformance.contract import Filter as Allowed
from conformance.reference.odata.errors import FilterError
from conformance.reference.odata.instant import ticks
from conformance.reference.odata.lexer import Token, tokens

Resource = Mapping[str, Any]

# Deep enough for any client, shallow enough for Python's stack.
_MAX_DEPTH = 50

# Name in a filter → name of the property that it means (source: the document on filters, for tasks).
_MEANT: Mapping[str, str] = {"lastModifiedTime": "lastModified"}

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "startswith": lambda left, right: bool(left.startswith(right)),
}


class Filter(Protocol):
    """A parsed condition."""

    def matches(self, resource: Resource) -> bool: ...


@dataclass(frozen=True, slots=True)
class Condition:
    """One property against one literal."""

    path: tuple[str, ...]
    operator: str
    value: str | int | bool
    type: str

    def matches(self, resource: Resource) -> bool:
        actual = self._read(resource)
        if actual is None:
            return self.operator == "ne"
        return _COMPARE[self.operator](actual, self.value)

    def _read(self, resource: Resource) -> str | int | bool | None:
        found: Any = resource
        for name in self.path:
            if not isinstance(found, Mapping):
                return None
            found = found.get(name)
        if self.type == "datetime":
            return ticks(found) if isinstance(found, str) else None
        # bool is an int in Python, not in JSON
        return found if type(found) is type(self.value) else None


@dataclass(frozen=True, slots=True)
class Both:
    left: Filter
    right: Filter

    def matches(self, resource: Resource) -> bool:
        return self.left.matches(resource) and self.right.matches(resource)


@dataclass(frozen=True, slots=True)
class Either:
    left: Filter
    right: Filter

    def matches(self, resource: Resource) -> bool:
        return self.left.matches(resource) or self.right.matches(resource)


def parse_filter(text: str, allowed: Mapping[str, Allowed]) -> Filter:
    """The condition that `text` states. Raises `FilterError` for anything that `allowed` or the grammar has not."""
    parser = _Parser(tokens(text), allowed)
    return parser.whole()


class _Parser:
    def __init__(self, words: list[Token], allowed: Mapping[str, Allowed]) -> None:
        self._words = words
        self._allowed = allowed
        self._next = 0
        self._depth = 0

    def whole(self) -> Filter:
        condition = self._or()
        if self._peek().kind != "end":
            raise self._unexpected("'and', 'or' or the end")
        return condition

    def _or(self) -> Filter:
        left = self._and()
        while self._take("name", "or"):
            left = Either(left, self._and())
        return left

    def _and(self) -> Filter:
        left = self._term()
        while self._take("name", "and"):
            left = Both(left, self._term())
        return left

    def _term(self) -> Filter:
        if not self._take("punctuation", "("):
            return self._condition()
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise FilterError(f"parentheses nest deeper than {_MAX_DEPTH}")
        inner = self._or()
        self._expect(")")
        self._depth -= 1
        return inner

    def _condition(self) -> Condition:
        if self._take("name", "startswith"):
            self._expect("(")
            path = self._path()
            self._expect(",")
            condition = self._compare(path, "startswith")
            self._expect(")")
            return condition
        path = self._path()
        word = self._peek()
        if word.kind != "name" or word.text not in _COMPARE or word.text == "startswith":
            raise self._unexpected("an operator: eq, ne, gt, ge, lt or le")
        self._next += 1
        return self._compare(path, word.text)

    def _path(self) -> str:
        word = self._peek()
        if word.kind != "name":
            raise self._unexpected("the name of a property")
        if word.text not in self._allowed:
            known = ", ".join(sorted(self._allowed)) or "none"
            raise FilterError(f"the property {word.text!r} cannot be filtered on; these can: {known}")
        self._next += 1
        return word.text

    def _compare(self, path: str, name: str) -> Condition:
        rule = self._allowed[path]
        if name not in rule.operators:
            raise FilterError(f"the operator {name!r} does not apply to {path!r}; these do: {', '.join(rule.operators)}")
        literal = self._peek()
        if literal.kind in ("name", "punctuation", "end"):
            raise self._unexpected(f"a literal of type {rule.type}")
        if literal.kind != rule.type:
            raise FilterError(f"{path!r} is of type {rule.type}, the literal {literal.text} is of type {literal.kind}")
        self._next += 1
        return Condition(tuple(_MEANT.get(step, step) for step in path.split("/")), name, literal.value, rule.type)

    def _peek(self) -> Token:
        return self._words[self._next]

    def _take(self, kind: str, text: str) -> bool:
        word = self._peek()
        if word.kind == kind and word.text == text:
            self._next += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take("punctuation", text):
            raise self._unexpected(repr(text))

    def _unexpected(self, expected: str) -> FilterError:
        word = self._peek()
        found = "the end" if word.kind == "end" else repr(word.text)
        return FilterError(f"expected {expected} at position {word.position}, found {found}")
