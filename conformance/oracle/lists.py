"""Lists: over all their pages they have what exists, once, and nothing else; filters tell the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from conformance.oracle.existence import stands
from conformance.oracle.filters import Filter, parse
from conformance.oracle.model import Account, Finding, Key, Listing, Presence, Resource, Step, holds
from conformance.oracle.order import asked_before
from conformance.oracle.plans import Plan
from conformance.oracle.shown import show

_LINKS = ("odata.nextLink", "nextLink")
_SKIP = "$skiptoken"


def observe(account: Account, plan: Plan, step: Step, found: list[Finding]) -> None:
    """A page of a list of resources."""
    body = step.shown
    value = body.get("value") if isinstance(body, dict) else None
    if step.status != 200 or not isinstance(value, list):
        return
    listing = _listing(account, plan, step)
    if not plan.own_list and not _shows_entity(plan):
        return
    _items(account, plan, step, value, listing, found)
    if listing is None:
        return
    link = next((body[name] for name in _LINKS if isinstance(body.get(name), str)), None)
    if link is not None:
        account.open(listing, address(link))
    else:
        found.extend(_ended(account, plan, listing))


def _shows_entity(plan: Plan) -> bool:
    item = plan.contract.item_model(plan.operation)
    return item is not None and plan.model is not None and item.name == plan.model.name


def address(url: str) -> str:
    """A URL for comparing: without host, parameters in any order."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = sorted((name.lower(), value) for name, value in parse_qsl(parts.query, keep_blank_values=True))
    return f"{parts.path.lower()}?{query}"


def _listing(account: Account, plan: Plan, step: Step) -> Listing | None:
    """The list that this page belongs to; None for a page whose first page was not seen."""
    query = step.exchange.request.query
    if _SKIP not in query:
        collection = plan.collection(step.path_parameters)
        asked = step.exchange.started
        return Listing(account.steps, plan.operation.id, collection, query.get("$filter", ""), asked=asked)
    return account.listings.pop(address(step.exchange.request.url), None)


def _items(account: Account, plan: Plan, step: Step, value: list[Any], listing: Listing | None, found: list[Finding]) -> None:
    about, once = plan.operation.id, True
    wanted = parse(listing.filter if listing is not None else step.exchange.request.query.get("$filter", ""))
    check = "list.pages-filter" if listing is not None and listing.pages else "list.filter"
    for item in value:
        key = plan.key_in_body(step.path_parameters, item)
        if key is None or not isinstance(item, dict):
            if listing is not None:
                listing.fair = False
            continue
        if listing is not None:
            if key in listing.seen:
                once = False
                found.append(Finding("list.once", False, about, "", "an element stands twice", "once", key[-1]))
            listing.seen.add(key)
        if wanted is not None:
            found.extend(_filtered(check, about, wanted, item, key))
        _item(account, plan, step, listing, key, item, found)
    if listing is not None:
        listing.pages += 1
        if once and value:
            found.append(holds("list.once", about))


def _filtered(check: str, about: str, wanted: Filter, item: Mapping[str, Any], key: Key) -> Iterator[Finding]:
    verdict = wanted.holds(item)
    if verdict is None:
        return
    if verdict:
        yield holds(check, about, wanted.first)
    else:
        yield Finding(check, False, about, wanted.first, f"{key[-1]} does not fit the filter", wanted.text, wanted.told(item))


def _item(
    account: Account, plan: Plan, step: Step, listing: Listing | None, key: Key, item: Mapping[str, Any], found: list[Finding]
) -> None:
    resource = account.of(key, plan.collection(step.path_parameters))
    resource.heard(step)
    about = plan.operation.id
    if resource.presence is Presence.ABSENT and account.sure(resource):
        if listing is None or resource.since >= listing.begun:
            return  # a list may be as it was when its first page was asked for
        said = "an element was deleted before"
        found.append(Finding("list.only", False, about, "", said, "no such element", key[-1], resource.deleted))
        return
    if resource.presence is not Presence.DELETING:
        _found(account, resource)
    known, before = resource.seen is not None or resource.pending, len(found)
    show(account, resource, plan, step, item, found)
    if known and all(finding.holds and finding.check != "list.agrees" for finding in found[before:]):
        found.append(holds("list.agrees", about))


def _found(account: Account, resource: Resource) -> None:
    if resource.presence is not Presence.PRESENT:
        resource.presence, resource.since = Presence.PRESENT, account.steps


def _ended(account: Account, plan: Plan, listing: Listing) -> Iterator[Finding]:
    """What exists since before the list was begun has to be on one of its pages, and what is gone on none."""
    if not account.whole or not plan.own_list or not listing.fair:
        return
    wanted = parse(listing.filter)
    if listing.filter and wanted is None:
        return
    expected = missing = gone = 0
    for resource in account.within(listing.collection):
        listed = resource.key in listing.seen
        if not resource.ours or resource.since >= listing.begun or (not listed and _overlapped(listing, resource)):
            continue
        gone += resource.presence is Presence.ABSENT
        if resource.presence is not Presence.PRESENT or not _fits(wanted, resource) or not stands(account, resource, plan):
            continue
        expected += 1
        if not listed:
            missing += 1
            said, name = "an element is missing", resource.key[-1]
            yield Finding("list.contains", False, listing.operation, "", said, name, "not listed", resource.created)
    if expected and not missing:
        yield holds("list.contains", listing.operation)
    if gone:
        yield holds("list.only", listing.operation)


def _overlapped(listing: Listing, resource: Resource) -> bool:
    """Whether something else about a resource that is not listed was still being answered when the list was asked for. (Of one
    that is listed, the list itself was heard last.)"""
    return asked_before(listing.asked, resource.answered)


def _fits(wanted: Filter | None, resource: Resource) -> bool:
    """Whether a filter lets it through for sure: of what is not shown here, only the name is known."""
    return wanted is None or wanted.holds({"id": resource.fixed.get("id", resource.key[-1])}) is True
