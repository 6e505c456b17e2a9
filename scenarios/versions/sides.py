"""The two sides of a change between api-versions, whatever api-version the target is judged at."""

from __future__ import annotations

from collections.abc import Callable

from conformance.plugin import Batch, Blocked, Contract, Exchange, versions
from scenarios.support import Json

Predicate = Callable[[Contract], bool]


def nearest(batch: Batch, holds: Predicate) -> Batch:
    """The target at the api-version nearest to its own for which that holds. Raises Blocked when there is none."""
    names = [version.name for version in versions()]
    here = names.index(batch.version)
    for name in sorted(names, key=lambda name: abs(names.index(name) - here)):
        driver = batch.at(name)
        if holds(driver.contract):
            return driver
    raise Blocked("no api-version of the contract is on that side of the change")


def knows(model: str, name: str) -> Predicate:
    return lambda contract: model in contract.models and name in contract.models[model].properties


def knows_operation(operation: str) -> Predicate:
    return lambda contract: operation in contract.operations


def neither(holds: Predicate, needs: str) -> Predicate:
    """The other side: it does not hold, though the operation that is needed to see it is there."""
    return lambda contract: needs in contract.operations and not holds(contract)


def since(version: str) -> Predicate:
    return lambda contract: contract.version.name >= version


def before(version: str) -> Predicate:
    return lambda contract: contract.version.name < version


def create(batch: Batch, operation: str, properties: Json) -> tuple[Exchange, Json]:
    """A job, a task or a job schedule with those properties: the answer, and the path parameters of what was created."""
    if operation == "Job_Add":
        body = batch.job_body(**properties)
        return batch.call(operation, body=body), {"jobId": body["id"]}
    if operation == "JobSchedule_Add":
        body = batch.job_schedule_body(**properties)
        return batch.call(operation, body=body), {"jobScheduleId": body["id"]}
    job = batch.create_job(usesTaskDependencies=True)
    body = batch.task_body(**properties)
    return batch.call(operation, body=body, jobId=job), {"jobId": job, "taskId": body["id"]}
