"""Who has files: a task, and the node that it ran on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.plugin import Batch, Exchange
from scenarios.running import on, task_in
from scenarios.support import Json, elements

SAID = "hello"
COMMAND = f"/bin/sh -c 'echo {SAID}'"


@dataclass(frozen=True)
class Owner:
    """`kind` is the last word of the operations' ids, `path` their path parameters; `folder` is where the task's files are."""

    batch: Batch
    kind: str
    path: Json
    folder: str

    def listing(self, **query: Any) -> Exchange:
        stated = {(f"${name}" if name == "filter" else name): value for name, value in query.items()}
        return self.batch.call(f"File_ListFrom{self.kind}", query=stated, **self.path)

    def names(self, **query: Any) -> list[str]:
        return [plain(file["name"]) for file in elements(self.listing(**query))]

    def call(self, verb: str, name: str, headers: dict[str, str] | None = None, **query: Any) -> Exchange:
        """`verb`: Get, GetProperties or Delete. `name` is the path from the owner's root."""
        return self.batch.call(f"File_{verb}From{self.kind}", headers=headers, query=query, filePath=name, **self.path)

    def at(self, name: str) -> str:
        """A file of the task, from the owner's root."""
        return f"{self.folder}/{name}" if self.folder else name


def plain(name: str) -> str:
    """Nodes with Windows write paths their own way."""
    return name.replace("\\", "/")


def ran_task(batch: Batch, pool: str) -> tuple[Owner, Owner]:
    """A new task that has run on the pool, and its node."""
    job = batch.create_job(**on(pool))
    task = batch.create_task(job, commandLine=COMMAND)
    node = task_in(batch, job, task, "completed")["nodeInfo"]
    folder = plain(str(node.get("taskRootDirectory", ""))).strip("/")
    return (
        Owner(batch, "Task", {"jobId": job, "taskId": task}, ""),
        Owner(batch, "ComputeNode", {"poolId": pool, "nodeId": node["nodeId"]}, folder),
    )
