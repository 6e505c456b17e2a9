"""A request as it came and an answer as it goes, free of any web framework; and what a handler gets and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from conformance.contract import Contract, Model, Operation
from conformance.reference.conditions import Conditions

Json = dict[str, Any]


@dataclass(frozen=True)
class WireRequest:
    """`path` and `query` are still percent-encoded; `base` is scheme and host, without a slash at the end."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    base: str

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ",".join(found) if found else None

    def by_name(self) -> dict[str, str]:
        """Headers, names in lower case."""
        return {name.lower(): value for name, value in self.headers}

    def parameters(self) -> dict[str, str]:
        """Query parameters, names in lower case."""
        return {name.lower(): value for name, value in parse_qsl(self.query, keep_blank_values=True)}

    @property
    def url(self) -> str:
        """Without query."""
        return self.base + self.path


@dataclass(frozen=True)
class WireAnswer:
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes = b""


@dataclass(frozen=True)
class Call:
    """A request that passed the protocol's checks: what a handler gets. `now` is in ticks. `body` has the contract's letter case
    of enums, no `odata.*` members and no nulls; it is empty when there is none. `headers` by name in lower case."""

    contract: Contract
    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    base: str
    now: int
    conditions: Conditions = field(default_factory=Conditions)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def request_model(self) -> Model:
        assert self.operation.request is not None
        return self.contract.models[self.operation.request]


@dataclass(frozen=True)
class Reply:
    """What a handler answers. The status is the operation's own. `modified` (ticks) becomes ETag and Last-Modified where the
    contract has them; `location` is the path of what was created; `body` has no `odata.metadata` yet; `file` is sent as it is;
    `headers` are sent beside the usual ones; `expandable` are the members that a GET shows only under `$expand`."""

    body: Json | None = None
    modified: int | None = None
    location: str | None = None
    file: bytes | None = None
    expandable: frozenset[str] = frozenset()
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Listing:
    """What a list handler answers: every element, as JSON, in the order of `key`; the pipeline filters, selects and pages."""

    items: Sequence[Json]
    key: str = "id"
    expandable: frozenset[str] = frozenset()
