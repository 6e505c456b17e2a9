"""What a job schedule may be, just inside of each limit, and may not be, just outside of it."""

from __future__ import annotations

from typing import Any

from conformance.plugin import Batch
from scenarios.job_schedules.samples import (
    POOL,
    Build,
    auto_pool,
    auto_pool_without_target,
    pool_specification,
    prefix,
    stated,
)
from scenarios.jobs.samples import COMMAND
from scenarios.support import Json, formula, has, target_name

_MEMBERS = {"manager": "jobManagerTask", "preparation": "jobPreparationTask", "release": "jobReleaseTask"}
_SMALLEST: Json = {
    "manager": {"id": "manager", "commandLine": COMMAND},
    "preparation": {"commandLine": COMMAND},
    "release": {"commandLine": COMMAND},
}
_OUTPUT: Json = {
    "filePattern": "../std*.txt",
    "destination": {"container": {"path": "logs", "containerUrl": "https://example.blob.core.windows.net/logs"}},
    "uploadOptions": {"uploadCondition": "taskcompletion"},
}


def times(**properties: Any) -> Build:
    return lambda batch: {"schedule": properties}


def job(**properties: Any) -> Build:
    return lambda batch: {"jobSpecification": properties}


def task(which: str, **properties: Any) -> Build:
    """One of the tasks that a job brings, with little in it; a property given as None is left out."""
    needed = {"jobPreparationTask": _SMALLEST["preparation"]} if which == "release" else {}
    return job(**needed, **{_MEMBERS[which]: stated({**_SMALLEST[which], **properties})})


def _output(**properties: Any) -> Build:
    return task("manager", outputFiles=[stated({**_OUTPUT, **properties})])


def _file(*missing: str) -> Build:
    def build(batch: Batch) -> Json:
        source = "httpUrl" if has(batch, "ResourceFile", "httpUrl") else "blobSource"
        whole = {"source": (source, "https://example.org/file.txt"), "path": ("filePath", "file.txt")}
        file = dict(pair for name, pair in whole.items() if name not in missing)
        return task("manager", resourceFiles=[file])(batch)

    return build


def auto(**properties: Any) -> Build:
    return lambda batch: {"jobSpecification": {"poolInfo": auto_pool(batch, **properties)}}


def pool(**properties: Any) -> Build:
    """An auto pool whose specification has these properties."""
    return lambda batch: auto(pool=pool_specification(batch, **properties))(batch)


def _scaled(**properties: Any) -> Build:
    return lambda batch: pool(**{"enableAutoScale": True, "autoScaleFormula": formula(batch), **properties})(batch)


def _prefixed(length: int) -> Build:
    return lambda batch: auto(autoPoolIdPrefix=prefix(batch).ljust(length, "x"))(batch)


def _info(build: Build) -> Build:
    return lambda batch: {"jobSpecification": {"poolInfo": build(batch)}}


