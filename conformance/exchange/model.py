"""One request and its response. It can come from a live call, a cassette, a HAR file or a proxy: nothing downstream can tell."""

from __future__ import annotations

import json
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, TypeVar, overload
from urllib.parse import SplitResult, parse_qsl, urlsplit

_T = TypeVar("_T")


class Headers(Mapping[str, str]):
    """Header fields in the order and letter case of the wire, looked up without case.

    `headers[name]` joins repeated fields with ", ", as RFC 9110 section 5.3 allows.
    """

    __slots__ = ("_folded", "fields")

    def __init__(self, fields: Mapping[str, str] | tuple[tuple[str, str], ...] = ()) -> None:
        self.fields: tuple[tuple[str, str], ...] = tuple(fields.items()) if isinstance(fields, Mapping) else tuple(fields)
        folded = {name.lower(): value for name, value in self.fields}
        if len(folded) < len(self.fields):
            folded = {}
            for name, value in self.fields:
                key = name.lower()
                folded[key] = f"{folded[key]}, {value}" if key in folded else value
        self._folded = folded

    @overload
    def get(self, name: str, /) -> str | None: ...
    @overload
    def get(self, name: str, /, default: str) -> str: ...
    @overload
    def get(self, name: str, /, default: str | _T) -> str | _T: ...
    def get(self, name: str, /, default: Any = None) -> Any:
        """Rules ask for headers that are mostly absent: Mapping would find out by an exception."""
        return self._folded.get(name.lower(), default)

    def __getitem__(self, name: str) -> str:
        return self._folded[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._folded

    def __iter__(self) -> Iterator[str]:
        return iter(self._folded)

    def __len__(self) -> int:
        return len(self._folded)

    def values(self) -> ValuesView[str]:
        """The dictionary's own: Mapping would look each up by its name."""
        return self._folded.values()

    def items(self) -> ItemsView[str, str]:
        return self._folded.items()

    def __repr__(self) -> str:
        return f"Headers({self.fields!r})"


class NotJson(ValueError):
    """A body that should be JSON is not."""


def _parse(body: bytes) -> Any:
    try:
        text = body.decode("utf-8-sig")
        return json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotJson(str(error)) from error
    except ValueError:  # a whole number with more digits than Python converts
        return json.loads(text, parse_int=float)


@lru_cache(maxsize=4096)
def _query(text: str) -> Mapping[str, str]:
    """Most requests of a trace have one of a few queries."""
    return {name.lower(): value for name, value in parse_qsl(text, keep_blank_values=True)}


@lru_cache(maxsize=1024)
def _host(netloc: str) -> str:
    return SplitResult("", netloc, "", "", "").hostname or ""


@dataclass(frozen=True)
class Request:
    """`body_known` and `headers_known` are False when the recording did not keep them: then nothing may be concluded from
    their absence."""

    method: str
    url: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    body_known: bool = True
    headers_known: bool = True

    @cached_property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def path(self) -> str:
        return self.parts.path

    @property
    def host(self) -> str:
        """In lower case, without port; empty when the URL has none."""
        return _host(self.parts.netloc)

    @cached_property
    def query(self) -> Mapping[str, str]:
        """Query parameters, names in lower case, the last of a repeated one."""
        return _query(self.parts.query)

    @cached_property
    def json(self) -> Any:
        """The body as JSON. Raises NotJson."""
        return _parse(self.body)


@dataclass(frozen=True)
class Response:
    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    reason: str = ""
    body_known: bool = True

    @cached_property
    def json(self) -> Any:
        """The body as JSON. Raises NotJson."""
        return _parse(self.body)


@dataclass(frozen=True)
class Exchange:
    """`source` says where it came from (`file#position`, a scenario's id); `index` is its place in the trace, from 0;
    `elapsed` is in seconds."""

    request: Request
    response: Response
    index: int = 0
    source: str = ""
    started: datetime | None = None
    elapsed: float | None = None

    @property
    def api_version(self) -> str | None:
        return self.request.query.get("api-version")

    def __str__(self) -> str:
        return f"{self.request.method} {self.request.url} → {self.response.status}"
