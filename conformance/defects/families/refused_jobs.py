"""Services that refuse jobs, or changes of them, that they should take: limits off by one, habits of other systems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.defects.leniency import has_member, lacks_member, long, refuses
from conformance.defects.model import Defect
from conformance.defects.paths import sent
from conformance.defects.where import When, has
from conformance.reference.service import Service
from conformance.reference.wire import WireRequest

_ADD = "POST /jobs"
_AUTO = "poolInfo.autoPoolSpecification"
_TASKS = ("jobManagerTask", "jobPreparationTask", "jobReleaseTask")
_RETRIES = ("constraints.maxTaskRetryCount", *(f"{task}.constraints.maxTaskRetryCount" for task in _TASKS))


def _any(*whens: When) -> When:
    return lambda asked: any(when(asked) for when in whens)


def _equals(value: object) -> Callable[[Any], bool]:
    return lambda given: given == value and type(given) is type(value)


_OUTERMOST: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    *((path, long(64)) for path in ("id", *(f"{task}.id" for task in _TASKS))),
    *((path, long(1024)) for path in ("displayName", "jobManagerTask.displayName")),
    *(("priority", _equals(end)) for end in (-1000, 1000)),
    ("maxParallelTasks", _equals(1)),
    (f"{_AUTO}.autoPoolIdPrefix", long(20)),
    ("jobReleaseTask.maxWallClockTime", _equals("PT15M")),
)


def _same_pool(service: Service) -> Any:
    def so(asked: WireRequest) -> bool:
        job = service.store.get("job", asked.path.split("/")[2])
        return job is not None and job["state"] == "active" and sent(asked) == {"poolInfo": job["poolInfo"]}

    return refuses("PUT /jobs/{}", so, "OperationInvalidForCurrentState")(service)


DEFECTS = (
    Defect(
        "job-limits-exclusive",
        "The longest, the largest and the smallest that a new job may have are refused.",
        "limits",
        (
            "jobs.add.display-name-1024-accepted",
            "jobs.add.id-64-accepted",
            "jobs.add.manager-display-name-1024-accepted",
            "jobs.add.manager-id-64-accepted",
            "jobs.add.max-parallel-tasks-one-accepted",
            "jobs.add.preparation-id-64-accepted",
            "jobs.add.priority-ends-accepted",
            "jobs.add.release-id-64-accepted",
            "jobs.add.release-time-limit-15-minutes-accepted",
            "jobs.auto-pool.prefix-20-accepted",
        ),
        "Off by one: less than, where at most is meant.",
        refuses(_ADD, _any(*(has_member(path, outermost) for path, outermost in _OUTERMOST))),
    ),
    Defect(
        "job-id-underscore",
        "A job id may not have an underscore.",
        "limits",
        ("jobs.add.id-charset-accepted",),
        "Names in Kubernetes and in a DNS have none.",
        refuses(_ADD, has_member("id", lambda name: isinstance(name, str) and "_" in name)),
    ),
    Defect(
        "job-retries-unsigned",
        "A maxTaskRetryCount of a job, or of a task that it brings, may not be negative.",
        "limits",
        ("jobs.add.max-task-retry-count-unlimited-accepted", "jobs.add.task-retries-unlimited-accepted"),
        "A count is an unsigned integer, thinks a generated model.",
        refuses(
            _ADD,
            _any(*(has_member(path, _equals(-1)) for path in _RETRIES)),
        ),
    ),
    Defect(
        "job-environment-value-required",
        "An environment setting of a job needs a value.",
        "schema",
        ("jobs.add.common-environment-value-optional",),
        "Metadata need one, and the two look alike.",
        refuses(_ADD, has_member("commonEnvironmentSettings.0", lambda item: isinstance(item, dict) and "value" not in item)),
    ),
    Defect(
        "job-auto-pool-prefix-required",
        "An auto pool needs a prefix.",
        "schema",
        ("jobs.auto-pool.prefix-optional",),
        "The id is put together from it, and nobody thought of an empty one.",
        refuses(
            _ADD,
            lambda asked: has_member(f"{_AUTO}.pool.vmSize")(asked) and lacks_member(f"{_AUTO}.autoPoolIdPrefix")(asked),
            "MissingRequiredProperty",
        ),
    ),
    Defect(
        "job-put-same-pool-refused",
        "PUT of an active job that names its pool and nothing else is refused.",
        "full-replace",
        ("jobs.update.same-pool-accepted",),
        "It asks whether a pool is named, not whether it is another one.",
        _same_pool,
        consequences=("jobs.update.honours-conditions",),
    ),
    Defect(
        "job-force-unknown",
        "Deleting and terminating a job by force is refused.",
        "versions",
        ("jobs.delete.force-accepted", "jobs.terminate.force-accepted"),
        "The query parameters of the version before.",
        refuses("DELETE /jobs/{}, POST /jobs/{}/terminate", has("force"), "UnsupportedQueryParameter"),
        at="2024-07-01.20.0",
    ),
    Defect(
        "job-terminate-body-required",
        "Terminating a job without a body is refused.",
        "schema",
        ("jobs.terminate.body-optional",),
        "A framework that wants a document wherever one may be.",
        refuses("POST /jobs/{}/terminate", lambda asked: not asked.body, "MissingRequiredProperty"),
        consequences=(
            "jobs.delete.deleting-refuses-updates",
            "jobs.terminate.honours-conditions",
            "jobs.terminate.missing-refused",
        ),
    ),
    Defect(
        "job-stats-unknown",
        "$expand=stats is refused on jobs that have no statistics yet.",
        "queries",
        ("jobs.get.expands-stats", "jobs.list.expands-stats"),
        "What is not implemented is refused.",
        refuses("GET /jobs, GET /jobs/{}", has("$expand"), "InvalidQueryParameterValue"),
    ),
)
