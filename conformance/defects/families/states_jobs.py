"""Jobs that have ended, are about to, go or are not there, and services that do not mind."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import Edit, answered, member
from conformance.defects.leniency import stub
from conformance.defects.model import Defect
from conformance.reference.wire import WireAnswer, WireRequest

_JOB, _ACTIONS, _TASKS = (
    "PATCH|PUT /jobs/{}",
    "POST /jobs/{}/disable, POST /jobs/{}/enable, POST /jobs/{}/terminate",
    "POST /jobs/{}/tasks",
)
_ANY = f"{_JOB}, {_ACTIONS}, {_TASKS}, DELETE /jobs/{{}}"
_INVALID_STATE = b"OperationInvalidForCurrentState"


def _code(*codes: bytes) -> Edit:
    def edit(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
        body = answer.body
        for code in codes:
            body = body.replace(b'"%s"' % code, b'"%s"' % _INVALID_STATE)
        return replace(answer, body=body)

    return edit


DEFECTS = (
    Defect(
        "completed-job-changed",
        "Changing a completed job is answered 200.",
        "life-cycles",
        ("jobs.completed.refuses-patch", "jobs.completed.refuses-update"),
        "Nobody asks for the state.",
        stub(_JOB, 200, "JobCompleted"),
    ),
    Defect(
        "completed-job-acted-on",
        "Disabling, enabling and terminating a completed job is answered 202.",
        "life-cycles",
        ("jobs.completed.refuses-disable", "jobs.completed.refuses-enable", "jobs.completed.refuses-terminate"),
        "Actions that say yes because nothing is left to do.",
        stub(_ACTIONS, 202, "JobCompleted"),
    ),
    Defect(
        "completed-job-takes-tasks",
        "A task for a completed job, or one that is terminating, is answered 201.",
        "life-cycles",
        ("jobs.completed.refuses-tasks", "jobs.terminating.refuses-tasks"),
        "Tasks go into a queue that knows nothing of jobs.",
        stub(_TASKS, 201, "JobCompleted", "JobBeingTerminated"),
        consequences=(
            "tasks.add.terminated-job-refused",
            "tasks.add.terminating-job-refused",
        ),
    ),
    Defect(
        "terminating-job-changed",
        "Changing a job that is terminating is answered with success.",
        "life-cycles",
        ("jobs.terminating.refuses-changes",),
        "Only the states at both ends of a life are asked for.",
        stub(_JOB, 200, "JobBeingTerminated"),
    ),
    Defect(
        "ended-job-code",
        "What a job refuses because of its state is refused with the code that pools and nodes use.",
        "error-codes",
        ("jobs.completed.refused-code", "jobs.terminating.refused-code"),
        "One exception for every state.",
        answered(_ANY, _code(b"JobCompleted", b"JobBeingTerminated")),
        consequences=(
            "tasks.add.terminated-job-refused",
            "tasks.add.terminating-job-refused",
        ),
    ),
    Defect(
        "deleting-job-changed",
        "Changing a job that is being deleted is answered 200, and acting on it 202.",
        "deletion",
        ("jobs.delete.deleting-refuses-updates", "jobs.trace.deleting-refuses"),
        "It is still in the table.",
        stub(_JOB, 200, "JobBeingDeleted"),
    ),
    Defect(
        "deleting-job-takes-tasks",
        "A task for a job that is being deleted is answered 201.",
        "deletion",
        ("jobs.delete.deleting-refuses-tasks",),
        "Tasks go into a queue that knows nothing of jobs.",
        stub(_TASKS, 201, "JobBeingDeleted"),
        consequences=(
            "tasks.add.deleted-job-refused",
            "tasks.add.deleting-job-refused",
        ),
    ),
    Defect(
        "job-deleted-twice",
        "Deleting a job that is being deleted is answered 202.",
        "deletion",
        ("jobs.delete.twice-refused",),
        "DELETE is idempotent, so it is answered as the first time.",
        stub("DELETE /jobs/{}", 202, "JobBeingDeleted"),
    ),
    Defect(
        "missing-job-acted-on",
        "Deleting, disabling, enabling and terminating a job that does not exist is answered 202.",
        "status",
        (
            "jobs.delete.missing-refused",
            "jobs.disable.missing-refused",
            "jobs.enable.missing-refused",
            "jobs.terminate.missing-refused",
        ),
        "An UPDATE in SQL that fits no row is no error.",
        stub(f"{_ACTIONS}, DELETE /jobs/{{}}", 202, "JobNotFound"),
    ),
    Defect(
        "missing-job-changed",
        "PATCH and PUT of a job that does not exist are answered 200.",
        "status",
        ("jobs.patch.missing-refused", "jobs.update.missing-refused"),
        "An upsert.",
        stub(_JOB, 200, "JobNotFound"),
    ),
    Defect(
        "missing-job-other-code",
        "What is asked of a job that does not exist is answered 404 ResourceNotFound.",
        "error-codes",
        ("jobs.get.missing-refused", "jobs.preparation-status.missing-refused", "jobs.task-counts.missing-refused"),
        "One code for everything that is not found.",
        member(
            "GET /jobs/{}...",
            "code",
            lambda code: "ResourceNotFound" if code == "JobNotFound" else code,
            statuses=range(404, 405),
        ),
        consequences=(
            "jobs.delete.ends-not-found",
            "tasks.get.missing-job-refused",
            "tasks.get.missing-refused",
            "tasks.list.missing-job-refused",
            "tasks.subtasks.missing-job-refused",
        ),
    ),
)
