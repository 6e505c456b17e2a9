"""What a job, or the jobs of a schedule, may not be, beyond what the contract's models can express."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.contract import Contract
from conformance.reference.problem import BatchProblem, invalid_property, missing_property
from conformance.reference.resources import applications, autoscaling, poolspec
from conformance.reference.store import Store
from conformance.reference.wire import Json


def check(store: Store, contract: Contract, spec: Json) -> None:
    """A whole new job specification, or the part that an update changes, filled and in the newest naming. Raises BatchProblem."""
    if "jobReleaseTask" in spec and "jobPreparationTask" not in spec:
        raise invalid_property("jobReleaseTask", spec["jobReleaseTask"].get("id"), "It needs a job preparation task beside it.")
    _check_ids(spec)
    poolspec.check_metadata(spec.get("metadata", []))
    for task in _tasks(spec):
        check_commands(store, task)
    if spec.get("maxParallelTasks") == 0:
        raise invalid_property("maxParallelTasks", 0, "It must be -1 or greater than 0.")
    auto = spec.get("poolInfo", {}).get("autoPoolSpecification")
    if auto is not None:
        if "pool" not in auto:
            raise missing_property("pool")
        poolspec.check(store, auto["pool"], auto=True)
        autoscaling.check_pool(contract, auto["pool"])


def check_lifetime(spec: Json) -> None:
    """A job cannot ask for a pool that lives as long as a job schedule. Raises BatchProblem."""
    auto = spec.get("poolInfo", {}).get("autoPoolSpecification", {})
    if auto.get("poolLifetimeOption") == "jobschedule":
        raise invalid_property("poolLifetimeOption", "jobschedule", "A job schedule may have it, a job may not.")


def check_commands(store: Store, task: Json) -> None:
    """What every kind of task has: a command line, packages, files."""
    if not task["commandLine"].strip():
        raise invalid_property("commandLine", task["commandLine"], "It must not be empty.")
    wrong = applications.unknown(store, task.get("applicationPackageReferences", ()))
    if wrong:
        raise BatchProblem("InvalidApplicationPackageReferences", wrong)
    for file in task.get("resourceFiles", ()):
        poolspec.check_file(file)


def _tasks(spec: Json) -> Iterator[Json]:
    for name in ("jobManagerTask", "jobPreparationTask", "jobReleaseTask"):
        if name in spec:
            yield spec[name]


def _check_ids(spec: Json) -> None:
    """The tasks of one job, special ones too, have different ids."""
    manager = spec.get("jobManagerTask", {}).get("id", "").lower()
    preparation = spec.get("jobPreparationTask", {}).get("id", "").lower()
    release = spec.get("jobReleaseTask", {}).get("id", "").lower()
    if preparation and preparation in (manager, release):
        raise BatchProblem("TaskIdSameAsJobPreparationTask")
    if release and release == manager:
        raise BatchProblem("TaskIdSameAsJobReleaseTask")
