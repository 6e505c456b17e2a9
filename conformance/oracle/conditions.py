"""Conditional requests, answered by the ETag and the time of change that were seen last.

With more than one of the four headers nothing is concluded: which of them decides is a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from conformance.oracle.claims import Claim
from conformance.oracle.model import Account, Presence, Resource, Step
from conformance.oracle.values import TICKS, bare, ticks

_NAMES = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
_UNMET, _NOT_MODIFIED = 412, 304


def claims(account: Account, resource: Resource | None, step: Step) -> Iterator[Claim]:
    """What the condition of a request allows as an answer."""
    headers = step.exchange.request.headers
    stated = [name for name in _NAMES if name in headers]
    operation = step.operation
    if len(stated) != 1 or operation is None or not operation.conditional or resource is None:
        return
    if resource.presence is not Presence.PRESENT:
        return
    name, value = stated[0], headers[stated[0]]
    met = _met(account, resource, name, value)
    if met is None:
        return
    reading = operation.kind in ("get", "exists")
    expected = resource.etag if "match" in name else resource.modified
    yield _met_claim(name, operation.id, expected) if met else _unmet_claim(name, operation.id, expected, reading)


def _met(account: Account, resource: Resource, name: str, value: str) -> bool | None:
    """Whether the condition is met; None when that is not known."""
    if name in ("if-match", "if-none-match"):
        matches = _matches(account, resource, value)
        return matches if name == "if-match" or matches is None else not matches
    since = _changed_since(resource, value)
    if not since and not account.sure(resource):
        since = None  # somebody may have changed it since; what was changed later than then stays so
    return since if name == "if-modified-since" or since is None else not since


def _matches(account: Account, resource: Resource, value: str) -> bool | None:
    value = value.strip()
    if value == "*" or "," in value:
        return None
    etag = bare(value)
    if etag in resource.past:
        return False  # an ETag never comes back
    if resource.etag is None or not account.sure(resource):
        return None
    return etag == resource.etag


def _changed_since(resource: Resource, value: str) -> bool | None:
    """Whether the resource changed after an instant, to the second."""
    known = ticks(resource.modified or "")
    try:
        stated = parsedate_to_datetime(value)
    except ValueError:
        return None
    if known is None:
        return None
    if stated.tzinfo is None:
        stated = stated.replace(tzinfo=UTC)
    since = int((stated - datetime(1, 1, 1, tzinfo=UTC)).total_seconds())
    return known // TICKS > since


def _met_claim(name: str, operation: str, known: str | None) -> Claim:
    return Claim(
        "condition.met",
        operation,
        lambda status, code: status not in (_UNMET, _NOT_MODIFIED),
        f"not {_UNMET} or {_NOT_MODIFIED}, as {name} is met: the resource has {known}",
        name,
    )


def _unmet_claim(name: str, operation: str, known: str | None, reading: bool) -> Claim:
    wanted = _NOT_MODIFIED if reading and name in ("if-none-match", "if-modified-since") else _UNMET
    return Claim(
        "condition.unmet",
        operation,
        lambda status, code: not 200 <= status < 300,
        f"{wanted}, as {name} is not met: the resource has {known}",
        name,
    )
