"""The three ways to say what a job schedule is to be: POST makes it, PATCH says what changes, PUT says all that could."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.plugin import Batch, Exchange
from scenarios.job_schedules.samples import specification
from scenarios.support import Json


@dataclass(frozen=True)
class Way:
    slug: str
    operation: str

    def body(self, times: Json, changes: Json) -> Json:
        """`changes` are laid over `times` and over the smallest job specification, and merged one level deep."""
        whole = {
            "schedule": {**times, **changes.get("schedule", {})},
            "jobSpecification": specification(**changes.get("jobSpecification", {})),
        }
        rest = {name: value for name, value in changes.items() if name not in whole}
        return {name: value for name, value in whole.items() if self.operation != "JobSchedule_Patch" or name in changes} | rest

    def send(self, batch: Batch, schedule: str, body: Json) -> Exchange:
        if self.operation == "JobSchedule_Add":
            return batch.call(self.operation, body={"id": schedule, **body})
        return batch.call(self.operation, jobScheduleId=schedule, body=body)


ADD = Way("add", "JobSchedule_Add")
PATCH = Way("patch", "JobSchedule_Patch")
PUT = Way("update", "JobSchedule_Update")
CHANGES = (PATCH, PUT)
ALL = (ADD, PATCH, PUT)


def by(ways: Iterable[Way], rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """A scenario per way and row; `job-schedules.`, the slug of the way and the first of the row make the requirement."""
    return [
        pytest.param(way, *row, id=f"{way.slug}-{row[0]}", marks=pytest.mark.requirement(f"job-schedules.{way.slug}.{row[0]}"))
        for way in ways
        for row in rows
    ]
