"""Parts of the start task and of certificates that updateproperties loses."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.model import Defect
from conformance.defects.poolparts import corrected
from conformance.reference.wire import Json

_REPLACE = "POST /pools/{}/updateproperties"
_START_TASK_LATER = "The start task is read by code that is older than this part of it."


def _without(*names: str) -> Callable[[Json], Json]:
    return lambda part: {name: value for name, value in part.items() if name not in names} if isinstance(part, dict) else part


def _first_files(files: object) -> object:
    """Files that are containers are not known: they are left out."""
    return [file for file in files if "httpUrl" in file] if isinstance(files, list) else files


DEFECTS = (
    Defect(
        "start-task-part-lost",
        "The user, the retries and the waiting of a start task that updateproperties sends are lost.",
        "full-replace",
        (
            "pools.update-properties.sets-start-task-user",
            "pools.update-properties.sets-start-task-user-name",
            "pools.update-properties.sets-start-task-retries",
            "pools.update-properties.sets-start-task-wait",
            "pools.trace.writes-shown",
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
        consequences=(
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
            "pools.update-properties.replaces-start-task",
        ),
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
)
