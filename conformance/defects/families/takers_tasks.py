"""Jobs that take tasks they should refuse, and refuse tasks they should take."""

from __future__ import annotations

from conformance.defects.combined import together
from conformance.defects.leniency import has_member, refuses, stub
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.tasks import ADD, collection_takes, meant
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest


def _names_once(service: Service) -> Lie:
    refusal = refuses(ADD, lambda asked: True, "TaskExists")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place, name = meant(asked) if fits(ADD, asked) else None, sent(asked).get("displayName")
        if place and name and any(task.get("displayName") == name for task in service.store.all(place[0])):
            return await refusal(asked, ask)
        return await ask(asked)

    return lie


DEFECTS = (
    Defect(
        "task-names-once",
        "A displayName that another task of the job has is refused.",
        "limits",
        ("tasks.add.display-name-shared",),
        "A unique index on what people read.",
        _names_once,
    ),
    Defect(
        "task-ended-job-takes",
        "A job that is on its way to its end takes tasks.",
        "life-cycles",
        (
            "tasks.add.terminated-job-refused",
            "tasks.add.deleted-job-refused",
            "tasks.add.terminating-job-refused",
            "tasks.add.deleting-job-refused",
        ),
        "Only completed jobs are looked for.",
        stub(ADD, 201, "JobBeingTerminated", "JobBeingDeleted"),
        consequences=(
            "jobs.delete.deleting-refuses-tasks",
            "jobs.terminating.refuses-tasks",
        ),
    ),
    Defect(
        "task-completed-job-takes",
        "A completed job takes tasks, one by one or many at once.",
        "life-cycles",
        ("tasks.add.completed-job-refused", "tasks.add-collection.completed-job-refused"),
        "Only jobs that are on their way to their end are looked for.",
        together(stub(ADD, 201, "JobCompleted"), collection_takes("JobCompleted")),
        consequences=(
            "jobs.completed.refuses-tasks",
            "protocol.body.metadata-present",
        ),
    ),
    Defect(
        "task-preparation-id-free",
        "The id of the preparation task of a job is taken for another task.",
        "task-collections",
        (
            "tasks.add.same-id-as-preparation-refused",
            "tasks.add.same-id-as-default-preparation-refused",
            "tasks.add-collection.preparation-id",
        ),
        "Preparation tasks are kept in a table of their own.",
        together(stub(ADD, 201, "TaskIdSameAsJobPreparationTask"), collection_takes("TaskIdSameAsJobPreparationTask")),
    ),
    Defect(
        "task-release-id-free",
        "The id of the release task of a job is taken for another task.",
        "task-collections",
        (
            "tasks.add.same-id-as-release-refused",
            "tasks.add.same-id-as-default-release-refused",
            "tasks.add-collection.release-id",
        ),
        "Release tasks are kept in a table of their own.",
        together(stub(ADD, 201, "TaskIdSameAsJobReleaseTask"), collection_takes("TaskIdSameAsJobReleaseTask")),
    ),
    Defect(
        "task-id-underscore",
        "Ids of tasks have no underscores.",
        "limits",
        ("tasks.add.id-charset-accepted",),
        "The letters of a DNS label.",
        refuses(ADD, has_member("id", lambda name: "_" in str(name))),
    ),
    Defect(
        "task-name-bytes",
        "The length of a displayName is counted in bytes.",
        "limits",
        ("tasks.add.display-name-1024-accepted",),
        "A column of 1024 bytes.",
        refuses(ADD, has_member("displayName", lambda name: len(str(name).encode()) > 1024 and len(str(name)) <= 1024)),
    ),
)
