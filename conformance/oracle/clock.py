"""The clock of the service, as Date tells it: it does not go back."""

from __future__ import annotations

from conformance.oracle.model import Account, Finding, Step, holds
from conformance.oracle.order import date_of

# machines differ by seconds, and what was asked for at the same time is told in any order
_SLACK = 120


def observe(account: Account, step: Step, found: list[Finding]) -> None:
    """Within one recording, whose order is certain."""
    now = date_of(step.exchange)
    if now is None or step.operation is None:
        return
    recording, latest = account.clock
    if recording != step.recording:
        account.clock = (step.recording, now)
        return
    if now < latest - _SLACK:
        said, stated = "Date is before that of an answer before", step.exchange.response.headers["date"]
        found.append(Finding("date.forward", False, step.operation.id, "", said, "not before", stated))
        return
    found.append(holds("date.forward", step.operation.id))
    account.clock = (recording, max(now, latest))
