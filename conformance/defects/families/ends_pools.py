"""The end of pools, their ETags and conditions, and applications."""

from __future__ import annotations

import json

from conformance.defects.answers import REFUSED, body, header, header_of, member, simply, with_body, with_header
from conformance.defects.leniency import refuses, stub
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.poolparts import each, pool_of
from conformance.defects.poolreads import ONE, cached
from conformance.defects.requests import deaf_to_header
from conformance.defects.stored import Changed, after
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_DELETE = "DELETE /pools/{}"
_WRITES = "PATCH /pools/{}, POST /pools/{}/..., DELETE /pools/{}"
_NO_STATES = "States are not looked at."
_STATE = ("state", "stateTransitionTime")


def _not_begun(pool: Changed) -> None:
    """It goes all the same, when its time has come."""
    pool.restore(*_STATE)


def _backwards(pool: Changed) -> None:
    pool.now["lastModified"] = pool.now["creationTime"]


def _next(etag: str) -> str:
    return f"{etag[:-1]}{'0' if etag[-1] != '0' else '1'}"


def _first_time(pool: Json) -> None:
    if "allocationStateTransitionTime" in pool and "creationTime" in pool:
        pool["allocationStateTransitionTime"] = pool["creationTime"]


def _names_taken(service: Service) -> Lie:
    gone: set[str] = set()
    refused = refuses("POST /pools", lambda asked: sent(asked).get("id") in gone, "PoolExists")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await refused(asked, ask)
        if fits(_DELETE, asked) and answer.status == 202:
            gone.add(asked.path.rpartition("/")[2])
        return answer

    return lie


def _each_read(service: Service) -> Lie:
    """The last digits of the ETag count the reads."""
    count = 0

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal count
        answer = await ask(asked)
        etag = header_of(answer, "ETag") if fits("GET|HEAD /pools/{}", asked) and answer.status == 200 else None
        if etag is None:
            return answer
        count += 1
        told = f"{etag[:-3]}{count % 4096:03X}"
        shown = with_header(answer, "ETag", told)
        return with_body(shown, lambda pool: pool.update(eTag=told) if "eTag" in pool else None)

    return lie


def _quoted_match(asked: WireRequest) -> bool:
    """An ETag without quotes is none, says HTTP."""
    return '"' not in (asked.header("if-match") or '"') and (asked.header("if-match") or "*") != "*"


async def _etag_per_state(asked: WireRequest, ask: Ask) -> WireAnswer:
    """The ETag of a pool is another one once it is steady."""
    answer = await ask(asked)
    if not fits(ONE, asked) or answer.status != 200 or b'"allocationState":"steady"' not in answer.body:
        return answer
    etag = header_of(answer, "ETag") or json.loads(answer.body).get("eTag", "0x0")
    told = with_header(answer, "ETag", _next(etag))
    return with_body(told, lambda pool: pool.update(eTag=_next(etag)) if "eTag" in pool else None)


