"""What an operator gets and makes, and what is told of it in the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from conformance.exchange import Exchange
from conformance.rules import Context, context_for
from conformance.rules.model import MISSING


@dataclass(frozen=True, eq=False)
class Place:
    """One exchange within its trace. It is looked at by many operators and never changed."""

    trace: Sequence[Exchange]
    position: int

    @property
    def exchange(self) -> Exchange:
        return self.trace[self.position]

    @property
    def status(self) -> int:
        return self.exchange.response.status

    @cached_property
    def context(self) -> Context:
        return context_for(self.exchange)

    @property
    def kind(self) -> str:
        """The kind of the operation; empty when there is none, or when the answer is not of Batch."""
        return "" if self.context.foreign else self.context.case.kind

    @property
    def data(self) -> bool:
        return self.context.case.data

    @property
    def body(self) -> Any:
        """The answer's JSON, or MISSING."""
        return self.context.body

    @property
    def object(self) -> dict[str, Any]:
        """The answer's JSON object; empty when it has none."""
        return self.body if self.body is not MISSING and isinstance(self.body, dict) else {}

    @property
    def before(self) -> Sequence[Exchange]:
        return self.trace[: self.position]


@dataclass(frozen=True)
class Damage:
    """What was done, and the exchanges that stand in the trace instead, by position. None: that exchange is left out."""

    what: str
    instead: Mapping[int, Exchange | None]


Make = Callable[[Place, Random], "list[Damage]"]
"""The damages that an operator can do at one place; one of them is done."""


@dataclass(frozen=True)
class Operator:
    """`sentence`: what a careless implementation would do so. `harmless`: nobody may notice it. `unless`: why nobody can know it
    from most recordings; these damages count too."""

    id: str
    sentence: str
    make: Make
    harmless: bool = False
    unless: str = ""

    @property
    def family(self) -> str:
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Survivor:
    """A damage that nothing noticed; of a harmless one: that something did notice."""

    method: str
    url: str
    status: int
    source: str
    what: str


@dataclass
class Tally:
    """One operator's: how many damages were tried, and how many of them something spoke against. `by` counts the requirements
    that did; `must` the damages that a MUST spoke against."""

    operator: Operator
    tried: int = 0
    killed: int = 0
    must: int = 0
    by: dict[str, int] = field(default_factory=dict)
    examples: list[Survivor] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.killed / self.tried if self.tried else 0.0


@dataclass
class MutationReport:
    """`exchanges` were read; `tallies` are in the order of the operators."""

    exchanges: int
    traces: int
    sample: int
    seed: int
    tallies: list[Tally] = field(default_factory=list)

    @property
    def tried(self) -> int:
        return sum(t.tried for t in self.tallies if not t.operator.harmless)

    @property
    def killed(self) -> int:
        return sum(t.killed for t in self.tallies if not t.operator.harmless)

    @property
    def false_alarms(self) -> int:
        return sum(t.killed for t in self.tallies if t.operator.harmless)
