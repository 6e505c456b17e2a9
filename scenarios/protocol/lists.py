"""A handful of pools to list, and how to read a list to its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from conformance.plugin import Batch, Exchange
from scenarios.support import Json, elements, json_object, without

# a list that needs more is none of ours
MOST_PAGES = 50


@dataclass(frozen=True)
class Shelf:
    """Pools whose ids share a stem that no other pool has, by id, as a GET showed them when they had settled."""

    stem: str
    pools: Mapping[str, Json]

    @property
    def filter(self) -> str:
        return f"startswith(id,'{self.stem}')"

    @property
    def ids(self) -> list[str]:
        return sorted(self.pools)

    def whole(self, element: Json) -> Json:
        """What a GET showed of an element of a list."""
        return without(self.pools.get(str(element.get("id")), {}))

    def part(self, element: Json, *names: str) -> Json:
        """Those members of it."""
        return {name: value for name, value in self.whole(element).items() if name in names}


def pages(batch: Batch, operation: str, query: Mapping[str, Any], **path: Any) -> Iterator[Exchange]:
    """Each page of a list, following odata.nextLink; the last one may be a refusal, or one page too many."""
    return onward(batch, batch.call(operation, query=query, **path))


def onward(batch: Batch, exchange: Exchange) -> Iterator[Exchange]:
    """A page of a list and those after it."""
    for position in range(MOST_PAGES):
        yield exchange
        if position and exchange.response.status != 200:
            return
        link = json_object(exchange).get("odata.nextLink")
        if link is None:
            return
        parts = urlsplit(str(link))
        exchange = batch.send("GET", f"{parts.path}?{parts.query}", api_version=None)


def all_ids(batch: Batch, first: Exchange) -> list[str]:
    """The ids on all pages of a list: a service may make its pages as small as it likes."""
    return [name for exchange in onward(batch, first) for name in ids(exchange)]


def ids(exchange: Exchange) -> list[str]:
    """The ids on one page."""
    return [str(element.get("id")) for element in elements(exchange)]
