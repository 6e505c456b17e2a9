"""What updateproperties of a pool does not replace, and what it touches that is none of its business."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.leniency import refuses
from conformance.defects.model import Defect
from conformance.defects.paths import ABSENT
from conformance.defects.poolparts import corrected, forgives
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, after
from conformance.reference.wire import Json

_REPLACE = "POST /pools/{}/updateproperties"
_LISTS = ("metadata", "applicationPackageReferences", "certificateReferences")
_LIKE_PATCH = "The replacement written like PATCH."
_NEWEST = "2024-07-01.20.0"
_START_TASK_LATER = "The start task is read by code that is older than this part of it."


def _keeps_omitted(*names: str) -> Callable[[Changed], None]:
    def change(pool: Changed) -> None:
        for name in names:
            if name not in pool.sent:
                pool.restore(name)

    return change


def _keeps_empty(pool: Changed) -> None:
    for name in _LISTS:
        if pool.sent.get(name) == []:
            pool.restore(name)


def _appends(pool: Changed) -> None:
    for name in _LISTS:
        if pool.sent.get(name) and pool.was.get(name):
            pool.now[name] = [*pool.was[name], *pool.sent[name]]


def _merges_start_task(pool: Changed) -> None:
    if pool.sent.get("startTask") and "startTask" in pool.was:
        pool.now["startTask"] = {**pool.was["startTask"], **pool.sent["startTask"]}


def _drops(*names: str) -> Callable[[Changed], None]:
    def change(pool: Changed) -> None:
        for name in names:
            pool.now.pop(name, None)

    return change


def _machine_again(pool: Changed) -> None:
    pool.now["vmSize"] = "standard_a1_v2"


def _scale_off(pool: Changed) -> None:
    pool.now["enableAutoScale"], pool.now["resizeTimeout"] = False, "PT15M"


def _rescheduled(pool: Changed) -> None:
    usual = {"taskSlotsPerNode": 1, "taskSchedulingPolicy": {"nodeFillType": "spread"}, "enableInterNodeCommunication": False}
    pool.now.update(usual)


def _made_again(pool: Changed) -> None:
    pool.now["creationTime"] = pool.now["stateTransitionTime"] = pool.now["lastModified"]


def _etag_stays(pool: Changed) -> None:
    pool.restore("_modified", "eTag", "lastModified")


def _without(*names: str) -> Callable[[Json], Json]:
    return lambda part: {name: value for name, value in part.items() if name not in names} if isinstance(part, dict) else part


def _first_files(files: object) -> object:
    """Files that are containers are not known: they are left out."""
    return [file for file in files if "httpUrl" in file] if isinstance(files, list) else files


def _keeps_environment(pool: Changed) -> None:
    """The start task is another one, in the old environment."""
    old = (pool.was.get("startTask") or {}).get("environmentSettings")
    if old and pool.sent.get("startTask") and "environmentSettings" not in pool.sent["startTask"]:
        pool.now["startTask"]["environmentSettings"] = old


DEFECTS = (
    Defect(
        "pool-replace-keeps-omitted",
        "updateproperties keeps the start task, the packages and the certificates that it does not name.",
        "full-replace",
        (
            "pools.update-properties.clears-omitted-start-task",
            "pools.update-properties.clears-omitted-packages",
            "pools.update-properties.clears-omitted-certificates",
            "pools.trace.unsent-absent",
        ),
        _LIKE_PATCH,
        after(_REPLACE, _keeps_omitted("startTask", "applicationPackageReferences", "certificateReferences")),
    ),
    Defect(
        "pool-replace-keeps-mode",
        "updateproperties keeps the mode of communication that it does not name.",
        "full-replace",
        ("pools.update-properties.resets-omitted-communication-mode",),
        _LIKE_PATCH,
        after(_REPLACE, _keeps_omitted("targetNodeCommunicationMode")),
        consequences=("pools.trace.defaults",),
        at=_NEWEST,
    ),
    Defect(
        "pool-replace-mode-ignored",
        "updateproperties does not read the mode of communication.",
        "full-replace",
        (
            "pools.update-properties.sets-communication-mode",
            "pools.update-properties.sets-each-communication-mode",
        ),
        "The handler of an older api-version.",
        deaf_to_member(_REPLACE, "targetNodeCommunicationMode"),
        consequences=("pools.trace.writes-shown",),
        at=_NEWEST,
    ),
    Defect(
        "pool-replace-ignores-empty",
        "updateproperties with an empty list leaves the list as it was.",
        "full-replace",
        (
            "pools.update-properties.empty-metadata-removes",
            "pools.update-properties.empty-packages-removes",
            "pools.update-properties.empty-certificates-removes",
        ),
        "Empty is taken for absent.",
        after(_REPLACE, _keeps_empty),
        consequences=(
            "pools.trace.sent-shown",
            "pools.update-properties.replaces-certificates",
            "pools.update-properties.replaces-metadata",
            "pools.update-properties.replaces-packages",
        ),
    ),
    Defect(
        "pool-replace-appends",
        "updateproperties adds metadata, packages and certificates to those that the pool has.",
        "full-replace",
        (
            "pools.update-properties.replaces-metadata",
            "pools.update-properties.replaces-packages",
            "pools.update-properties.replaces-certificates",
        ),
        "Lists that are merged.",
        after(_REPLACE, _appends),
        consequences=(
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "pool-replace-merges-start-task",
        "updateproperties merges the start task with the old one.",
        "full-replace",
        ("pools.update-properties.replaces-start-task",),
        "JSON merge patch, which this is not.",
        after(_REPLACE, _merges_start_task),
        consequences=(
            "pools.trace.defaults",
            "pools.update-properties.clears-omitted-start-task",
        ),
    ),
    Defect(
        "pool-replace-keeps-environment",
        "The start task that updateproperties sends runs in the environment of the old one, unless it has its own.",
        "full-replace",
        ("pools.update-properties.replaces-start-task", "pools.trace.whole"),
        "Nested lists are written only when they are sent.",
        after(_REPLACE, _keeps_environment),
    ),
    Defect(
        "pool-replace-drops-name",
        "updateproperties removes the name, the user accounts, the network and the mounts of the pool.",
        "full-replace",
        (
            "pools.update-properties.keeps-display-name",
            "pools.update-properties.keeps-user-accounts",
            "pools.update-properties.keeps-network",
            "pools.update-properties.keeps-mounts",
            "pools.trace.kept",
        ),
        "A replacement of everything, as PUT is elsewhere.",
        after(_REPLACE, _drops("displayName", "userAccounts", "networkConfiguration", "mountConfiguration")),
        consequences=("pools.trace.writes-shown",),
    ),
    Defect(
        "pool-replace-drops-tags",
        "updateproperties removes the tags and the upgrade policy of the pool.",
        "full-replace",
        ("pools.update-properties.keeps-upgrade-policy", "pools.update-properties.keeps-resource-tags"),
        "A replacement of everything, as PUT is elsewhere.",
        after(_REPLACE, _drops("upgradePolicy", "resourceTags")),
        consequences=("pools.trace.kept",),
        at=_NEWEST,
    ),
    Defect(
        "pool-replace-resizes-machine",
        "updateproperties puts the size of the machines back to the smallest.",
        "full-replace",
        ("pools.update-properties.keeps-vm",),
        "What was not sent has its default.",
        after(_REPLACE, _machine_again),
        consequences=(
            "pools.trace.kept",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "pool-replace-stops-scaling",
        "updateproperties switches autoscale off and forgets the timeout.",
        "full-replace",
        ("pools.update-properties.keeps-scale",),
        "What was not sent has its default.",
        after(_REPLACE, _scale_off),
        consequences=("pools.trace.kept",),
    ),
    Defect(
        "pool-replace-reschedules",
        "updateproperties puts task slots, policy and communication between nodes back to the defaults.",
        "full-replace",
        ("pools.update-properties.keeps-scheduling",),
        "What was not sent has its default.",
        after(_REPLACE, _rescheduled),
        consequences=("pools.trace.kept",),
    ),
    Defect(
        "pool-replace-makes-anew",
        "A pool that was changed by updateproperties shows the time of the change as that of its creation.",
        "full-replace",
        ("pools.update-properties.keeps-identity-times", "pools.trace.identity"),
        "An update that is a deletion and a creation.",
        after(_REPLACE, _made_again),
        consequences=("pools.patch.keeps-identity-times",),
    ),
    Defect(
        "pool-replace-etag-stays",
        "updateproperties changes the pool and leaves its ETag.",
        "conditions",
        ("pools.update-properties.moves-etag", "pools.trace.etag-moves"),
        "The ETag is made at creation.",
        after(_REPLACE, _etag_stays),
        consequences=(
            "pools.trace.etag-answered",
            "pools.trace.etag-transition",
            "pools.trace.modified-forward",
            "protocol.etag.moves-on-write",
            "protocol.etag.write-answers-new",
        ),
    ),
    Defect(
        "pool-replace-fixed-taken",
        "updateproperties overlooks what it cannot change.",
        "full-replace",
        ("pools.update-properties.fixed-property-refused",),
        "JSON libraries overlook what the model does not have.",
        forgives(_REPLACE, dict.fromkeys(("vmSize", "resizeTimeout", "enableAutoScale"), ABSENT)),
        consequences=("protocol.errors.read-only-not-accepted",),
    ),
    Defect(
        "start-task-part-lost",
        "The user, the retries and the waiting of a start task that updateproperties sends are lost.",
        "full-replace",
        (
            "pools.update-properties.sets-start-task-user",
            "pools.update-properties.sets-start-task-user-name",
            "pools.update-properties.sets-start-task-retries",
            "pools.update-properties.sets-start-task-wait",
        ),
        _START_TASK_LATER,
        corrected(_REPLACE, "startTask", _without("userIdentity", "maxTaskRetryCount", "waitForSuccess")),
        consequences=(
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
            "pools.update-properties.replaces-start-task",
        ),
    ),
    Defect(
        "start-task-container-lost",
        "The container and the environment of a start task that updateproperties sends are lost.",
        "full-replace",
        (
            "pools.update-properties.sets-start-task-environment",
            "pools.update-properties.sets-start-task-container",
            "pools.update-properties.sets-start-task-working-directory",
        ),
        _START_TASK_LATER,
        corrected(_REPLACE, "startTask", _without("containerSettings", "environmentSettings")),
        consequences=(
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
            "pools.update-properties.replaces-start-task",
        ),
    ),
    Defect(
        "start-task-containers-lost",
        "Resource files that are containers are left out of the start task that updateproperties sends.",
        "full-replace",
        ("pools.update-properties.sets-container-files", "pools.update-properties.sets-auto-storage-files"),
        _START_TASK_LATER,
        corrected(_REPLACE, "startTask.resourceFiles", _first_files),
        consequences=("pools.trace.writes-shown",),
    ),
    Defect(
        "certificate-places-lost",
        "Visibility and store of the certificates that updateproperties sends are lost.",
        "full-replace",
        ("pools.update-properties.sets-certificate-visibility", "pools.update-properties.sets-certificate-store"),
        "Only the thumbprint counts.",
        corrected(_REPLACE, "certificateReferences.0", _without("visibility", "storeName", "storeLocation")),
        consequences=("pools.trace.writes-shown",),
    ),
    Defect(
        "start-task-forever-refused",
        "updateproperties takes no start task that is to be retried without limit.",
        "limits",
        ("pools.update-properties.sets-start-task-retries",),
        "A count is not negative.",
        refuses(_REPLACE, lambda asked: b'"maxTaskRetryCount": -1' in asked.body or b'"maxTaskRetryCount":-1' in asked.body),
    ),
)
