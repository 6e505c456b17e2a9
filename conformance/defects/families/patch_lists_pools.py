"""What PATCH of a pool does not do, or does to lists and to what it cannot change."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.model import Defect
from conformance.defects.paths import ABSENT
from conformance.defects.poolparts import forgives
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, after

_PATCH = "PATCH /pools/{}"
_LISTS = ("metadata", "applicationPackageReferences", "certificateReferences")
_NEWEST = "2024-07-01.20.0"


def _appends(*names: str) -> Callable[[Changed], None]:
    def change(pool: Changed) -> None:
        for name in names:
            if pool.sent.get(name) and pool.was.get(name):
                pool.now[name] = [*pool.was[name], *pool.sent[name]]

    return change


def _keeps_when_empty(pool: Changed) -> None:
    for name in _LISTS:
        if pool.sent.get(name) == []:
            pool.restore(name)


DEFECTS = (
    Defect(
        "pool-patch-appends",
        "PATCH of a pool adds metadata, packages and certificates to those that it has.",
        "partial-update",
        (
            "pools.patch.replaces-metadata",
            "pools.patch.replaces-packages",
            "pools.patch.replaces-certificates",
        ),
        "Lists that are merged.",
        after(_PATCH, _appends(*_LISTS)),
        consequences=(
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "pool-patch-ignores-empty",
        "PATCH of a pool with an empty list leaves the list as it was.",
        "partial-update",
        (
            "pools.patch.empty-metadata-removes",
            "pools.patch.empty-packages-removes",
            "pools.patch.empty-certificates-removes",
        ),
        "Empty is taken for absent.",
        after(_PATCH, _keeps_when_empty),
        consequences=(
            "certificates.delete.used-by-node-fails",
            "pools.patch.replaces-certificates",
            "pools.patch.replaces-metadata",
            "pools.patch.replaces-packages",
            "pools.trace.sent-shown",
        ),
    ),
    Defect(
        "pool-patch-ignored",
        "PATCH of a pool is answered 200 and changes nothing that only newer api-versions can change.",
        "partial-update",
        (
            "pools.patch.sets-communication-mode",
            "pools.patch.sets-display-name",
            "pools.patch.sets-slots",
            "pools.patch.sets-inter-node",
            "pools.trace.sent-shown",
        ),
        "The handler of an older api-version.",
        deaf_to_member(_PATCH, "targetNodeCommunicationMode", "displayName", "taskSlotsPerNode", "enableInterNodeCommunication"),
        consequences=(
            "pools.patch.fixed-property-refused",
            "pools.trace.writes-shown",
            "pools.versions.patch-display-name",
            "protocol.errors.read-only-not-accepted",
        ),
        at=_NEWEST,
    ),
    Defect(
        "pool-patch-machine-ignored",
        "PATCH of a pool is answered 200 and changes nothing of what describes its nodes.",
        "partial-update",
        (
            "pools.patch.sets-mounts",
            "pools.patch.sets-network",
            "pools.patch.sets-resource-tags",
            "pools.patch.sets-scheduling-policy",
            "pools.patch.sets-upgrade-policy",
            "pools.patch.sets-user-accounts",
            "pools.patch.sets-vm-size",
            "pools.patch.sets-vm-configuration",
        ),
        "What is deployed is not changed.",
        deaf_to_member(
            _PATCH,
            "mountConfiguration",
            "networkConfiguration",
            "resourceTags",
            "taskSchedulingPolicy",
            "upgradePolicy",
            "userAccounts",
            "vmSize",
            "virtualMachineConfiguration",
        ),
        consequences=("pools.trace.sent-shown",),
        at=_NEWEST,
    ),
    Defect(
        "pool-patch-fixed-taken",
        "PATCH of a pool overlooks what it cannot change.",
        "partial-update",
        ("pools.patch.fixed-property-refused",),
        "JSON libraries overlook what the model does not have.",
        forgives(_PATCH, dict.fromkeys(("id", "resizeTimeout", "enableAutoScale", "targetDedicatedNodes", "state"), ABSENT)),
        consequences=("protocol.errors.read-only-not-accepted",),
    ),
    Defect(
        "pool-patch-name-early",
        "PATCH of a pool takes displayName at every api-version.",
        "versions",
        ("pools.versions.patch-display-name",),
        "One handler for every api-version.",
        forgives(_PATCH, {"displayName": ABSENT}),
        consequences=(
            "pools.patch.fixed-property-refused",
            "protocol.errors.read-only-not-accepted",
        ),
    ),
)
