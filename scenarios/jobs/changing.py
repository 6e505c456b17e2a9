"""The two ways to change a job: PATCH says what changes, PUT says all that could."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from conformance.plugin import Batch, Exchange
from scenarios.jobs.samples import VALUES, together
from scenarios.running import job_in
from scenarios.support import Json


@dataclass(frozen=True)
class Way:
    slug: str
    operation: str

    def body(self, batch: Batch, job: str, changes: Json) -> Json:
        """PUT has to name the pool on which the job is."""
        if self.operation == "Job_Patch" or "poolInfo" in changes:
            return changes
        return {"poolInfo": batch.get_job(job)["poolInfo"], **changes}

    def send(self, batch: Batch, job: str, changes: Json) -> Exchange:
        return batch.call(self.operation, jobId=job, body=self.body(batch, job, changes))

    def make(self, batch: Batch, job: str, changes: Json) -> Exchange:
        return batch.make(self.operation, self.body(batch, job, changes), jobId=job)


PATCH = Way("patch", "Job_Patch")
PUT = Way("update", "Job_Update")


def both(rows: Any) -> list[Any]:
    """A scenario per way and row; `jobs.`, the slug of the way and the first of the row make the requirement."""
    return [
        pytest.param(way, *row, id=f"{way.slug}-{row[0]}", marks=pytest.mark.requirement(f"jobs.{way.slug}.{row[0]}"))
        for way in (PATCH, PUT)
        for row in rows
    ]


def with_value(batch: Batch, name: str) -> str:
    """A new job with a value for the property that is not its default, and that goes on."""
    return ending_when_done(batch) if name == "onAllTasksComplete" else batch.create_job(**together(name))


def disabled(batch: Batch, **properties: Any) -> str:
    job = batch.create_job(**properties)
    batch.make("Job_Disable", {"disableTasks": "requeue"}, jobId=job)
    job_in(batch, job, "disabled")
    return job


def ending_when_done(batch: Batch) -> str:
    """A new job with onAllTasksComplete terminatejob that goes on, because a task of it waits for ever."""
    job = batch.create_job()
    batch.create_task(job)
    batch.make("Job_Patch", {"onAllTasksComplete": VALUES["onAllTasksComplete"]}, jobId=job)
    return job
