"""What PATCH of a pool does beside what it is told: it forgets, resets, adds, ignores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.defects.model import Defect
from conformance.defects.paths import ABSENT
from conformance.defects.poolparts import forgives
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, after

_PATCH = "PATCH /pools/{}"
_LISTS = ("metadata", "applicationPackageReferences", "certificateReferences")

_FIXED = (
    "displayName",
    "enableInterNodeCommunication",
    "mountConfiguration",
    "networkConfiguration",
    "resourceTags",
    "upgradePolicy",
    "userAccounts",
)
_LIKE_PUT = "PATCH written like a replacement."
_NEWEST = "2024-07-01.20.0"


def _drops(*names: str) -> Callable[[Changed], None]:
    def change(pool: Changed) -> None:
        for name in names:
            if name not in pool.sent:
                pool.now.pop(name, None)

    return change


def _resets(**values: Any) -> Callable[[Changed], None]:
    def change(pool: Changed) -> None:
        for name, value in values.items():
            if name in pool.now and name not in pool.sent:
                pool.now[name] = value

    return change


def _rescheduled(pool: Changed) -> None:
    _resets(taskSlotsPerNode=1, taskSchedulingPolicy={"nodeFillType": "spread"})(pool)


def _machine_again(pool: Changed) -> None:
    """What the update does not name is what it would be in a pool of the usual size."""
    _resets(vmSize="standard_a1_v2", resizeTimeout="PT15M")(pool)
    pool.now.get("virtualMachineConfiguration", {}).pop("nodeAgentSKUId", None)


def _scale_off(pool: Changed) -> None:
    for name in ("autoScaleFormula", "autoScaleEvaluationInterval", "autoScaleRun"):
        pool.now.pop(name, None)
    pool.now["enableAutoScale"] = False


def _made_again(pool: Changed) -> None:
    """An update that is a deletion and a creation."""
    pool.now["creationTime"] = pool.now["stateTransitionTime"] = pool.now["lastModified"]


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


def _empties(pool: Changed) -> None:
    if not pool.sent:
        for name in ("metadata", "startTask"):
            pool.now.pop(name, None)


DEFECTS = (
    Defect(
        "pool-patch-like-put",
        "PATCH of a pool removes the start task, the packages and the certificates when it does not name them.",
        "partial-update",
        (
            "pools.patch.keeps-omitted-start-task",
            "pools.patch.keeps-omitted-packages",
            "pools.patch.keeps-omitted-certificates",
            "pools.trace.kept",
        ),
        _LIKE_PUT,
        after(_PATCH, _drops("startTask", "applicationPackageReferences", "certificateReferences")),
    ),
    Defect(
        "pool-patch-forgets-rest",
        "PATCH of a pool removes what it cannot change: name, tags, users, network, mounts, policy.",
        "partial-update",
        (
            "pools.patch.keeps-omitted-display-name",
            "pools.patch.keeps-omitted-inter-node",
            "pools.patch.keeps-omitted-mounts",
            "pools.patch.keeps-omitted-network",
            "pools.patch.keeps-omitted-resource-tags",
            "pools.patch.keeps-omitted-upgrade-policy",
            "pools.patch.keeps-omitted-user-accounts",
            "pools.patch.keeps-omitted-communication-mode",
            "pools.patch.empty-body-changes-nothing",
        ),
        "A row is written with the columns that the handler knows.",
        after(_PATCH, _drops(*_FIXED, "targetNodeCommunicationMode")),
        consequences=(
            "pools.trace.kept",
            "pools.trace.writes-shown",
        ),
        at=_NEWEST,
    ),
    Defect(
        "pool-patch-reschedules",
        "PATCH of a pool puts its task slots and its scheduling policy back to the defaults.",
        "partial-update",
        ("pools.patch.keeps-omitted-slots", "pools.patch.keeps-omitted-scheduling-policy", "pools.trace.kept"),
        "The model of the request is filled with defaults before it is written.",
        after(_PATCH, _rescheduled),
    ),
    Defect(
        "pool-patch-touches-machine",
        "PATCH of a pool puts its size, its timeout and the agent of its machines back to what is usual.",
        "partial-update",
        (
            "pools.patch.keeps-omitted-vm-configuration",
            "pools.patch.keeps-omitted-vm-size",
            "pools.patch.keeps-resize-timeout",
        ),
        "The model of the request is filled with defaults before it is written.",
        after(_PATCH, _machine_again),
        consequences=(
            "pools.patch.empty-body-changes-nothing",
            "pools.responses.required-present",
            "pools.trace.kept",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "pool-patch-stops-scaling",
        "PATCH of a pool switches its autoscale off.",
        "partial-update",
        ("pools.patch.keeps-scale",),
        "A pool that changes starts anew.",
        after(_PATCH, _scale_off),
        consequences=("pools.trace.kept",),
    ),
    Defect(
        "pool-patch-makes-anew",
        "A pool that was changed by PATCH shows the time of the change as that of its creation and of its state.",
        "partial-update",
        ("pools.patch.keeps-identity-times", "pools.trace.identity"),
        "An update that is a deletion and a creation.",
        after(_PATCH, _made_again),
        consequences=("pools.patch.empty-body-changes-nothing",),
    ),
    Defect(
        "pool-patch-empty-clears",
        "PATCH of a pool with an empty object removes its metadata and its start task.",
        "partial-update",
        ("pools.patch.empty-body-changes-nothing",),
        "Nothing was sent, so nothing is to be there.",
        after(_PATCH, _empties),
        consequences=(
            "pools.patch.keeps-omitted-metadata",
            "pools.patch.keeps-omitted-start-task",
            "pools.trace.kept",
        ),
    ),
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
        consequences=("pools.trace.writes-shown",),
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
