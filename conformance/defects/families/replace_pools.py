"""What updateproperties of a pool does not replace."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.model import Defect
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, after

_REPLACE = "POST /pools/{}/updateproperties"
_LISTS = ("metadata", "applicationPackageReferences", "certificateReferences")
_LIKE_PATCH = "The replacement written like PATCH."
_NEWEST = "2024-07-01.20.0"


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


def _keeps_environment(pool: Changed) -> None:
    """The start task is another one, in the old environment."""
    old = (pool.was.get("startTask") or {}).get("environmentSettings")
    if old and pool.sent.get("startTask") and "environmentSettings" not in pool.sent["startTask"]:
        pool.now["startTask"]["environmentSettings"] = old


DEFECTS = (
    Defect(
        "pool-replace-keeps-omitted",
        "The operation updateproperties keeps the start task, the packages and the certificates that it does not name.",
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
        "The operation updateproperties keeps the mode of communication that it does not name.",
        "full-replace",
        ("pools.update-properties.resets-omitted-communication-mode",),
        _LIKE_PATCH,
        after(_REPLACE, _keeps_omitted("targetNodeCommunicationMode")),
        consequences=("pools.trace.defaults",),
        at=_NEWEST,
    ),
    Defect(
        "pool-replace-mode-ignored",
        "The operation updateproperties does not read the mode of communication.",
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
        "The operation updateproperties with an empty list leaves the list as it was.",
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
        "The operation updateproperties adds metadata, packages and certificates to those that the pool has.",
        "full-replace",
        (
            "pools.update-properties.replaces-metadata",
            "pools.update-properties.replaces-packages",
            "pools.update-properties.replaces-certificates",
        ),
        "Lists that are merged.",
        after(_REPLACE, _appends),
        consequences=(
            "pools.patch.keeps-omitted-metadata",
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "pool-replace-merges-start-task",
        "The operation updateproperties merges the start task with the old one.",
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
)
