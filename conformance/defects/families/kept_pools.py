"""What is kept and shown of what was sent for a pool."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import body
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect
from conformance.defects.poolparts import corrected, each
from conformance.defects.poolreads import LIST, NEW, ONE, shows_sent
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, created
from conformance.defects.where import lacks
from conformance.reference.wire import Json, WireRequest

_READS = f"{LIST}, {ONE}"
_UNREAD = "A property that the creation does not read."


def _short_size(pool: Changed) -> None:
    pool.now["vmSize"] = pool.now["vmSize"].removeprefix("standard_")


def _one_less(pool: Json) -> None:
    for name in ("currentDedicatedNodes", "currentDedicated"):
        if pool.get(name):
            pool[name] -= 1


def _without_formula(pool: Json) -> None:
    pool.pop("autoScaleFormula", None)


def _unscheduled(pool: Changed) -> None:
    usual = {"taskSlotsPerNode": 1, "taskSchedulingPolicy": {"nodeFillType": "spread"}, "enableInterNodeCommunication": False}
    pool.now.update(usual)
    if "resizeTimeout" in pool.sent:
        pool.now["resizeTimeout"] = "PT15M"


def _is_scheduled(asked: WireRequest) -> bool:
    names = (b"resizeTimeout", b"SlotsPerNode", b"SchedulingPolicy", b"InterNode")
    return any(name in asked.body for name in names)


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


DEFECTS = (
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
        ("pools.add.reaches-target", "pools.resize.reaches-target", "pools.enable-auto-scale.scales", "nodes.list.lists-all"),
        "Off by one.",
        body(_READS, each(_one_less)),
        consequences=(
            "nodes.list.lists-all",
            "pools.remove-nodes.removes",
        ),
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
        consequences=(
            "jobs.manager.shared",
            "pools.versions.names-of-one-pool",
            "protocol.filter.grouping",
            "tasks.dependencies.waits",
        ),
    ),
    Defect(
        "pool-mode-unread",
        "A new pool has the default mode of communication, whatever was sent.",
        "schema",
        ("pools.add.communication-mode-kept",),
        _UNREAD,
        deaf_to_member(NEW, "targetNodeCommunicationMode"),
        consequences=(
            "pools.trace.sent-shown",
            "pools.versions.communication-mode",
            "protocol.errors.unknown-property",
        ),
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
)