def _same_etag(service: Service) -> Lie:
    """A write that leaves the ETag answers it, too."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        pool = pool_of(service, asked) if fits("PATCH /pools/{}", asked) else None
        was = {name: (pool or {}).get(name) for name in ("_modified", "eTag", "lastModified")}
        answer = await ask(asked)
        if pool is None or answer.status != 200:
            return answer
        pool.update(was)
        return with_header(answer, "ETag", str(was["eTag"]))

    return lie


DEFECTS = (
    Defect(
        "pool-delete-unseen",
        "A pool that is to be deleted stays active until it is gone.",
        "deletion",
        ("pools.delete.gone-or-deleting", "pools.trace.actions-lead"),
        "The state is written when it is over.",
        after(_DELETE, _not_begun),
        consequences=("pools.delete.ends-not-found",),
    ),
    Defect(
        "pool-cached",
        "A pool that is gone is answered from a cache.",
        "deletion",
        ("pools.delete.ends-not-found",),
        "A proxy that does not know of deletions.",
        cached,
        consequences=(
            "job-schedules.auto-pool.lifetime-changed-deletes",
            "job-schedules.auto-pool.pool-changed-deletes",
        ),
    ),
    Defect(
        "pool-deleting-updated",
        "A pool that is being deleted takes updates.",
        "deletion",
        ("pools.delete.deleting-refuses-updates", "pools.trace.deleting-refuses"),
        _NO_STATES,
        stub("PATCH /pools/{}", 200, "PoolBeingDeleted"),
    ),
    Defect(
        "pool-deleted-twice",
        "A pool that is being deleted can be deleted again.",
        "deletion",
        ("pools.delete.twice-refused",),
        _NO_STATES,
        stub(_DELETE, 202, "PoolBeingDeleted"),
    ),
    Defect(
        "pool-name-taken",
        "The id of a pool that is gone cannot be given again.",
        "deletion",
        ("pools.delete.id-free-again", "pools.trace.free-again"),
        "Deleted rows are marked, and their keys stay.",
        _names_taken,
    ),
    Defect(
        "pool-match-never",
        "A write to a pool with the right ETag in If-Match is refused with 412.",
        "conditions",
        (
            "pools.trace.condition-met",
            "pools.delete.honours-conditions",
            "pools.resize.honours-conditions",
            "pools.enable-auto-scale.honours-conditions",
            "pools.patch.honours-conditions",
        ),
        "HTTP has ETags in quotes, so that one without them is none.",
        refuses(_WRITES, _quoted_match, "ConditionNotMet"),
        consequences=(
            "pools.remove-nodes.honours-if-match",
            "pools.stop-resize.honours-if-match",
            "protocol.conditional.match-decides",
            "protocol.conditional.not-modified-only-when-asked",
            "protocol.conditional.other-pairs-refused",
            "protocol.conditional.write-if-match-met",
            "protocol.conditional.write-if-match-unmet",
        ),
    ),
    Defect(
        "pool-match-ignored",
        "Actions on pools are carried out whatever If-Match says.",
        "conditions",
        (
            "pools.stop-resize.honours-if-match",
            "pools.remove-nodes.honours-if-match",
            "pools.resize.honours-conditions",
            "pools.enable-auto-scale.honours-conditions",
            "pools.trace.condition-unmet",
        ),
        "Conditions are looked at where a resource is changed, and forgotten where it is acted upon.",
        deaf_to_header("POST /pools/{}/...", "If-Match"),
        consequences=("protocol.conditional.write-if-match-unmet",),
    ),
    Defect(
        "pool-write-etag-other",
        "PATCH of a pool answers another ETag than the next read.",
        "headers",
        ("pools.trace.etag-answered",),
        "The ETag is made before the row is written.",
        header("PATCH /pools/{}", "ETag", _next),
        consequences=(
            "pools.trace.etag-transition",
            "protocol.etag.write-answers-new",
        ),
    ),
    Defect(
        "pool-etag-of-state",
        "The ETag of a pool is another one once it is steady.",
        "conditions",
        ("pools.trace.etag-transition",),
        "A hash over everything that is shown.",
        simply(_etag_per_state),
        consequences=(
            "pools.delete.honours-conditions",
            "pools.enable-auto-scale.honours-conditions",
            "pools.exists.etag-agrees",
            "pools.trace.condition-unmet",
            "pools.trace.etag-answered",
            "pools.trace.etag-stays",
            "protocol.conditional.match-decides",
            "protocol.conditional.none-match-decides",
            "protocol.conditional.read-if-match-met",
            "protocol.conditional.read-if-none-match-unmet",
            "protocol.conditional.write-if-none-match-unmet",
            "protocol.consistency.etag-ticks",
            "protocol.etag.stable-on-read",
            "protocol.etag.write-answers-new",
        ),
    ),
    Defect(
        "pool-etag-each-read",
        "Each read of a pool has an ETag of its own.",
        "conditions",
        ("pools.trace.etag-stays", "pools.exists.etag-agrees"),
        "Made from the time of the answer.",
        _each_read,
        consequences=(
            "pools.get.repeatable",
            "pools.list.element-equals-get",
            "pools.resize.honours-conditions",
            "pools.trace.condition-met",
            "pools.trace.etag-answered",
            "pools.trace.etag-transition",
            "protocol.conditional.match-decides",
            "protocol.conditional.read-if-none-match-unmet",
            "protocol.conditional.unmet-write-changes-nothing",
            "protocol.conditional.write-if-match-met",
            "protocol.consistency.etag-ticks",
            "protocol.etag.stable-on-read",
            "protocol.etag.write-answers-new",
        ),
    ),
    Defect(
        "pool-modified-back",
        "A pool that was changed by PATCH shows the time of its creation as that of the change.",
        "conditions",
        ("pools.trace.modified-forward",),
        "The column that is written once.",
        after("PATCH /pools/{}", _backwards),
        consequences=(
            "protocol.consistency.etag-ticks",
            "protocol.consistency.last-modified",
        ),
    ),
    Defect(
        "application-named-otherwise",
        "An application that is read alone shows its id as its displayName.",
        "schema",
        ("applications.list.each-is-read",),
        "Two queries to the database.",
        member("GET /applications/{}", "displayName", "sample"),
    ),
    Defect(
        "application-missing-code",
        "An application that does not exist is answered 404 with the code ResourceNotFound.",
        "error-codes",
        ("applications.get.missing",),
        "One code for everything that is not there.",
        member("GET /applications/{}", "code", "ResourceNotFound", statuses=REFUSED),
    ),
    Defect(
        "pool-patch-etag-stays",
        "PATCH of a pool leaves its ETag, and answers it.",
        "conditions",
        ("pools.trace.etag-moves",),
        "The ETag is made at creation.",
        _same_etag,
        consequences=(
            "pools.trace.modified-forward",
            "protocol.consistency.etag-ticks",
            "protocol.etag.moves-on-write",
        ),
    ),
    Defect(
        "pool-allocation-time-first",
        "The time of the allocation state is always that of the creation.",
        "life-cycles",
        ("pools.resize.moves-transition-time", "pools.trace.state-times"),
        "The column that is written once.",
        body("GET /pools, GET /pools/{}", each(_first_time)),
    ),
    Defect(
        "pool-missing-updated",
        "PATCH of a pool that does not exist is answered 200.",
        "status",
        ("pools.patch.missing-refused",),
        "Nothing was found, so that nothing was changed.",
        stub("PATCH /pools/{}", 200, "PoolNotFound"),
    ),
)
