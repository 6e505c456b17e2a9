"""The catalogue speaks of all that the contract knows about jobs."""

from __future__ import annotations

import pytest

from conformance.contract import at, versions
from conformance.requirements import load

MIDDLE = "2022-01-01.15.0"
# properties that the catalogue calls something else, or says why nobody can test
OTHER_WORDS = " taskSlotsPerNode networkConfiguration poolInfo"


def _titles(prefix: str) -> str:
    return " ".join(r.title for r in load().requirements.values() if r.id.startswith(prefix) and not r.retired)


def test_every_error_code_of_jobs_is_spoken_of() -> None:
    spoken = _titles("") + " ".join(u.statement for u in load().untestable)
    codes = [code for code in at(MIDDLE).errors if code.startswith("Job") and not code.startswith("JobSchedule")]
    assert [code for code in codes if code not in spoken] == []


@pytest.mark.parametrize(
    ("operation", "prefix"),
    [("Job_List", "jobs.list.filter-"), ("Job_ListPreparationAndReleaseTaskStatus", "jobs.preparation-status.filter-")],
)
def test_every_property_that_jobs_can_be_filtered_by_has_a_requirement(operation: str, prefix: str) -> None:
    titles = _titles(prefix).split()
    assert [name for name in at(MIDDLE).operations[operation].filter if name not in titles] == []


@pytest.mark.parametrize(("operation", "prefixes"), [("Job_Patch", ("keeps", "sets")), ("Job_Update", ("", "sets"))])
def test_every_updatable_property_is_kept_or_cleared_and_set(operation: str, prefixes: tuple[str, str]) -> None:
    slug = {"Job_Patch": "patch", "Job_Update": "update"}[operation]
    for prefix in prefixes:
        titles = _titles(f"jobs.{slug}.{prefix}") + OTHER_WORDS
        for version in versions():
            missing = [name for name in at(version.name).updatable(operation) if name not in titles]
            assert missing == [], (version.name, prefix)


def test_every_operation_on_a_job_refuses_a_missing_one() -> None:
    by_id = [o.id for o in at(MIDDLE).operations.values() if o.id.startswith("Job_") and "{jobId}" in o.path]
    refused = [r for r in load().requirements.values() if r.id.startswith("jobs.") and r.id.endswith(".missing-refused")]
    assert len(refused) == len(by_id)


def test_every_property_of_a_new_job_comes_back() -> None:
    titles = _titles("jobs.add.") + _titles("jobs.auto-pool.") + " networkConfiguration"
    words = {"commonEnvironmentSettings": "common environment", "jobManagerTask": "job manager task", "metadata": "Metadata"}
    words |= {"jobPreparationTask": "preparation task", "jobReleaseTask": "release task", "id": "id"}
    names = at(MIDDLE).models["JobAddParameter"].properties
    assert [name for name in names if words.get(name, name) not in titles] == []
