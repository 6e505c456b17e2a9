"""A request of a scenario that gets no answer: the target's fault, if it stays silent again while it answers others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from conformance.plugin.process import Process
from conformance.plugin.requests import with_query
from conformance.requirements import Evidence
from conformance.target import BudgetExhausted, TargetUnreachable

ANSWERS = "protocol.robustness.answers"


def evidence(process: Process, by: str) -> list[Evidence]:
    """Against the target, when what got no answer gets none a second time, and another request does. A connection that breaks
    once may be the network's fault; one that cannot be made at all is no request."""
    client = process.client
    missed = client.missed()
    if missed is None or client.exhausted or not process.live(ANSWERS):
        return []
    try:
        client.send(missed.method, missed.path_and_query, **missed.rest)
    except TargetUnreachable as error:
        why = str(error)
    except BudgetExhausted:
        return []
    else:
        return []
    if client.missed() is None or not _answers(process):
        return []
    asked = f"{missed.method} {missed.path_and_query.partition('?')[0]}"
    said, why = (process.scrub.text(text) for text in (f"{asked} got no HTTP answer, twice, and another request does", why))
    return [Evidence(ANSWERS, "scenario", by, "against", said, "an HTTP answer", why)]


def concluded(evidence: Iterable[Evidence], silent: list[Evidence]) -> list[Evidence]:
    """What a scenario says that a silent target ended: that is told once, and nothing is known of its other requirements."""
    if not silent:
        return list(evidence)
    rest = [one for one in evidence if not (one.requirement == ANSWERS and one.outcome == "error")]
    return [replace(one, outcome="blocked") if one.outcome == "error" else one for one in rest] + silent


def _answers(process: Process) -> bool:
    path = with_query("/pools", {"maxresults": 1, "api-version": process.settings.version})
    try:
        process.client.send("GET", path)
    except (TargetUnreachable, BudgetExhausted):
        return False
    return True
