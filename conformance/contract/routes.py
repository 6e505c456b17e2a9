"""Finds the operation that a request asks for, by method and path template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from conformance.contract.model import Match, Operation


def split_path(path: str) -> list[str]:
    """Segments of a path. The certificate key `certificates(thumbprintAlgorithm=a,thumbprint=b)` is one segment."""
    return [s for s in path.strip("/").split("/") if s != ""]


class Routes:
    """Every path template of one contract."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self._by_length: dict[int, list[tuple[list[str], Operation]]] = {}
        for operation in operations.values():
            template = split_path(operation.path)
            self._by_length.setdefault(len(template), []).append((template, operation))
        for candidates in self._by_length.values():
            candidates.sort(key=lambda c: [s.startswith("{") for s in c[0]])

    def match(self, method: str, path: str) -> Match | None:
        from conformance.contract.model import Match  # model.py imports this module

        for operation, values in self._candidates(path):
            if operation.method == method.upper():
                return Match(operation, values)
        return None

    def methods(self, path: str) -> frozenset[str]:
        return frozenset(operation.method for operation, _ in self._candidates(path))

    def _candidates(self, path: str) -> Iterator[tuple[Operation, dict[str, str]]]:
        segments = split_path(path)
        for template, operation in self._by_length.get(len(segments), ()):
            values = _bind(template, segments)
            if values is not None:
                yield operation, values
        # a file path may hold encoded or plain slashes; the last parameter then takes the rest
        for length in range(1, len(segments)):
            for template, operation in self._by_length.get(length, ()):
                if template[-1] != "{filePath}":
                    continue
                values = _bind(template, [*segments[: length - 1], "/".join(segments[length - 1 :])])
                if values is not None:
                    yield operation, values


def _bind(template: list[str], segments: list[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for expected, actual in zip(template, segments, strict=True):
        if expected.startswith("{"):
            values[expected[1:-1]] = unquote(actual)
        elif "(" in expected:
            key = _bind_key(expected, unquote(actual))
            if key is None:
                return None
            values.update(key)
        elif expected.lower() != actual.lower():
            return None
    return values


def _bind_key(template: str, segment: str) -> dict[str, str] | None:
    """Bind `name(a={a},b={b})` to `name(a=1,b=2)`; names compare without case, as the live service writes them both ways."""
    name, _, keys = template.partition("(")
    actual_name, parenthesis, actual_keys = segment.partition("(")
    if not parenthesis or not actual_keys.endswith(")") or actual_name.lower() != name.lower():
        return None
    expected = [k.partition("=") for k in keys.rstrip(")").split(",")]
    given = {k.strip().lower(): v for k, _, v in (part.partition("=") for part in actual_keys[:-1].split(","))}
    if set(given) != {k.lower() for k, _, _ in expected}:
        return None
    return {v[1:-1]: given[k.lower()] for k, _, v in expected}
