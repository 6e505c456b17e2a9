"""How a write that succeeded changes what is known: presence, ETag, properties, life cycle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from conformance.oracle import identity, merge, noop, states
from conformance.oracle.merge import Sent
from conformance.oracle.model import Account, Finding, Presence, Resource, Step, Write, holds
from conformance.oracle.plans import Plan
from conformance.oracle.values import bare, ticks


def created(account: Account, resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    """It exists from here on, as a new one."""
    resource.reborn()
    resource.past.clear()
    resource.presence, resource.since = Presence.PRESENT, account.steps
    resource.ours, resource.created, resource.deleted = True, write.exchange, None
    merge.apply(resource, plan, write, sent)
    resource.write, resource.writes_unseen = write, 1


def changed(account: Account, resource: Resource, plan: Plan, write: Write, step: Step) -> Iterator[Finding]:
    """An update or an action."""
    if not account.sure(resource) and not _guarded(resource, step):
        resource.doubt()
    if plan.kind == "action" and not account.sure(resource):
        account.upset = account.steps
    merge.apply(resource, plan, write, merge.sent_by(step, plan))
    states.acted(resource, plan, write)
    identity.renewed(account, resource, plan)
    resource.write = write
    resource.writes_unseen += 1
    if resource.presence is not Presence.DELETING:
        resource.presence = Presence.PRESENT
    yield from etag_answered(resource, plan, write, step)


def _guarded(resource: Resource, step: Step) -> bool:
    """Whether the edition that is known was there till the request, so that nobody can have made another before it: it asked for
    that one, or was answered that nothing changed."""
    stated = (step.exchange.request.headers.get("if-match"), step.exchange.response.headers.get("etag"))
    return resource.etag is not None and resource.etag in {bare(etag) for etag in stated if etag is not None}


def deleted(account: Account, resource: Resource, plan: Plan, write: Write) -> None:
    """Some kinds of resource are gone at once, others go through a state of their own."""
    states.acted(resource, plan, write)
    passing = any(write.operation in lifecycle.after for lifecycle in plan.entity.lifecycles.values())
    resource.presence = Presence.DELETING if passing else Presence.ABSENT
    resource.deleted, resource.since = write.exchange, account.steps
    if resource.presence is Presence.ABSENT:
        _buried(resource)
    account.upset = account.steps
    for child in account.below(resource.key):
        child.presence, child.ours = Presence.UNKNOWN, False
        child.forget()
        child.fixed.clear()


def gone(account: Account, resource: Resource, step: Step) -> None:
    """It was looked for and not found."""
    resource.presence, resource.since = Presence.ABSENT, account.steps
    resource.deleted = resource.deleted or step.exchange
    _buried(resource)
    resource.forget()


def _buried(resource: Resource) -> None:
    """What comes by this name again has another ETag."""
    if resource.etag is not None:
        resource.retire_etag(resource.etag)
        resource.etag = resource.etag_from = None


def etag_answered(resource: Resource, plan: Plan, write: Write, step: Step) -> Iterator[Finding]:
    """The ETag and the time of change that a write answers, against those known before."""
    if plan.managed:
        return
    headers = step.exchange.response.headers
    stated, modified = headers.get("etag"), _iso(headers.get("last-modified"))
    known = resource.etag
    if stated is None:
        resource.etag = resource.etag_from = resource.modified = None
        return
    etag = bare(stated)
    if etag in resource.past and plan.kind != "create":
        said = "the write answered an ETag that was replaced before"
        yield Finding("etag.moved", False, plan.operation.id, "eTag", said, "a new one", etag)
    elif known is not None and plan.kind != "create":
        if etag == known and noop.changes(resource, plan, write):
            yield Finding("etag.moved", False, plan.operation.id, "eTag", "the write answered the old ETag", f"not {known}", etag)
        elif etag != known:
            resource.retire_etag(known)
            yield holds("etag.moved", plan.operation.id)
    yield from _forward(resource, plan, modified)
    resource.etag, resource.etag_from, resource.modified = etag, write, modified


def _forward(resource: Resource, plan: Plan, modified: str | None) -> Iterator[Finding]:
    old, new = ticks(resource.modified or ""), ticks(modified or "")
    if old is None or new is None:
        return
    if new // 10_000_000 < old // 10_000_000:
        said = "Last-Modified went back"
        yield Finding("modified.forward", False, plan.operation.id, "lastModified", said, resource.modified or "", modified or "")
    else:
        yield holds("modified.forward", plan.operation.id)


@lru_cache(maxsize=1024)
def _iso(http_date: str | None) -> str | None:
    """An HTTP date as the service writes instants; None when it is none."""
    if http_date is None:
        return None
    try:
        instant = parsedate_to_datetime(http_date)
    except ValueError:
        return None
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(instant, datetime) else None
