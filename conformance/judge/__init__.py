"""Exchanges and evidence of scenarios, with the catalogue and the target's claims, become verdicts.

Pure: no clock, socket or file. The one place where rules, oracle and requirements meet. Each exchange is judged at its own
api-version.
"""

from __future__ import annotations

from collections.abc import Iterable

from conformance.contract import Plane
from conformance.exchange import Exchange
from conformance.judge.bench import Bench
from conformance.judge.evidence import summary
from conformance.judge.judged import FLAKY, RUN, UNMATCHED, Heard, Judged, Seen, StandIn, Traces, Unmatched
from conformance.requirements import Catalogue, Evidence

__all__ = [
    "FLAKY",
    "RUN",
    "UNMATCHED",
    "Heard",
    "Judged",
    "Seen",
    "StandIn",
    "Traces",
    "Unmatched",
    "Watch",
    "judge",
    "summary",
]


def judge(
    exchanges: Iterable[Exchange],
    *,
    catalogue: Catalogue,
    claims: frozenset[str],
    api_version: str | None = None,
    management_version: str | None = None,
    evidence: Iterable[Evidence] = (),
    traces: Traces = RUN,
) -> Judged:
    """Judge a run or a recording.

    With `api_version` only the requirements that hold at it are judged (a run against a target); without, all of them, each on
    the exchanges of those versions for which it holds (an audit). `management_version` is the same for the management plane.
    `claims` are the profiles that the target claims: the others' requirements stay not-claimed, whatever was seen. `traces` says
    which exchanges the oracle takes together.
    """
    bench = Bench(catalogue, claims, {Plane.DATA: api_version, Plane.MANAGEMENT: management_version}, traces)
    stated = list(evidence)
    for one in stated:
        if one.kind == "fuzz":  # shrunk, and so the best to look at: it comes before what else speaks against a requirement
            bench.admit(one)
    for exchange in exchanges:
        bench.hear(exchange)
    for one in stated:
        if one.kind != "fuzz":
            bench.admit(one)
    return bench.conclude()


class Watch:
    """Judges a run while it goes on: says of each exchange at once what it contradicts. It keeps no verdicts."""

    def __init__(
        self,
        catalogue: Catalogue,
        claims: frozenset[str],
        api_version: str | None,
        management_version: str | None,
        traces: Traces = RUN,
    ) -> None:
        self._bench = Bench(catalogue, claims, {Plane.DATA: api_version, Plane.MANAGEMENT: management_version}, traces)
        self._bench.told = []

    def hear(self, exchange: Exchange) -> list[Evidence]:
        """The evidence against requirements of claimed profiles that the exchange gives, alone or with those before it. What the
        suite itself broke on is of no requirement, or has the outcome `error`."""
        bench = self._bench
        bench.told = []
        known = len(bench.suite_errors)
        bench.hear(exchange)
        return [*bench.told, *bench.suite_errors[known:]]

    def forget(self) -> None:
        """What follows is told of nothing before it."""
        self._bench.forget()
