"""Values for the properties of a job, and tables of scenarios that differ in one property."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from scenarios.support import Json

METADATA = [{"name": "team", "value": "blue"}, {"name": "empty", "value": ""}]
ENVIRONMENT = [{"name": "COLOUR", "value": "red"}, {"name": "SHAPE", "value": "round"}]
COMMAND = "/bin/sh -c 'exit 0'"
FAILING = "/bin/sh -c 'exit 3'"
LONG = "/bin/sh -c 'sleep 3600'"
UNLIMITED = "P10675199DT2H48M5.4775807S"
TASK_LIMITS = {"maxWallClockTime": "PT1H", "retentionTime": "PT2H", "maxTaskRetryCount": 2}
MANAGER: Json = {
    "id": "manager",
    "displayName": "the manager",
    "commandLine": COMMAND,
    "environmentSettings": ENVIRONMENT,
    "constraints": TASK_LIMITS,
    "killJobOnCompletion": False,
    "runExclusive": False,
}
PREPARATION: Json = {
    "id": "before",
    "commandLine": COMMAND,
    "environmentSettings": ENVIRONMENT,
    "constraints": TASK_LIMITS,
    "waitForSuccess": False,
    "rerunOnNodeRebootAfterSuccess": False,
}
RELEASE: Json = {
    "id": "after",
    "commandLine": COMMAND,
    "environmentSettings": ENVIRONMENT,
    "maxWallClockTime": "PT10M",
    "retentionTime": "PT2H",
}
# property → a value that is not its default
VALUES: Json = {
    "displayName": "Ein Name, 名前 ☃",
    "priority": 42,
    "constraints": {"maxWallClockTime": "PT12H", "maxTaskRetryCount": 3},
    "maxParallelTasks": 5,
    "allowTaskPreemption": True,
    "usesTaskDependencies": True,
    "commonEnvironmentSettings": ENVIRONMENT,
    "metadata": METADATA,
    "onAllTasksComplete": "terminatejob",
    "onTaskFailure": "performexitoptionsjobaction",
    "jobManagerTask": MANAGER,
    "jobPreparationTask": PREPARATION,
    "jobReleaseTask": RELEASE,
    "poolInfo": {"poolId": "bcs-no-such-pool"},
}


def together(name: str) -> Json:
    """A property with what it cannot be without."""
    alone = {name: VALUES[name]}
    return {"jobPreparationTask": PREPARATION, **alone} if name == "jobReleaseTask" else alone


def cases(prefix: str, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """A scenario per row; the first of each row is the id of its requirement without the prefix."""
    return [pytest.param(*row, id=str(row[0]), marks=pytest.mark.requirement(f"{prefix}{row[0]}")) for row in rows]


def at_path(shown: Any, path: str) -> Any:
    """What stands at `a.b.c`, None where there is nothing."""
    for name in path.split("."):
        shown = shown.get(name) if isinstance(shown, dict) else None
    return shown
