"""The catalogue speaks of all that the contract knows about tasks."""

from __future__ import annotations

from conformance.contract import at, versions
from conformance.requirements import load
from scenarios.tasks.test_add_values import KEPT as ADDED
from scenarios.tasks.test_update import KEPT as PUT_KEEPS

NEWEST = "2024-02-01.19.0"
# Codes of other profiles: files of tasks.
OTHER_PROFILES = ("TaskFiles",)


def _titles(prefix: str) -> str:
    return " ".join(r.title for r in load().requirements.values() if r.id.startswith(prefix))


def test_every_error_code_of_tasks_is_spoken_of() -> None:
    spoken = _titles("tasks.") + " ".join(u.statement for u in load().untestable)
    codes = [code for code in at(NEWEST).errors if code.startswith("Task") and not code.startswith(OTHER_PROFILES)]
    assert codes
    assert [code for code in codes if code not in spoken] == []


def test_every_property_that_tasks_can_be_filtered_by_has_a_requirement() -> None:
    titles = _titles("tasks.list.filter-").split()
    assert [name for name in at(NEWEST).operations["Task_List"].filter if name not in titles] == []


def test_every_operation_on_a_task_refuses_a_missing_one() -> None:
    by_id = [o for o in at(NEWEST).operations.values() if o.id.startswith("Task_") and "{taskId}" in o.path]
    refused = [name for name in load().requirements if name.startswith("tasks.") and name.endswith(".missing-refused")]
    assert len(refused) == len(by_id) > 0
    for_jobs = [name for name in load().requirements if name.startswith("tasks.") and name.endswith(".missing-job-refused")]
    assert len(for_jobs) == len([o for o in at(NEWEST).operations.values() if o.id.startswith("Task_")])


def test_every_property_of_a_new_task_is_spoken_of() -> None:
    """Whatever a client may say of a task comes back: some scenario looks at each property, at every version that has it."""
    looked_at = {name for _, name in ADDED} | {"id", "dependsOn"}
    for version in versions():
        names = at(version.name).models["TaskAddParameter"].properties
        assert [name for name in names if name not in looked_at] == [], version.name


def test_put_is_seen_to_keep_all_but_constraints() -> None:
    kept = {name for _, name in PUT_KEEPS} | {"id", "constraints", "applicationPackageReferences"}
    for version in versions():
        names = at(version.name).models["TaskAddParameter"].properties
        assert [name for name in names if name not in kept] == [], version.name
