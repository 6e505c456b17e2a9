"""Pools as they are read: at first, alone, in lists, with filters, and what is kept of what was sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from conformance.defects.answers import body, header, status
from conformance.defects.leniency import has_member, refuses, stub
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.poolparts import corrected, each
from conformance.defects.poolreads import LIST, NEW, ONE, at_first, every_second, hidden_at_first, late, lingering, shows_sent
from conformance.defects.requests import deaf_to_member, deaf_to_parameter, parameter
from conformance.defects.stored import Changed, created
from conformance.defects.where import fits, has, lacks
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_READS = f"{LIST}, {ONE}"
_UNREAD = "A property that the creation does not read."
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


def _short_size(pool: Changed) -> None:
    pool.now["vmSize"] = pool.now["vmSize"].removeprefix("standard_")


def _one_less(pool: Json) -> None:
    for name in ("currentDedicatedNodes", "currentDedicated"):
        if pool.get(name):
            pool[name] -= 1


def _without_formula(pool: Json) -> None:
    pool.pop("autoScaleFormula", None)


def _without_machine(document: Json) -> None:
    for pool in document["value"]:
        pool.pop("virtualMachineConfiguration", None)


def _smallest(pool: Json) -> None:
    if "vmSize" in pool:
        pool["vmSize"] = "standard_a1_v2"


def _unscheduled(pool: Changed) -> None:
    usual = {"taskSlotsPerNode": 1, "taskSchedulingPolicy": {"nodeFillType": "spread"}, "enableInterNodeCommunication": False}
    pool.now.update(usual)
    if "resizeTimeout" in pool.sent:
        pool.now["resizeTimeout"] = "PT15M"


def _is_scheduled(asked: WireRequest) -> bool:
    names = (b"resizeTimeout", b"SlotsPerNode", b"SchedulingPolicy", b"InterNode")
    return any(name in asked.body for name in names)


def _stranger(document: Json) -> None:
    """A pool that does not fit the filter."""
    for pool in document["value"][:1]:
        other = {**pool, "id": "another"}
        if "url" in pool:
            other["url"] = f"{pool['url'].rpartition('/')[0]}/another"
        document["value"].append(other)


def _sorted(metadata: Any) -> Any:
    """A map in the order of its names."""
    known = isinstance(metadata, list) and all(isinstance(item, dict) for item in metadata)
    return sorted(metadata, key=lambda item: str(item.get("name"))) if known else metadata


def _plain(name: Any) -> Any:
    return name.encode("ascii", "replace").decode() if isinstance(name, str) else name


def _short_references(pool: Changed) -> None:
    for reference in pool.now.get("certificateReferences", ()):
        reference["thumbprint"] = reference["thumbprint"].upper()
    for reference in pool.now.get("applicationPackageReferences", ()):
        reference.pop("version", None)


def _parts_lost(pool: Changed) -> None:
    pool.now.get("virtualMachineConfiguration", {}).pop("dataDisks", None)
    task = pool.now.get("startTask", {})
    task.pop("environmentSettings", None)
    for part, name in ((task.get("resourceFiles", ()), "fileMode"), (pool.now.get("userAccounts", ()), "elevationLevel")):
        for element in part:
            element.pop(name, None)


def _has_parts(asked: WireRequest) -> bool:
    return any(name in asked.body for name in (b"startTask", b"userAccounts", b"dataDisks"))


def _shouted(asked: WireRequest) -> bool:
    name = str(sent(asked).get("id", ""))
    return name == name.upper() != name.lower()


def _shouted_path(asked: WireRequest) -> bool:
    name = asked.path.rpartition("/")[2]
    return name == name.upper() != name.lower()


def _by_day(text: str) -> str:
    """Times are compared by their day."""
    parts = text.split("DateTime'")
    return parts[0] + "".join(f"DateTime'{part[:10]}T00:00:00Z{part[part.index(chr(39)) :]}" for part in parts[1:])


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
        ("pools.add.readable", "pools.trace.found"),
        _LAGS,
        hidden_at_first,
        consequences=(
            "pools.delete.missing-refused",
            "pools.trace.gone",
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
            "pools.responses.enum-values",
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
    Defect(
        "pool-size-short",
        "The size of a pool is shown without the name of its family.",
        "schema",
        ("pools.add.vm-size-shown", "pools.trace.sent-shown"),
        "Other clouds have no families.",
        created(NEW, _short_size, has_member("vmSize", lambda size: str(size).startswith("STANDARD_D2S"))),
    ),
    Defect(
        "pool-count-short",
        "A pool shows one node fewer than it has.",
        "schema",
        ("pools.add.reaches-target", "pools.resize.reaches-target", "pools.enable-auto-scale.scales"),
        "Off by one.",
        body(_READS, each(_one_less)),
        consequences=("nodes.list.lists-all",),
    ),
    Defect(
        "pool-scheduling-unread",
        "A new pool has the default slots, policy, timeout and communication, whatever was sent.",
        "schema",
        (
            "pools.add.resize-timeout-kept",
            "pools.add.slots-kept",
            "pools.add.inter-node-kept",
            "pools.add.fill-type-kept",
            "pools.trace.sent-shown",
        ),
        _UNREAD,
        created(NEW, _unscheduled, _is_scheduled),
    ),
    Defect(
        "pool-mode-unread",
        "A new pool has the default mode of communication, whatever was sent.",
        "schema",
        ("pools.add.communication-mode-kept",),
        _UNREAD,
        deaf_to_member(NEW, "targetNodeCommunicationMode"),
        at="2024-07-01.20.0",
    ),
    Defect(
        "pool-metadata-sorted",
        "Metadata of a pool come back sorted by their names.",
        "schema",
        ("pools.add.metadata-kept",),
        "A list of names and values is stored as a map.",
        corrected(f"{NEW}, PATCH /pools/{{}}", "metadata", _sorted),
        consequences=("pools.patch.replaces-metadata",),
    ),
    Defect(
        "pool-references-short",
        "References to packages lose their version, and those to certificates are in capitals.",
        "schema",
        ("pools.add.packages-kept", "pools.add.certificates-kept"),
        "Only the ids are stored, in the form of the other service.",
        created(NEW, _short_references, lambda asked: b"eferences" in asked.body),
        consequences=("pools.trace.sent-shown",),
    ),
    Defect(
        "pool-parts-lost",
        "Data disks, the environment of a start task, the mode of a file and the rights of a user are lost.",
        "schema",
        (
            "pools.add.vm-configuration-kept",
            "pools.add.start-task-kept",
            "pools.add.resource-files-kept",
            "pools.add.user-accounts-kept",
        ),
        "Nested parts are read by models that know some of their members.",
        created(NEW, _parts_lost, _has_parts),
        consequences=(
            "pools.add.data-disk-caching-default",
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "pool-name-ascii",
        "Letters beyond ASCII in a displayName become question marks.",
        "schema",
        ("pools.add.display-name-unicode",),
        "Text encoded as ASCII for a column.",
        corrected(NEW, "displayName", _plain),
        consequences=(
            "pools.add.display-name-1024-accepted",
            "pools.trace.sent-shown",
        ),
    ),
    Defect(
        "pool-formula-hidden",
        "A pool does not show its formula.",
        "schema",
        ("pools.add.autoscale-shown", "pools.enable-auto-scale.applies"),
        "It is needed inside only.",
        body(_READS, each(_without_formula), lacks("$select")),
        consequences=(
            "pools.add.autoscale-interval-maximum-accepted",
            "pools.add.autoscale-interval-minimum-accepted",
            "pools.enable-auto-scale.keeps-formula",
            "pools.trace.sent-shown",
        ),
    ),
    Defect(
        "pool-secrets-kept",
        "A pool shows the secrets of its registries, mounts and users.",
        "secrets",
        (
            "pools.add.registry-password-hidden",
            "pools.add.mount-secrets-hidden",
            "pools.add.user-account-key-hidden",
            "pools.add.user-account-password-hidden",
            "pools.responses.secrets",
        ),
        "What was stored is told.",
        shows_sent("virtualMachineConfiguration.containerConfiguration", "mountConfiguration", "userAccounts"),
        consequences=("protocol.secrets.absent",),
    ),
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
        consequences=("protocol.consistency.etag-ticks",),
    ),
    Defect(
        "pool-read-differs",
        "Every second read of a pool shows another size.",
        "schema",
        ("pools.get.repeatable", "pools.trace.reads-agree"),
        "Two instances behind a balancer, of different versions.",
        every_second(ONE, _smallest),
    ),
    Defect(
        "pool-list-late",
        "The list of pools has a new one only when the next one has been added.",
        "paging",
        ("pools.add.listed", "pools.trace.list-complete"),
        _LAGS,
        late,
        consequences=("pools.list.lists-all",),
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
            "protocol.filter.grouping",
            "protocol.filter.no-match-empty",
            "protocol.filter.or",
            "protocol.filter.syntax-refused",
            "protocol.filter.unknown-property-refused",
            "protocol.filter.unsupported-operator-refused",
            "protocol.paging.complete",
            "protocol.paging.keeps-filter",
            "protocol.paging.last-page-has-no-link",
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
    ),
)
