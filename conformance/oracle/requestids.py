"""No two answers have the same request-id: a cache, or a careless server, repeats what it said."""

from __future__ import annotations

import re

from conformance.oracle.model import Account, Finding, Step, holds

_KEPT = 500
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DIGITS = 6


def observe(account: Account, step: Step, found: list[Finding]) -> None:
    """A recording may tell one exchange twice, one after the other: that is no second answer."""
    name = _name(step)
    if step.operation is None or not _genuine(name):
        return
    known = account.told.get(name)
    if known is None:
        account.told[name] = account.last = step
        while len(account.told) > _KEPT:
            account.told.pop(next(iter(account.told)))
        found.append(holds("request-id.once", step.operation.id))
    elif not _copied(account, known, step):
        said = "an answer before had the same request-id"
        found.append(Finding("request-id.once", False, step.operation.id, "", said, "another one", name, known.exchange))


def told_again(account: Account, step: Step) -> bool:
    """Whether this is the very exchange that was told before: the service did nothing a second time."""
    known = account.told.get(_name(step))
    if known is None or not _copied(account, known, step):
        return False
    one, other = known.exchange, step.exchange
    return one.request == other.request and one.response == other.response


def _name(step: Step) -> str:
    return step.exchange.response.headers.get("request-id", "")


def _genuine(name: str) -> bool:
    """A recorder may have blotted it out: what it writes instead is no GUID, or one of few different digits."""
    return _GUID.fullmatch(name) is not None and len(set(name)) - 1 >= _DIGITS


def _copied(account: Account, known: Step, step: Step) -> bool:
    """Told twice by one recording, or by another one too."""
    one, other = known.exchange, step.exchange
    if known.recording != step.recording:
        return (one.request.method, one.request.path) == (other.request.method, other.request.path)
    return known is account.last and one.request == other.request and one.response == other.response
