"""Pools read again, and lists of pools."""

from __future__ import annotations

from conformance.defects.answers import body, header, status
from conformance.defects.model import Defect
from conformance.defects.poolreads import LIST, ONE, every_second, late, lingering
from conformance.defects.requests import deaf_to_parameter, parameter
from conformance.defects.where import has, lacks
from conformance.reference.wire import Json

_LAGS = "Read from a replica that lags behind."


def _without_machine(document: Json) -> None:
    for pool in document["value"]:
        pool.pop("virtualMachineConfiguration", None)


def _smallest(pool: Json) -> None:
    if "vmSize" in pool:
        pool["vmSize"] = "standard_a1_v2"


def _stranger(document: Json) -> None:
    """A pool that does not fit the filter."""
    for pool in document["value"][:1]:
        other = {**pool, "id": "another"}
        if "url" in pool:
            other["url"] = f"{pool['url'].rpartition('/')[0]}/another"
        document["value"].append(other)


def _by_day(text: str) -> str:
    """Times are compared by their day."""
    parts = text.split("DateTime'")
    return parts[0] + "".join(f"DateTime'{part[:10]}T00:00:00Z{part[part.index(chr(39)) :]}" for part in parts[1:])


DEFECTS = (
    Defect(
        "pool-head-always",
        "HEAD of a pool that does not exist is answered 200.",
        "status",
        ("pools.exists.missing-refused",),
        "Nobody reads the pool for HEAD.",
        status("HEAD /pools/{}", 404, 200),
        consequences=(
            "pools.responses.etag-present",
            "pools.responses.last-modified-present",
        ),
    ),
    Defect(
        "pool-head-other-etag",
        "HEAD of a pool tells another ETag than GET.",
        "headers",
        ("pools.exists.etag-agrees",),
        "Frameworks compute an ETag of what is sent.",
        header("HEAD /pools/{}", "ETag", lambda value: "0x8DE48B4E2C8A001"),
        consequences=("protocol.consistency.etag-ticks", "protocol.etag.moves-on-write"),
    ),
    Defect(
        "pool-read-differs",
        "Every second read of a pool shows another size.",
        "schema",
        ("pools.get.repeatable", "pools.trace.reads-agree"),
        "Two instances behind a balancer, of different versions.",
        every_second(ONE, _smallest),
        consequences=(
            "pools.disable-auto-scale.keeps-the-rest",
            "pools.enable-auto-scale.keeps-the-rest",
            "pools.list.filter-vm-size",
            "pools.patch.empty-body-changes-nothing",
            "pools.patch.keeps-omitted-vm-size",
            "pools.resize.keeps-the-rest",
            "pools.trace.kept",
            "pools.trace.sent-shown",
            "pools.trace.version-same",
            "pools.update-properties.keeps-vm",
            "protocol.conditional.unmet-write-changes-nothing",
            "pools.list.element-equals-get",
            "pools.trace.list-agrees",
        ),
    ),
    Defect(
        "pool-list-late",
        "The list of pools has a new one only when the next one has been added.",
        "paging",
        ("pools.add.listed", "pools.trace.list-complete"),
        _LAGS,
        late,
        consequences=(
            "pools.list.element-equals-get",
            "pools.list.lists-all",
        ),
    ),
    Defect(
        "pool-list-loses-odd",
        "The list of pools lacks the first one of each page.",
        "paging",
        ("pools.list.lists-all",),
        "Off by one.",
        body(LIST, lambda document: document["value"].pop(0) and None, lambda asked: asked.query.count("$select=id") == 1),
    ),
    Defect(
        "pool-list-lingers",
        "The list shows a pool that is gone when it is asked for by its id.",
        "deletion",
        ("pools.list.deleted-vanishes", "pools.trace.list-only"),
        "A proxy that does not know of deletions.",
        lingering,
    ),
    Defect(
        "pool-list-shorter",
        "Pools in a list lack the configuration of their machines, which they show alone.",
        "schema",
        ("pools.list.element-equals-get", "pools.trace.list-agrees"),
        "The list is made by another query.",
        body(LIST, _without_machine, lacks("$select")),
        consequences=(
            "pools.add.vm-configuration-kept",
            "pools.trace.reads-agree",
            "pools.trace.sent-shown",
        ),
    ),
    Defect(
        "pool-filter-ignored",
        "The list of pools does not look at $filter.",
        "queries",
        (
            "pools.list.filter-id",
            "pools.list.filter-state",
            "pools.list.filter-state-transition-time",
            "pools.list.filter-allocation-state",
            "pools.list.filter-allocation-state-transition-time",
            "pools.list.filter-creation-time",
            "pools.list.filter-enable-auto-scale",
            "pools.list.filter-last-modified",
            "pools.list.filter-vm-size",
            "pools.list.filter-inter-node",
            "pools.trace.list-filter",
        ),
        "OData filters need a parser, which takes a while to write.",
        deaf_to_parameter(LIST, "$filter"),
        consequences=(
            "pools.add.listed",
            "pools.list.deleted-vanishes",
            "protocol.errors.bad-query-value",
            "protocol.filter.and",
            "protocol.filter.grouping",
            "protocol.filter.no-match-empty",
            "protocol.filter.or",
            "protocol.filter.syntax-refused",
            "protocol.filter.unknown-property-refused",
            "protocol.filter.unsupported-operator-refused",
            "protocol.paging.complete",
            "protocol.paging.keeps-filter",
            "protocol.paging.last-page-has-no-link",
            "pools.list.element-equals-get",
        ),
    ),
    Defect(
        "pool-filter-by-day",
        "Filters compare times by their day.",
        "queries",
        (
            "pools.list.filter-state-transition-time",
            "pools.list.filter-allocation-state-transition-time",
            "pools.list.filter-creation-time",
            "pools.list.filter-last-modified",
        ),
        "A column of dates.",
        parameter(LIST, "$filter", _by_day),
        consequences=(
            "pools.list.filter-id",
            "pools.trace.list-filter",
        ),
    ),
    Defect(
        "pool-filter-first-page",
        "Every page of a filtered list of pools but the first has a pool that does not fit.",
        "queries",
        ("pools.trace.list-pages-filter",),
        "The link to the next page forgets the question.",
        body(LIST, _stranger, lambda asked: has("$skiptoken")(asked) and has("$filter")(asked)),
        consequences=(
            "pools.list.lists-all",
            "pools.responses.paging",
            "pools.trace.list-once",
            "protocol.paging.complete",
            "protocol.paging.keeps-filter",
            "protocol.paging.limits-page",
            "protocol.paging.page-size",
        ),
    ),
)
