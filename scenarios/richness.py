"""Bodies that say nearly everything that a creation may say, without anything that a node or another service has to bring."""

from __future__ import annotations

from typing import Any

from conformance.plugin import Batch
from scenarios.support import Json, has

_STORE = "https://example.blob.core.windows.net/inputs"
# how Windows says that a process was ended by Ctrl-C: exit codes take all of 32 bits
_ENDED = -1073741510
_FAR = "2099-01-01T00:00:00Z"
# more than a short column of a database holds
_LONG = "x" * 300


def fitting(batch: Batch, model: str, body: Json) -> Json:
    """What the model has of it at the api-version of the target."""
    known = batch.contract.models[model].properties
    return {name: _fitting(batch, known[name].ref or known[name].items, value) for name, value in body.items() if name in known}


def _fitting(batch: Batch, model: str | None, value: Any) -> Any:
    if model is None or model not in batch.contract.models:
        return value
    if isinstance(value, list):
        return [_fitting(batch, model, element) for element in value]
    return fitting(batch, model, value) if isinstance(value, dict) else value


def rich_pool(batch: Batch, word: str = "one") -> Json:
    return fitting(
        batch,
        "PoolAddParameter",
        {
            "displayName": f"all of {word}",
            "resizeTimeout": "PT25M",
            "taskSlotsPerNode": 2,
            "maxTasksPerNode": 2,
            "taskSchedulingPolicy": {"nodeFillType": "pack"},
            "enableInterNodeCommunication": True,
            "metadata": _metadata(word),
            "startTask": start_task(batch, word),
        },
    )


def start_task(batch: Batch, word: str) -> Json:
    return {**_work(batch, word), "maxTaskRetryCount": 3, "waitForSuccess": True}


def rich_job(batch: Batch, word: str = "one") -> Json:
    """Without the pool."""
    body = {
        "displayName": f"all of {word}",
        "priority": 7,
        "maxParallelTasks": 5,
        "allowTaskPreemption": True,
        "usesTaskDependencies": True,
        "onAllTasksComplete": "noaction",
        "onTaskFailure": "performexitoptionsjobaction",
        "constraints": {"maxWallClockTime": "P3D", "maxTaskRetryCount": 2},
        "commonEnvironmentSettings": _environment(word),
        "metadata": _metadata(word),
        "jobManagerTask": {
            "id": "manager",
            **_work(batch, word),
            "displayName": f"manager {word}",
            "constraints": _constraints(),
            "requiredSlots": 1,
            "killJobOnCompletion": False,
            "runExclusive": False,
            "allowLowPriorityNode": True,
            "authenticationTokenSettings": {"access": ["job"]},
        },
        "jobPreparationTask": {
            "id": "preparation",
            **_work(batch, word),
            "constraints": _constraints(),
            "waitForSuccess": False,
            "rerunOnNodeRebootAfterSuccess": False,
        },
        "jobReleaseTask": {"id": "release", **_work(batch, word), "maxWallClockTime": "PT9M", "retentionTime": "P2D"},
    }
    return fitting(batch, "JobAddParameter", body)


def rich_job_schedule(batch: Batch, word: str = "one") -> Json:
    """Of a schedule that begins when nobody runs this any more."""
    schedule = {
        "doNotRunUntil": _FAR,
        "doNotRunAfter": "2099-06-01T00:00:00Z",
        "recurrenceInterval": "PT3H",
        "startWindow": "PT30M",
    }
    body = {
        "displayName": f"all of {word}",
        "metadata": _metadata(word),
        "schedule": schedule,
        "jobSpecification": {**rich_job(batch, word), "poolInfo": {"poolId": "bcs-no-such-pool"}},
    }
    return fitting(batch, "JobScheduleAddParameter", body)


def job_for_tasks(batch: Batch) -> str:
    """Whose tasks may depend on each other and say what comes of a failure, where the api-version has that."""
    known = {"usesTaskDependencies": True, "onTaskFailure": "performexitoptionsjobaction"}
    return batch.create_job(**fitting(batch, "JobAddParameter", known))


def rich_task(batch: Batch, word: str = "one") -> Json:
    """For a job of `job_for_tasks`."""
    body = {
        "displayName": f"all of {word}",
        **_work(batch, word),
        "constraints": _constraints(),
        "requiredSlots": 2,
        "affinityInfo": {"affinityId": f"TVM:{word}"},
        "dependsOn": {"taskIds": ["first", "second"], "taskIdRanges": [{"start": 3, "end": 5}, {"start": 7, "end": 7}]},
        "exitConditions": {
            "exitCodes": [
                {"code": _ENDED, "exitOptions": {"jobAction": "terminate", "dependencyAction": "block"}},
                {"code": 2, "exitOptions": {"jobAction": "none", "dependencyAction": "satisfy"}},
            ],
            "exitCodeRanges": [
                {"start": 4, "end": 70_000, "exitOptions": {"jobAction": "disable", "dependencyAction": "satisfy"}}
            ],
            # also what a task meets that is terminated before it runs: the job is to go on
            "preProcessingError": {"jobAction": "none", "dependencyAction": "satisfy"},
            "fileUploadError": {"jobAction": "disable", "dependencyAction": "satisfy"},
            "default": {"jobAction": "none", "dependencyAction": "block"},
        },
        "authenticationTokenSettings": {"access": ["job"]},
    }
    return fitting(batch, "TaskAddParameter", body)


def _work(batch: Batch, word: str) -> Json:
    """What all kinds of tasks have."""
    user = {"autoUser": {"scope": "pool", "elevationLevel": "admin"}}
    return {
        "commandLine": f"/bin/sh -c 'echo {word} {_LONG}'",
        "environmentSettings": _environment(word),
        "resourceFiles": _files(batch, word),
        "userIdentity": user,
    }


def _files(batch: Batch, word: str) -> list[Json]:
    source = "httpUrl" if has(batch, "ResourceFile", "httpUrl") else "blobSource"
    files: list[Json] = [{source: f"{_STORE}/{word}.txt", "filePath": f"in/{word}.txt", "fileMode": "0755"}]
    if has(batch, "ResourceFile", "storageContainerUrl"):
        files.append({"storageContainerUrl": _STORE, "blobPrefix": f"{word}/", "filePath": f"all/{word}"})
        files.append({"autoStorageContainerName": f"inputs-{word}", "filePath": f"auto/{word}"})
    return files


def _metadata(word: str) -> list[Json]:
    return [{"name": f"name of {word}", "value": f"value of {word}"}, {"name": "second", "value": word}]


def _environment(word: str) -> list[Json]:
    return [{"name": f"NAME_{word.upper()}", "value": f"value of {word} {_LONG}"}, {"name": "SECOND", "value": word}]


def _constraints() -> Json:
    return {"maxWallClockTime": "PT1H", "maxTaskRetryCount": 3, "retentionTime": "P2D"}
