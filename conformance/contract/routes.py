"""Finds the operation that a request asks for, by method and path template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from conformance.contract.model import Match, Operation

_Route = tuple[list[str], "Operation"]


def split_path(path: str) -> list[str]:
    """Segments of a path. The certificate key `certificates(thumbprintAlgorithm=a,thumbprint=b)` is one segment."""
    return [s for s in path.strip("/").split("/") if s != ""]


class Routes:
    """Every path template of one contract. They are found by how a path begins: no template begins with a parameter."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self._by_start: dict[tuple[int, str], list[_Route]] = {}
        self._open_ended: dict[str, list[_Route]] = {}
        for operation in operations.values():
            template = split_path(operation.path)
            self._by_start.setdefault((len(template), _start(template)), []).append((template, operation))
            if template[-1:] == ["{filePath}"]:
                self._open_ended.setdefault(_start(template), []).append((template, operation))
        for routes in self._by_start.values():
            routes.sort(key=lambda route: [s.startswith("{") for s in route[0]])
        for routes in self._open_ended.values():
            routes.sort(key=lambda route: (len(route[0]), [s.startswith("{") for s in route[0]]))

    def match(self, method: str, path: str) -> Match | None:
        from conformance.contract.model import Match  # model.py imports this module

        for operation, values in self._candidates(path, method.upper()):
            return Match(operation, values)
        return None

    def methods(self, path: str) -> frozenset[str]:
        return frozenset(operation.method for operation, _ in self._candidates(path))

    def _candidates(self, path: str, method: str | None = None) -> Iterator[tuple[Operation, dict[str, str]]]:
        """Those of one method, or of all."""
        segments = split_path(path)
        start, count = _start(segments), len(segments)
        for template, operation in self._by_start.get((count, start), ()):
            if method is None or operation.method == method:
                values = _bind(template, segments)
                if values is not None:
                    yield operation, values
        # a file path may hold encoded or plain slashes; the last parameter then takes the rest
        for template, operation in self._open_ended.get(start, ()):
            length = len(template)
            if length < count and (method is None or operation.method == method):
                values = _bind(template, [*segments[: length - 1], "/".join(segments[length - 1 :])])
                if values is not None:
                    yield operation, values


def _start(segments: list[str]) -> str:
    """The first segment, without case and without the key that may follow."""
    return unquote(segments[0]).partition("(")[0].lower() if segments else ""


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
