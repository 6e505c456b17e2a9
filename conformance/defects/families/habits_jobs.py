"""Services that refuse of jobs what other systems refuse."""

from __future__ import annotations

from typing import Any

from conformance.defects.leniency import refuses
from conformance.defects.model import Defect, Maker
from conformance.defects.paths import at, sent
from conformance.reference.service import Service
from conformance.reference.wire import WireRequest

_ADD = "POST /jobs"


def _seen_before(name: str) -> Maker:
    """A value that another job has is refused."""

    def make(service: Service) -> Any:
        def taken(asked: WireRequest) -> bool:
            value = at(sent(asked), name)
            return isinstance(value, str) and any(job.get(name) == value for job in service.store.all("job"))

        return refuses(_ADD, taken)(service)

    return make


def _disabled(service: Service) -> Any:
    def so(asked: WireRequest) -> bool:
        job = service.store.get("job", asked.path.split("/")[2])
        return job is not None and job["state"] == "disabled"

    return refuses("POST /jobs/{}/disable", so, "OperationInvalidForCurrentState")(service)


def _completed(service: Service) -> Any:
    def so(asked: WireRequest) -> bool:
        job = service.store.get("job", asked.path.split("/")[2])
        return job is not None and job["state"] == "completed"

    return refuses("DELETE /jobs/{}", so, "JobCompleted")(service)


def _absent_pool(service: Service) -> Any:
    def so(asked: WireRequest) -> bool:
        name = at(sent(asked), "poolInfo.poolId")
        return isinstance(name, str) and "absent" in name and service.store.get("pool", name) is None

    return refuses(_ADD, so, "PoolNotFound")(service)


DEFECTS = (
    Defect(
        "job-absent-pool-refused",
        "A job whose pool does not exist is refused.",
        "schema",
        ("jobs.add.absent-pool-accepted",),
        "A foreign key in a database.",
        _absent_pool,
    ),
    Defect(
        "job-display-name-unique",
        "Two jobs may not have one displayName.",
        "schema",
        ("jobs.add.display-name-shared", "jobs.requests.valid-served"),
        "An index that is unique because names usually are.",
        _seen_before("displayName"),
    ),
    Defect(
        "job-disable-twice-refused",
        "Disabling a job that is disabled is refused.",
        "life-cycles",
        ("jobs.disable.again-accepted",),
        "A state machine without an arrow from a state to itself.",
        _disabled,
    ),
    Defect(
        "job-completed-undeletable",
        "A completed job cannot be deleted.",
        "deletion",
        ("jobs.delete.completed-accepted",),
        "A completed job refuses everything else.",
        _completed,
    ),
)