INSIDE: tuple[tuple[str, Build], ...] = (
    ("start-window-minute-accepted", times(startWindow="PT1M")),
    ("recurrence-interval-minute-accepted", times(recurrenceInterval="PT1M")),
    ("start-window-longer-accepted", times(recurrenceInterval="PT1M", startWindow="PT1H")),
    ("priority-ends-accepted", job(priority=-1000)),
    ("priority-ends-accepted", job(priority=1000)),
    ("job-display-name-1024-accepted", job(displayName="x" * 1024)),
    ("max-task-retry-count-unlimited-accepted", job(constraints={"maxTaskRetryCount": -1})),
    ("environment-value-optional", job(commonEnvironmentSettings=[{"name": "ALONE"}])),
    ("manager-id-64-accepted", task("manager", id="m" * 64)),
    ("manager-display-name-1024-accepted", task("manager", displayName="x" * 1024)),
    ("manager-output-files-kept", _output()),
    ("manager-files-kept", _file()),
    ("manager-user-kept", task("manager", userIdentity={"autoUser": {"scope": "task", "elevationLevel": "admin"}})),
    ("manager-low-priority-kept", task("manager", allowLowPriorityNode=True)),
    ("manager-low-priority-kept", task("manager", allowLowPriorityNode=False)),
    ("task-retries-unlimited-accepted", task("manager", constraints={"maxTaskRetryCount": -1})),
    ("task-retries-unlimited-accepted", task("preparation", constraints={"maxTaskRetryCount": -1})),
    ("preparation-id-64-accepted", task("preparation", id="p" * 64)),
    ("release-id-64-accepted", task("release", id="r" * 64)),
    ("release-time-limit-15-minutes-accepted", task("release", maxWallClockTime="PT15M")),
    ("auto-pool-prefix-20-accepted", _prefixed(20)),
    ("auto-pool-prefix-optional", auto(autoPoolIdPrefix=None)),
    ("auto-pool-lifetimes-accepted", auto(poolLifetimeOption="job")),
    ("auto-pool-lifetimes-accepted", auto(poolLifetimeOption="jobschedule")),
    ("auto-pool-display-name-1024-accepted", pool(displayName="x" * 1024)),
    ("auto-pool-resize-timeout-5-minutes-accepted", pool(resizeTimeout="PT5M")),
    ("auto-pool-interval-ends-accepted", _scaled(autoScaleEvaluationInterval="PT5M")),
    ("auto-pool-interval-ends-accepted", _scaled(autoScaleEvaluationInterval="P7D")),
)
OUTSIDE: tuple[tuple[str, Build], ...] = (
    ("start-window-below-refused", times(startWindow="PT59S")),
    ("start-window-malformed-refused", times(startWindow="a minute")),
    ("recurrence-interval-below-refused", times(recurrenceInterval="PT59S")),
    ("recurrence-interval-malformed-refused", times(recurrenceInterval="a minute")),
    ("instant-malformed-refused", times(doNotRunUntil="tomorrow")),
    ("instant-malformed-refused", times(doNotRunAfter="tomorrow")),
    ("metadata-empty-name-refused", lambda batch: {"metadata": [{"name": "", "value": "x"}]}),
    ("metadata-item-needs-value", lambda batch: {"metadata": [{"name": "alone"}]}),
    ("priority-outside-refused", job(priority=-1001)),
    ("priority-outside-refused", job(priority=1001)),
    ("job-display-name-1025-refused", job(displayName="x" * 1025)),
    ("pool-info-required", job(poolInfo=None)),
    ("pool-info-empty-refused", job(poolInfo={})),
    ("pool-info-both-refused", _info(lambda batch: {**POOL, **auto_pool(batch)})),
    ("max-wall-clock-time-malformed-refused", job(constraints={"maxWallClockTime": "an hour"})),
    ("max-task-retry-count-below-refused", job(constraints={"maxTaskRetryCount": -2})),
    ("max-parallel-tasks-zero-refused", job(maxParallelTasks=0)),
    ("environment-name-required", job(commonEnvironmentSettings=[{"value": "alone"}])),
    ("environment-name-required", task("manager", environmentSettings=[{"value": "alone"}])),
    ("job-metadata-empty-name-refused", job(metadata=[{"name": "", "value": "x"}])),
    ("on-all-tasks-complete-unknown-refused", job(onAllTasksComplete="celebrate")),
    ("on-task-failure-unknown-refused", job(onTaskFailure="celebrate")),
    ("manager-id-required", task("manager", id=None)),
    ("manager-id-65-refused", task("manager", id="m" * 65)),
    ("manager-id-charset-refused", task("manager", id="a manager")),
    ("manager-command-required", task("manager", commandLine=None)),
    ("manager-display-name-1025-refused", task("manager", displayName="x" * 1025)),
    ("manager-output-pattern-required", _output(filePattern=None)),
    ("manager-output-destination-required", _output(destination=None)),
    ("manager-output-container-url-required", _output(destination={"container": {"path": "logs"}})),
    ("manager-output-options-required", _output(uploadOptions=None)),
    ("manager-output-condition-unknown-refused", _output(uploadOptions={"uploadCondition": "always"})),
    ("manager-package-application-required", task("manager", applicationPackageReferences=[{"version": "1.0"}])),
    ("manager-file-path-required", _file("path")),
    ("manager-file-source-required", _file("source")),
    ("manager-user-exclusive", task("manager", userIdentity={"username": "bcs", "autoUser": {"scope": "pool"}})),
    ("manager-user-needs-one", task("manager", userIdentity={})),
    ("task-retries-below-refused", task("manager", constraints={"maxTaskRetryCount": -2})),
    ("task-retries-below-refused", task("preparation", constraints={"maxTaskRetryCount": -2})),
    ("preparation-id-65-refused", task("preparation", id="p" * 65)),
    ("preparation-command-required", task("preparation", commandLine=None, id="before")),
    ("preparation-id-charset-refused", task("preparation", id="be/fore")),
    ("release-id-65-refused", task("release", id="r" * 65)),
    ("release-command-required", task("release", commandLine=None, id="after")),
    ("release-id-charset-refused", task("release", id="af/ter")),
    ("release-time-limit-above-refused", task("release", maxWallClockTime="PT15M1S")),
    ("auto-pool-prefix-21-refused", _prefixed(21)),
    ("auto-pool-lifetime-required", auto(poolLifetimeOption=None)),
    ("auto-pool-lifetime-unknown-refused", auto(poolLifetimeOption="forever")),
    ("auto-pool-pool-required", _info(lambda batch: {"autoPoolSpecification": {"poolLifetimeOption": "job"}})),
    ("auto-pool-vm-size-required", pool(vmSize=None)),
    ("auto-pool-configuration-required", pool(virtualMachineConfiguration=None)),
    ("auto-pool-configuration-one-only", lambda batch: _two_configurations(batch)),
    ("auto-pool-display-name-1025-refused", pool(displayName="x" * 1025)),
    ("auto-pool-resize-timeout-below-refused", pool(resizeTimeout="PT4M59S")),
    ("auto-pool-targets-required", _info(auto_pool_without_target)),
    ("auto-pool-formula-required", _scaled(autoScaleFormula=None)),
    ("auto-pool-formula-alone-refused", lambda batch: pool(autoScaleFormula=formula(batch))(batch)),
    ("auto-pool-formula-with-target-refused", lambda batch: _scaled(**{target_name(batch): 0})(batch)),
    ("auto-pool-interval-outside-refused", _scaled(autoScaleEvaluationInterval="PT4M59S")),
    ("auto-pool-interval-outside-refused", _scaled(autoScaleEvaluationInterval="PT168H1S")),
)
# refused with 400 or, as a conflict of one part with another, with 409
CONFLICTS: tuple[tuple[str, Build], ...] = (
    ("release-needs-preparation", job(jobReleaseTask=_SMALLEST["release"])),
    ("task-ids-differ", job(jobManagerTask=_SMALLEST["manager"], jobPreparationTask={**_SMALLEST["manager"]})),
)


def _two_configurations(batch: Batch) -> Json:
    both = {**pool_specification(batch), "cloudServiceConfiguration": {"osFamily": "6"}}
    return auto(pool=both)(batch)
