"""What a task may not be, in the job that it is added to. Raises BatchProblem."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.reference.problem import BatchProblem, invalid_property
from conformance.reference.resources import jobspec
from conformance.reference.resources.jobaccess import kind_of_tasks
from conformance.reference.store import Store
from conformance.reference.wire import Json

# The service stores no more of a list of dependencies (source: error code TaskDependencyListTooLong).
_DEPENDENCY_CHARACTERS = 64_000


def with_retries_of(job: Json, sent: Json) -> Json:
    """A task without constraints may be retried as often as its job says (source: properties of a task, constraints)."""
    if "constraints" in sent or "maxTaskRetryCount" not in job.get("constraints", {}):
        return sent
    return {**sent, "constraints": {"maxTaskRetryCount": job["constraints"]["maxTaskRetryCount"]}}


def check(store: Store, job: Json, spec: Json) -> None:
    """`spec` is filled and in the newest naming."""
    if store.get(kind_of_tasks(job), spec["id"]) is not None:
        raise BatchProblem("TaskExists")
    for special, code in (
        ("jobPreparationTask", "TaskIdSameAsJobPreparationTask"),
        ("jobReleaseTask", "TaskIdSameAsJobReleaseTask"),
    ):
        if job.get(special, {}).get("id", "").lower() == spec["id"].lower():
            raise BatchProblem(code)
    jobspec.check_commands(store, spec)
    _check_dependencies(job, spec.get("dependsOn"))
    _check_exit_conditions(job, spec.get("exitConditions", {}))


def _check_dependencies(job: Json, depends: Json | None) -> None:
    if depends is None:
        return
    if not job.get("usesTaskDependencies"):
        raise BatchProblem("TaskDependenciesNotSpecifiedOnJob")
    if sum(len(name) for name in depends.get("taskIds", ())) > _DEPENDENCY_CHARACTERS:
        raise BatchProblem("TaskDependencyListTooLong")
    for span in depends.get("taskIdRanges", ()):
        if span["start"] < 0 or span["end"] < span["start"]:
            raise invalid_property("dependsOn.taskIdRanges", f"{span['start']}-{span['end']}", "It is no range of task ids.")


def _check_exit_conditions(job: Json, conditions: Json) -> None:
    """Options that the job has switched off are refused (source: properties of a task, ExitOptions)."""
    for options in _options(conditions):
        if "jobAction" in options and job.get("onTaskFailure", "noaction") == "noaction":
            raise invalid_property("exitConditions.jobAction", options["jobAction"], "The job takes no action when a task fails.")
        if "dependencyAction" in options and not job.get("usesTaskDependencies"):
            raise invalid_property("exitConditions.dependencyAction", options["dependencyAction"], "The job has no dependencies.")


def _options(conditions: Json) -> Iterator[Json]:
    for mapping in [*conditions.get("exitCodes", ()), *conditions.get("exitCodeRanges", ())]:
        yield mapping["exitOptions"]
    for name in ("default", "preProcessingError", "fileUploadError"):
        if name in conditions:
            yield conditions[name]
