"""What PATCH of a pool does beside what it is told: it forgets and resets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.poolparts import pool_of
from conformance.defects.stored import Changed, after
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_PATCH = "PATCH /pools/{}"
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


def _empties(pool: Changed) -> None:
    if not pool.sent:
        for name in ("metadata", "startTask"):
            pool.now.pop(name, None)


def _first_metadata(service: Service) -> Lie:
    """PATCH after updateproperties finds the row that was written first."""
    first: dict[str, Any] = {}
    replaced: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits("POST /pools", asked) and answer.status == 201 and "metadata" in sent(asked):
            first[f"/pools/{sent(asked).get('id')}"] = sent(asked)["metadata"]
        if fits("POST /pools/{}/updateproperties", asked) and answer.status == 204:
            replaced.add(asked.path.rpartition("/")[0])
        again = fits(_PATCH, asked) and answer.status == 200 and asked.path in replaced
        pool = pool_of(service, asked) if again and asked.path in first and "metadata" not in sent(asked) else None
        if pool is not None:
            pool["metadata"] = first[asked.path]
        return answer

    return lie


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
        consequences=("pools.patch.empty-body-changes-nothing",),
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
            "pools.responses.always-shown",
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
        consequences=(
            "pools.patch.empty-body-changes-nothing",
            "pools.trace.state-times",
        ),
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
        "pool-patch-after-replace",
        "PATCH after updateproperties brings back the metadata that the pool was created with.",
        "partial-update",
        ("pools.patch.keeps-omitted-metadata",),
        "Two caches of a row, of which the replacement writes one.",
        _first_metadata,
        consequences=("pools.trace.writes-shown",),
    ),
)
