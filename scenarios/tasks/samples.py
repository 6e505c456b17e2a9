"""Values for the properties of a task, at the api-version of the target."""

from __future__ import annotations

from typing import Any

from conformance.plugin import Batch
from scenarios.pools.samples import packages
from scenarios.support import Json, has

COMMAND = "/bin/sh -c 'exit 0'"
FAILING = "/bin/sh -c 'exit 3'"
LONG = "/bin/sh -c 'sleep 3600'"
UNLIMITED = "P10675199DT2H48M5.4775807S"
ENVIRONMENT = [{"name": "Colour", "value": "red"}, {"name": "SHAPE", "value": ' "round", \\, 100 % '}]
CONSTRAINTS = {"maxWallClockTime": "PT1H", "retentionTime": "PT2H", "maxTaskRetryCount": 2}
CONTAINER_URL = "https://example.blob.core.windows.net/out"
DESTINATION = {"container": {"containerUrl": CONTAINER_URL, "path": "logs"}}
OUTPUT: Json = {
    "filePattern": "../std*.txt",
    "destination": DESTINATION,
    "uploadOptions": {"uploadCondition": "taskcompletion"},
}
AUTO_USER = {"autoUser": {"scope": "task", "elevationLevel": "admin"}}
CONTAINER = {"imageName": "busybox", "containerRunOptions": "--rm"}
STOP = {"jobAction": "terminate"}
FAILURE_COUNTS = {"onTaskFailure": "performexitoptionsjobaction"}


def full_job(batch: Batch) -> Json:
    """Properties of a job whose tasks may depend on each other and act on the job."""
    failure = FAILURE_COUNTS if has(batch, "JobAddParameter", "onTaskFailure") else {}
    return {"usesTaskDependencies": True, **failure}


def files(batch: Batch) -> list[Json]:
    source = "httpUrl" if has(batch, "ResourceFile", "httpUrl") else "blobSource"
    return [{source: "https://example.blob.core.windows.net/in/one.txt", "filePath": "one.txt"}]


def exit_conditions(batch: Batch) -> Json:
    before = "preProcessingError" if has(batch, "ExitConditions", "preProcessingError") else "schedulingError"
    return {
        "exitCodes": [{"code": 3, "exitOptions": {"jobAction": "disable"}}],
        "exitCodeRanges": [{"start": 5, "end": 9, "exitOptions": {"jobAction": "none"}}],
        before: STOP,
        "default": STOP,
    }


def value(batch: Batch, name: str) -> Any:
    """A value for one property that is not its default; what the account itself must have (an application) is looked up."""
    known: Json = {
        "displayName": "Ein Name, 名前 ☃ 𝄞",
        "commandLine": "/bin/sh -c 'echo \"one\"  two && true'",
        "environmentSettings": ENVIRONMENT,
        "constraints": CONSTRAINTS,
        "affinityInfo": {"affinityId": "TVM:tvm-0000000000_1-20200101t000000z"},
        "resourceFiles": files(batch),
        "outputFiles": [OUTPUT],
        "requiredSlots": 2,
        "userIdentity": AUTO_USER,
        "runElevated": True,
        "multiInstanceSettings": {
            "numberOfInstances": 2,
            "coordinationCommandLine": COMMAND,
            "commonResourceFiles": files(batch),
        },
        "exitConditions": exit_conditions(batch),
        "containerSettings": CONTAINER,
        "authenticationTokenSettings": {"access": ["job"]},
    }
    return packages(batch) if name == "applicationPackageReferences" else known[name]
