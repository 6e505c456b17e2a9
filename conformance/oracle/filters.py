"""OData filters, evaluated on a resource as far as it is shown.

What cannot be decided from outside (an order of text in an unknown collation, times closer than the service may look at) stays
undecided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from conformance.oracle.values import TICKS, ticks

_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<text>'(?:[^']|'')*')|(?P<datetime>datetime(?:offset)?'[^']*')"
    r"|(?P<number>-?\d+(?:\.\d+)?)(?![\w-])|(?P<word>[A-Za-z_][\w./-]*))",
    re.IGNORECASE,
)
_LONGEST = 500  # tokens; a longer one is not worth a deeper stack
_OPERATORS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})


@dataclass(frozen=True)
class Comparison:
    name: str
    operator: str
    literal: Any
    instant: bool = False

    def holds(self, item: Mapping[str, Any]) -> bool | None:
        value = _value(item, self.name)
        if value is None:
            return None
        if self.instant:
            return _instants(self.operator, value, self.literal)
        if self.operator == "startswith":
            return _prefix(value, self.literal)
        return _scalars(self.operator, value, self.literal)


@dataclass(frozen=True)
class Both:
    conjunction: bool
    left: Node
    right: Node

    def holds(self, item: Mapping[str, Any]) -> bool | None:
        one, other = self.left.holds(item), self.right.holds(item)
        decisive = not self.conjunction
        if one is decisive or other is decisive:
            return decisive
        return None if one is None or other is None else self.conjunction


Node = Comparison | Both


@dataclass(frozen=True)
class Filter:
    """`first` is the first property that it names."""

    text: str
    first: str
    root: Node

    def holds(self, item: Mapping[str, Any]) -> bool | None:
        """Whether an element fits; None when what it shows does not decide that."""
        return self.root.holds(item)

    def told(self, item: Mapping[str, Any]) -> str:
        return f"{self.first}: {_value(item, self.first)}"


@lru_cache(maxsize=512)
def parse(text: str) -> Filter | None:
    """None for an empty filter, and for one that is not understood."""
    tokens = _tokens(text)
    if not 0 < len(tokens) <= _LONGEST:
        return None
    try:
        root, rest = _either(tokens)
    except (IndexError, ValueError, RecursionError):
        return None
    return Filter(text, _first(root), root) if not rest else None


def _first(node: Node) -> str:
    return node.name if isinstance(node, Comparison) else _first(node.left)


Token = tuple[str, str]


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            return []
        # `datetime'…'` is a word and a text for a scanner that reads from the left
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return _joined(found)


def _joined(tokens: list[Token]) -> list[Token]:
    joined: list[Token] = []
    for kind, text in tokens:
        if kind == "text" and joined and joined[-1][0] == "word" and joined[-1][1].lower() in ("datetime", "datetimeoffset"):
            joined[-1] = ("datetime", text)
        else:
            joined.append((kind, text))
    return joined


def _either(tokens: Sequence[Token]) -> tuple[Node, Sequence[Token]]:
    left, rest = _all(tokens)
    while rest and rest[0] == ("word", "or"):
        right, rest = _all(rest[1:])
        left = Both(False, left, right)
    return left, rest


def _all(tokens: Sequence[Token]) -> tuple[Node, Sequence[Token]]:
    left, rest = _one(tokens)
    while rest and rest[0] == ("word", "and"):
        right, rest = _one(rest[1:])
        left = Both(True, left, right)
    return left, rest


def _one(tokens: Sequence[Token]) -> tuple[Node, Sequence[Token]]:
    kind, text = tokens[0]
    if kind == "open":
        inner, rest = _either(tokens[1:])
        if rest[0][0] != "close":
            raise ValueError("a parenthesis is not closed")
        return inner, rest[1:]
    if kind != "word":
        raise ValueError(f"a property was expected, not {text}")
    if text.lower() == "startswith":
        shape = [k for k, _ in tokens[1:6]]
        if shape != ["open", "word", "comma", "text", "close"]:
            raise ValueError("startswith takes a property and a text")
        return Comparison(tokens[2][1], "startswith", _literal(tokens[4])), tokens[6:]
    operator = tokens[1][1].lower()
    if operator not in _OPERATORS:
        raise ValueError(f"no operator: {operator}")
    return Comparison(text, operator, _literal(tokens[2]), tokens[2][0] == "datetime"), tokens[3:]


def _literal(token: Token) -> Any:
    kind, text = token
    if kind in ("text", "datetime"):
        return text[text.index("'") + 1 : -1].replace("''", "'")
    if kind == "number":
        return float(text)
    if kind == "word" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    raise ValueError(f"a literal was expected, not {text}")


def _value(item: Mapping[str, Any], path: str) -> Any:
    value: Any = item
    for step in path.split("/"):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _prefix(value: Any, literal: Any) -> bool | None:
    if not (isinstance(value, str) and isinstance(literal, str)):
        return None
    if value.startswith(literal):
        return True
    return None if value.lower().startswith(literal.lower()) else False


def _instants(operator: str, value: Any, literal: Any) -> bool | None:
    one, other = (ticks(value) if isinstance(value, str) else None), ticks(literal)
    if one is None or other is None or abs(one - other) < TICKS:
        return None
    return _ordered(operator, one, other)


def _scalars(operator: str, value: Any, literal: Any) -> bool | None:
    if isinstance(value, bool) or isinstance(literal, bool):
        same = value is literal
        return {"eq": same, "ne": not same}.get(operator) if isinstance(value, bool) and isinstance(literal, bool) else None
    if isinstance(value, str) and isinstance(literal, str):
        return _texts(operator, value, literal)
    if isinstance(value, int | float) and isinstance(literal, float):
        return _ordered(operator, value, literal)
    return None


def _texts(operator: str, value: str, literal: str) -> bool | None:
    exact, folded = _ordered(operator, value, literal), _ordered(operator, value.lower(), literal.lower())
    if operator in ("eq", "ne"):
        return exact if exact == folded else None
    plain = value.isalnum() and literal.isalnum()
    return exact if exact == folded and plain else None


def _ordered(operator: str, one: Any, other: Any) -> bool:
    return bool(
        {
            "eq": one == other,
            "ne": one != other,
            "gt": one > other,
            "ge": one >= other,
            "lt": one < other,
            "le": one <= other,
        }[operator]
    )
