"""What is concluded from a run or a recording, and what of it is kept on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from conformance.contract import Plane
from conformance.exchange import Exchange
from conformance.requirements import Evidence, Judgement

FLAKY = "flaky: the same request, sent again with no write between, was answered both ways"
UNMATCHED = "unmatched"
"""Stands for the operation id of an exchange that names no operation of its api-version."""


@dataclass(frozen=True)
class Unmatched:
    """A kind of exchange that names no operation of the contract, and why. `request` is its outline."""

    plane: Plane
    why: str
    request: str


@dataclass
class Seen:
    """Where a kind of exchange was first seen, and how often."""

    first: str
    count: int = 0


@dataclass
class Heard:
    """How many exchanges a recording has, how many of them name an operation, and why the first of the others does not."""

    exchanges: int = 0
    matched: int = 0
    why: str = ""


@dataclass(frozen=True)
class StandIn:
    """The contract lacks the api-version that was stated: another one judged."""

    plane: Plane
    stated: str
    judged_by: str


@dataclass(frozen=True)
class Traces:
    """How exchanges belong together for the oracle: which trace each is of, and in which recording it stands. `whole`: a trace
    has all that was done to what it creates."""

    of: Callable[[Exchange], Hashable]
    recording: Callable[[Exchange], str]
    whole: bool


def _by_source(exchange: Exchange) -> str:
    return exchange.source


RUN = Traces(of=_by_source, recording=_by_source, whole=True)
"""A run of the suite: what a scenario creates, nobody else touches."""


@dataclass
class Judged:
    """What was concluded. `judgements` has every requirement that applies, in the order of the catalogue. `suite_errors` are
    the first 1000 failures of the suite itself; those that bear on a requirement have also made it an error. `operations` counts
    exchanges, `recordings` is by name. Nothing here grows with the length of a trace."""

    judgements: dict[str, Judgement] = field(default_factory=dict)
    exchanges: int = 0
    planes: Counter[Plane] = field(default_factory=Counter)
    matched: Counter[Plane] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    unmatched: dict[Unmatched, Seen] = field(default_factory=dict)
    recordings: dict[str, Heard] = field(default_factory=dict)
    stand_ins: Counter[StandIn] = field(default_factory=Counter)
    suite_errors: list[Evidence] = field(default_factory=list)
