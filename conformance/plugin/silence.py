"""A request of a scenario that gets no answer: the target's fault, if it stays silent again while it answers others."""

from __future__ import annotations

from conformance.plugin.process import Process
from conformance.plugin.requests import with_query
from conformance.requirements import Evidence
from conformance.target import BudgetExhausted, TargetUnreachable

ANSWERS = "protocol.robustness.answers"


def evidence(process: Process, by: str) -> list[Evidence]:
    """Against the target, when what got no answer gets none a second time, and another request does. A connection that breaks
    once may be the network's fault; one that cannot be made at all is no request."""
    client = process.client
    missed, client.missed = client.missed, None
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
    again, client.missed = client.missed, None
    if again is None or not _answers(process):
        return []
    asked = f"{missed.method} {missed.path_and_query.partition('?')[0]}"
    told = {"message": f"{asked} got no HTTP answer, twice, and another request does", "actual": why}
    told = {name: process.scrub.text(text) for name, text in told.items()}
    return [Evidence(ANSWERS, "scenario", by, "against", expected="an HTTP answer", **told)]


def _answers(process: Process) -> bool:
    path = with_query("/pools", {"maxresults": 1, "api-version": process.settings.version})
    try:
        process.client.send("GET", path)
    except (TargetUnreachable, BudgetExhausted):
        return False
    return True
