"""Paging: the size of a page, the way from page to page, and what all pages show together."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.protocol.lists import Shelf, ids, pages
from scenarios.support import elements, json_object

REFUSALS = {"OutOfRangeQueryParameterValue", "InvalidQueryParameterValue", "OutOfRangeInput"}


@pytest.mark.requirement("protocol.paging.limits-page", "protocol.paging.keeps-filter")
@pytest.mark.parametrize("size", [1, 2, 4])
def test_page_size(batch: Batch, expect: Expect, shelf: Shelf, size: int) -> None:
    for position, exchange in enumerate(pages(batch, "Pool_List", {"$filter": shelf.filter, "maxresults": size})):
        found = ids(exchange)
        expect(
            "protocol.paging.limits-page", len(found) <= size, expected=f"at most {size}", actual=len(found), exchange=exchange
        )
        if position == 0:
            linked = "odata.nextLink" in json_object(exchange)
            expect("protocol.paging.limits-page", linked, expected="odata.nextLink", actual="none", exchange=exchange)
        expect.equal("protocol.paging.keeps-filter", sorted(set(found) - set(shelf.ids)), [], exchange, "pools that do not match")


@pytest.mark.requirement("protocol.paging.complete", "protocol.paging.no-duplicates", "protocol.paging.last-page-has-no-link")
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_all_pages(batch: Batch, expect: Expect, shelf: Shelf, size: int) -> None:
    walked = list(pages(batch, "Pool_List", {"$filter": shelf.filter, "maxresults": size}))
    expect.status("protocol.paging.complete", walked[-1], 200)
    found = [pool for exchange in walked for pool in ids(exchange)]
    expect.equal("protocol.paging.complete", sorted(set(found)), shelf.ids, walked[-1], "pools on all pages")
    expect.equal("protocol.paging.no-duplicates", len(found), len(set(found)), walked[-1], "elements on all pages")
    expect.equal("protocol.paging.last-page-has-no-link", "odata.nextLink" in json_object(walked[-1]), False, walked[-1])


@pytest.mark.requirement("protocol.paging.last-page-has-no-link")
def test_single_page(batch: Batch, expect: Expect, shelf: Shelf) -> None:
    """A page that is exactly full may be followed by an empty one, a page with room may not."""
    requirement = "protocol.paging.last-page-has-no-link"
    condition = f"id eq '{shelf.ids[0]}'"
    exchange = batch.call("Pool_List", query={"$filter": condition, "maxresults": 2})
    expect.equal(requirement, "odata.nextLink" in json_object(exchange), False, exchange, "odata.nextLink")
    _, *more = pages(batch, "Pool_List", {"$filter": condition, "maxresults": 1})
    expect.equal(requirement, [ids(page) for page in more], [[]] * len(more), exchange, "pages after the only element")


@pytest.mark.requirement("protocol.paging.keeps-select")
def test_select_on_pages(batch: Batch, expect: Expect, shelf: Shelf) -> None:
    query = {"$filter": shelf.filter, "$select": "id,vmSize", "maxresults": 2}
    for exchange in pages(batch, "Pool_List", query):
        for element in elements(exchange):
            expect.equal("protocol.paging.keeps-select", sorted(element), ["id", "vmSize"], exchange, "members of an element")


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(1, marks=pytest.mark.requirement("protocol.paging.maxresults-one")),
        pytest.param(1000, marks=pytest.mark.requirement("protocol.paging.maxresults-thousand")),
    ],
)
def test_inside(batch: Batch, expect: Expect, shelf: Shelf, size: int) -> None:
    exchange = batch.call("Pool_List", query={"$filter": shelf.filter, "maxresults": size})
    expect.status(f"protocol.paging.maxresults-{'one' if size == 1 else 'thousand'}", exchange, 200)


@pytest.mark.parametrize(
    ("size", "requirement"),
    [
        pytest.param(size, f"protocol.paging.{name}", marks=pytest.mark.requirement(f"protocol.paging.{name}"), id=size)
        for size, name in (
            ("0", "maxresults-zero-refused"),
            ("-1", "maxresults-zero-refused"),
            ("1001", "maxresults-above-refused"),
            ("100000", "maxresults-above-refused"),
            ("many", "maxresults-not-a-number-refused"),
            ("2.5", "maxresults-not-a-number-refused"),
        )
    ],
)
def test_outside(batch: Batch, expect: Expect, size: str, requirement: str) -> None:
    expect.error(requirement, batch.call("Pool_List", query={"maxresults": size}), 400, REFUSALS)
