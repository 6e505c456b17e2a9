"""What a pool has of itself: defaults that are not told, or are others."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import body
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect
from conformance.defects.poolparts import each
from conformance.defects.stored import Changed, created
from conformance.defects.where import lacks, version
from conformance.reference.wire import Json

_NEW = "POST /pools"
_READS = "GET /pools, GET /pools/{}"
_UNSAID = {"taskSlotsPerNode": 1, "resizeTimeout": "PT15M"}
_STARTING = has_member("startTask")
_OLD_WAY = "Older api-versions have it so."


def _without_zeros(pool: Json) -> None:
    for part in (pool, pool.get("startTask") or {}):
        for name in [name for name, value in part.items() if value is False or value == 0]:
            del part[name]


def _without_usual(pool: Json) -> None:
    for name, usual in _UNSAID.items():
        if pool.get(name) == usual:
            del pool[name]
    if str((pool.get("taskSchedulingPolicy") or {}).get("nodeFillType")).lower() == "spread":
        del pool["taskSchedulingPolicy"]


def _start_task(change: Callable[[Json, Json], None]) -> Callable[[Changed], None]:
    """Of what was sent and what is kept of it."""

    def changed(pool: Changed) -> None:
        if "startTask" in pool.now:
            change(pool.sent["startTask"], pool.now["startTask"])

    return changed


def _user(name: str, value: str) -> Callable[[Json, Json], None]:
    def change(sent: Json, kept: Json) -> None:
        given = (sent.get("userIdentity") or {}).get("autoUser") or {}
        user = kept.get("userIdentity", {}).get("autoUser")
        if user is not None and name not in given:
            user[name] = value

    return change


def _waiting(wait: bool) -> Callable[[Json, Json], None]:
    def change(sent: Json, kept: Json) -> None:
        if "waitForSuccess" not in sent:
            kept["waitForSuccess"] = wait

    return change


DEFECTS = (
    Defect(
        "pool-zeros-unsaid",
        "A pool does not show what is 0 or false.",
        "defaults",
        (
            "pools.add.autoscale-off-by-default",
            "pools.add.inter-node-off-by-default",
            "pools.add.starts-without-nodes",
            "pools.add.targets-default",
            "pools.add.targets-shown",
            "pools.add.start-task-retries-default",
            "pools.trace.defaults",
            "pools.disable-auto-scale.turns-off",
        ),
        "JSON libraries can leave out what has the default of its type.",
        body(_READS, each(_without_zeros), lacks("$select")),
        consequences=(
            "pools.resize.sets-target",
            "pools.responses.always-shown",
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "pool-usual-unsaid",
        "A pool does not show its task slots, its timeout and its policy when they are the usual ones.",
        "defaults",
        (
            "pools.add.slots-default",
            "pools.add.fill-type-default",
            "pools.add.resize-timeout-default",
            "pools.trace.defaults",
        ),
        "What was not sent is not there.",
        body(_READS, each(_without_usual), lacks("$select")),
        consequences=(
            "pools.responses.always-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "start-task-not-waited-for",
        "A start task that does not say so is not waited for.",
        "defaults",
        ("pools.add.start-task-wait-default", "pools.versions.wait-for-success-default", "pools.trace.defaults"),
        _OLD_WAY,
        created(_NEW, _start_task(_waiting(False)), _STARTING),
        consequences=("protocol.version.defaults-follow-version",),
    ),
    Defect(
        "start-task-waited-for",
        "Older api-versions wait for a start task that does not say so.",
        "versions",
        ("pools.add.start-task-wait-default-old", "pools.versions.wait-for-success-default"),
        "The defaults of the newest api-version for all of them.",
        created(_NEW, _start_task(_waiting(True)), lambda asked: _STARTING(asked) and version(asked) < "2019-08-01.10.0"),
        consequences=(
            "pools.trace.defaults",
            "protocol.version.defaults-follow-version",
        ),
        at="2018-03-01.6.1",
    ),
    Defect(
        "start-task-admin",
        "A start task that does not say so runs with the rights of an administrator.",
        "defaults",
        ("pools.add.start-task-user-default", "pools.add.start-task-elevation-default"),
        "An emulator runs everything as root.",
        created(_NEW, _start_task(_user("elevationLevel", "admin")), _STARTING),
        consequences=("pools.trace.defaults",),
    ),
    Defect(
        "start-task-own-user",
        "A start task that does not say so runs as a user of its own, not as that of the pool.",
        "defaults",
        ("pools.add.start-task-scope-default", "pools.versions.auto-user-scope-default"),
        _OLD_WAY,
        created(_NEW, _start_task(_user("scope", "task")), _STARTING),
        consequences=("pools.trace.defaults",),
    ),
)
