"""What was noticed, by layer, from the exchanges and the evidence of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conformance.audit.names import account_of, host_of
from conformance.exchange import Exchange
from conformance.judge import Judged, Traces, judge
from conformance.plugin.options import Settings
from conformance.qualify.model import Layer
from conformance.requirements import Evidence, Verdict

_SHOWN = 3
# as an audit takes the recordings of strangers: all that was said to one account at one host
_STRANGERS = Traces(
    of=lambda exchange: (host_of(exchange), account_of(exchange)), recording=lambda exchange: exchange.source, whole=False
)


@dataclass(frozen=True)
class Noticed:
    """`exchanges` are all that was sent. The rest is as in `Outcome`."""

    exchanges: Sequence[Exchange]
    failed: dict[str, list[Layer]]
    errors: list[str]
    recorded: list[str]
    broke: str


def noticed(exchanges: Sequence[Exchange], evidence: Sequence[Evidence], broken: Sequence[str], settings: Settings) -> Noticed:
    judged = judge(
        exchanges,
        catalogue=settings.catalogue,
        claims=frozenset(settings.claims),
        api_version=settings.version,
        management_version=settings.management_version,
        evidence=evidence,
    )
    by_scenario = {one.requirement for one in evidence if one.outcome == "against"}
    by_traffic = {
        name
        for name, one in judged.judgements.items()
        if any(e.kind != "scenario" and e.outcome == "against" for e in one.evidence)
    }
    failed: dict[str, list[Layer]] = {}
    for name in _with(judged, Verdict.FAILED):
        spoke: list[tuple[bool, Layer]] = [(name in by_scenario, "scenarios"), (name in by_traffic, "traffic")]
        failed[name] = [layer for so, layer in spoke if so]
    stranger = judge(exchanges, catalogue=settings.catalogue, claims=frozenset(settings.claims), traces=_STRANGERS)
    errors = [one for one in judged.suite_errors if one.kind != "scenario"]
    broke = [*broken, *(f"{one.by}: {one.message}" for one in errors)]
    return Noticed(exchanges, failed, _with(judged, Verdict.ERROR), _with(stranger, Verdict.FAILED), "; ".join(broke[:_SHOWN]))


def _with(judged: Judged, verdict: Verdict) -> list[str]:
    return sorted(name for name, judgement in judged.judgements.items() if judgement.verdict is verdict)
