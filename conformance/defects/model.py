"""What a defect is, and what a lie gets to work with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

Family = Literal[
    "status",
    "headers",
    "envelope",
    "error-codes",
    "schema",
    "partial-update",
    "full-replace",
    "defaults",
    "limits",
    "certificates",
    "conditions",
    "paging",
    "queries",
    "versions",
    "task-collections",
    "life-cycles",
    "deletion",
    "authentication",
    "secrets",
    "concurrency",
    "trouble",
    "management",
]

# asks the service behind; it may be asked never, once or more often, and something else than was sent
Ask = Callable[[WireRequest], Awaitable[WireAnswer]]
Lie = Callable[[WireRequest, Ask], Awaitable[WireAnswer]]
# makes the lie for one service, whose store it may reach into and about which it may remember things
Maker = Callable[[Service], Lie]


# the api-version at which most of the API is there: nodes, files and certificates too
AT: Final = "2022-01-01.15.0"


class Silence(Exception):
    """The request gets no answer, and the connection stays open."""


class Break(Exception):
    """The connection is closed without an answer."""


@dataclass(frozen=True)
class Defect:
    """One misbehaviour of the reference service.

    `requirements` are ids or globs: each fits at least one requirement that fails. `consequences` may fail too, and nothing else
    does. `idea` says where the idea comes from. One of the `panel` is in the comparison with other tools. It is shown `at` an
    api-version that has what it is about.
    """

    id: str
    lie: str
    family: Family
    requirements: tuple[str, ...]
    idea: str
    make: Maker
    consequences: tuple[str, ...] = ()
    panel: bool = False
    at: str = AT
