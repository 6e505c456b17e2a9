"""The words of a `$filter` expression: names, literals, operators, punctuation. Literals leave here as Python values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from conformance.reference.odata.errors import FilterError
from conformance.reference.odata.instant import ticks

# The first alternative that matches wins, so dates stand before numbers and quoted dates before names.
_WORDS = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<datetime>datetime(?:offset)?'(?P<quoted>[^']*)')
    | (?P<bare_datetime>\d{4}-\d\d-\d\d(?:T[0-9:.]+(?:Z|[+-]\d\d:\d\d)?)?)
    | (?P<int>-?\d+L?)(?![\w.])
    | (?P<string>'(?:[^']|'')*')
    | (?P<punctuation>[(),])
    | (?P<name>[A-Za-z_][\w.]*(?:/[A-Za-z_][\w.]*)*)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is a literal type of the contract (string, datetime, int, boolean), or name, punctuation, end."""

    kind: str
    text: str
    value: str | int | bool
    position: int


def tokens(text: str) -> list[Token]:
    """Every token of the text, and one of kind `end`."""
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _WORDS.match(text, position)
        if match is None:
            raise FilterError(f"unexpected character {text[position]!r} at position {position}")
        if match.lastgroup != "space":
            found.append(_token(match))
        position = match.end()
    return [*found, Token("end", "", "", len(text))]


def _token(match: re.Match[str]) -> Token:
    kind, value = _READERS[match.lastgroup or ""](match)
    return Token(kind, match[0], value, match.start())


def _datetime(match: re.Match[str]) -> tuple[str, int]:
    text = match["quoted"] if match["quoted"] is not None else match[0]
    value = ticks(text)
    if value is None:
        raise FilterError(f"{text!r} at position {match.start()} is not a date and time")
    return "datetime", value


def _name(match: re.Match[str]) -> tuple[str, str | bool]:
    if match[0] in ("true", "false"):
        return "boolean", match[0] == "true"
    return "name", match[0]


_READERS: dict[str, Callable[[re.Match[str]], tuple[str, str | int | bool]]] = {
    "datetime": _datetime,
    "bare_datetime": _datetime,
    "int": lambda match: ("int", int(match[0].rstrip("Ll"))),
    "string": lambda match: ("string", match[0][1:-1].replace("''", "'")),
    "punctuation": lambda match: ("punctuation", match[0]),
    "name": _name,
}
