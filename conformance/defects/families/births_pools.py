"""New pools: how they are found, named and told at first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from conformance.defects.answers import header
from conformance.defects.leniency import has_member, refuses, stub
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.poolreads import NEW, ONE, at_first, hidden_at_first
from conformance.defects.stored import Changed, created
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LAGS = "Read from a replica that lags behind."


def _shown(name: str, value: Any) -> Any:
    def change(pool: Json) -> None:
        if name in pool:
            pool[name] = value

    return change


def _earlier(pool: Changed) -> None:
    """As if the pool had been made a second before it was stored."""
    made = datetime.strptime(pool.now["creationTime"][:19], "%Y-%m-%dT%H:%M:%S") - timedelta(seconds=1)
    pool.now["creationTime"] = made.strftime("%Y-%m-%dT%H:%M:%SZ")


def _lowered(pool: Changed) -> None:
    pool.now["id"] = pool.now["id"].lower()


def _shouted(asked: WireRequest) -> bool:
    name = str(sent(asked).get("id", ""))
    return name == name.upper() != name.lower()


def _shouted_path(asked: WireRequest) -> bool:
    name = asked.path.rpartition("/")[2]
    return name == name.upper() != name.lower()


def _overwritten(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits(NEW, asked) and b"PoolExists" in answer.body:
            first = service.store.get("pool", str(sent(asked).get("id")))
            if first is not None:
                first["displayName"] = sent(asked).get("displayName", "")
        return answer

    return lie


DEFECTS = (
    Defect(
        "pool-hidden-at-first",
        "A pool is not found by the first read after its creation.",
        "life-cycles",
        ("pools.add.readable", "pools.trace.found", "pools.trace.gone"),
        _LAGS,
        hidden_at_first,
        consequences=(
            "pools.delete.missing-refused",
            "pools.list.deleted-vanishes",
            "pools.trace.gone",
            "pools.trace.list-only",
        ),
    ),
    Defect(
        "pool-born-upgrading",
        "A new pool is shown at first as upgrading.",
        "life-cycles",
        ("pools.add.state-active", "pools.trace.states", "pools.responses.enum-values"),
        "The first value of an enumeration.",
        at_first(_shown("state", "upgrading")),
        consequences=(
            "pools.delete.ends-not-found",
            "pools.delete.gone-or-deleting",
            "pools.responses.enum-values",
            "pools.trace.actions-lead",
            "pools.trace.state-times",
        ),
    ),
    Defect(
        "pool-born-stopping",
        "A new pool is shown at first as stopping its resize.",
        "life-cycles",
        ("pools.add.allocation-begins",),
        "States mapped by position from another list.",
        at_first(_shown("allocationState", "stopping")),
        consequences=(
            "pools.trace.state-times",
            "pools.trace.states",
        ),
    ),
    Defect(
        "pool-born-with-node",
        "A new pool is shown at first with a node.",
        "life-cycles",
        ("pools.add.starts-without-nodes",),
        "The counts of the pool that had the row before.",
        at_first(_shown("currentDedicatedNodes", 1)),
    ),
    Defect(
        "pool-made-earlier",
        "The creationTime of a pool is a second before its other times.",
        "schema",
        ("pools.add.times-agree",),
        "The clock is asked for each of the times.",
        created(NEW, _earlier),
    ),
    Defect(
        "pool-id-lowered",
        "A pool shows its id in lower case.",
        "schema",
        ("pools.add.id-case-kept",),
        "The key of the row.",
        created(NEW, _lowered, has_member("id", lambda name: name != name.lower())),
        consequences=("pools.trace.sent-shown",),
    ),
    Defect(
        "pool-capitals-missing",
        "A pool is not found under its id in capitals.",
        "queries",
        ("pools.get.id-ignores-case",),
        "Keys compare as they are written.",
        refuses(ONE, _shouted_path, "PoolNotFound"),
        consequences=(
            "pools.delete.missing-refused",
            "pools.trace.found",
            "pools.trace.gone",
        ),
    ),
    Defect(
        "pool-capitals-twice",
        "A pool is created though there is one with its id in another letter case.",
        "limits",
        ("pools.add.duplicate-ignores-case",),
        "Keys compare as they are written.",
        stub(NEW, 201, "PoolExists", when=_shouted),
        consequences=(
            "pools.add.duplicate-refused",
            "pools.trace.exists",
        ),
    ),
    Defect(
        "pool-twice",
        "A pool that exists is created again with 201.",
        "life-cycles",
        ("pools.add.duplicate-refused", "pools.add.duplicate-ignores-case", "pools.trace.exists"),
        "A stub that says yes.",
        stub(NEW, 201, "PoolExists"),
    ),
    Defect(
        "pool-duplicate-overwrites",
        "A duplicate is refused, and the first pool has its name from then on.",
        "life-cycles",
        ("pools.add.duplicate-changes-nothing",),
        "Written first, and looked at afterwards.",
        _overwritten,
        consequences=("pools.trace.reads-agree",),
    ),
    Defect(
        "pool-location-odata",
        "The Location of a new pool has its id in brackets.",
        "headers",
        ("pools.add.location-names-pool",),
        "OData writes keys so.",
        header(NEW, "Location", lambda url: f"{url.rpartition('/')[0]}('{url.rpartition('/')[2]}')"),
        consequences=("pools.responses.data-service-id-is-location",),
    ),
)
