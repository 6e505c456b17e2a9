"""What shows only when several answers about a task are put side by side."""

from __future__ import annotations

from conformance.defects.answers import header_of, with_body, with_header
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.stored import Changed, after
from conformance.defects.tasks import ONE, TERMINATE, UPDATE, set_to, shown
from conformance.defects.where import fits
from conformance.reference.instants import etag
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def _new_again(changed: Changed) -> None:
    changed.now["creationTime"] = changed.now["lastModified"]


def _back(changed: Changed) -> None:
    changed.now["lastModified"] = f"2025{changed.now['lastModified'][4:]}"


def _same_time(changed: Changed) -> None:
    changed.restore("stateTransitionTime")


def _moves_by_itself(service: Service) -> Lie:
    """The row is written again when a task has run."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(ONE, asked) or answer.status != 200:
            return answer
        new = ""

        def move(task: Json) -> None:
            nonlocal new
            if "exitCode" in task.get("executionInfo", {}) and "eTag" in task:
                new = task["eTag"] = etag(int(task["eTag"], 16) + 1)

        moved = with_body(answer, move)
        return with_header(moved, "ETag", new) if new and header_of(moved, "ETag") else answer

    return lie


def _now_and_then(every: int, name: str, value: object, showing: bytes = b"") -> Maker:
    """One of so many reads of a task is answered by a replica that lags behind."""

    def make(service: Service) -> Lie:
        reads = 0

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            nonlocal reads
            answer = await ask(asked)
            if not fits(ONE, asked) or answer.status != 200 or showing not in answer.body:
                return answer
            reads += 1
            return with_body(answer, set_to(name, value)) if reads % every == 0 else answer

        return lie

    return make


def _every_read(service: Service) -> Lie:
    """Each read of a task counts as a change."""
    reads = 0

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal reads
        answer = await ask(asked)
        if not fits(ONE, asked) or answer.status != 200:
            return answer
        reads += 1

        def move(task: Json) -> None:
            if "eTag" in task:
                task["eTag"] = etag(int(task["eTag"], 16) + reads)

        moved = with_body(answer, move)
        tag = header_of(moved, "ETag")
        return with_header(moved, "ETag", etag(int(tag, 16) + reads)) if tag else moved

    return lie


DEFECTS = (
    Defect(
        "task-update-creates",
        "An update of a task dates its creation anew.",
        "full-replace",
        ("tasks.trace.identity",),
        "The row is deleted and added again.",
        after(UPDATE, _new_again),
        consequences=("tasks.update.keeps-state",),
    ),
    Defect(
        "task-modified-back",
        "An update of a task sets its lastModified back.",
        "conditions",
        ("tasks.trace.modified-forward",),
        "The year of another clock.",
        after(UPDATE, _back),
        consequences=(
            "protocol.consistency.etag-ticks",
            "protocol.consistency.last-modified",
            "protocol.consistency.times",
            "tasks.delete.honours-conditions",
            "tasks.terminate.honours-conditions",
            "tasks.trace.condition-met",
            "tasks.update.honours-conditions",
        ),
    ),
    Defect(
        "task-state-time-stays",
        "Terminating a task does not date its state anew.",
        "life-cycles",
        ("tasks.trace.state-times",),
        "Only the state is set.",
        after(TERMINATE, _same_time),
    ),
    Defect(
        "task-previous-is-next",
        "A task that was active before shows preparing as the state before.",
        "life-cycles",
        ("tasks.trace.previous-state",),
        "States mapped by position from another list.",
        shown(set_to("previousState", lambda state: "preparing" if state == "active" else state)),
        consequences=("tasks.terminate.previous-state",),
    ),
    Defect(
        "task-running-again",
        "Every third read of a completed task shows it as running.",
        "concurrency",
        ("tasks.trace.states",),
        "One of three replicas lags behind.",
        _now_and_then(3, "state", "running", b'"state":"completed"'),
        consequences=(
            "tasks.responses.state",
            "tasks.trace.state-times",
        ),
    ),
    Defect(
        "task-etag-of-run",
        "A task has another ETag when it has run.",
        "conditions",
        ("tasks.run.etag-stays", "tasks.trace.etag-transition"),
        "Whatever is saved gets a new tag.",
        _moves_by_itself,
        consequences=(
            "protocol.consistency.etag-ticks",
            "protocol.etag.stable-on-read",
            "tasks.trace.etag-stays",
        ),
    ),
    Defect(
        "task-etag-of-read",
        "Each read of a task shows another ETag.",
        "conditions",
        ("tasks.trace.etag-stays",),
        "The tag is made of the time of the answer.",
        _every_read,
        consequences=(
            "protocol.consistency.etag-ticks",
            "protocol.etag.create-answers-first",
            "protocol.etag.stable-on-read",
            "protocol.etag.write-answers-new",
            "tasks.add-collection.existing-unchanged",
            "tasks.add-collection.success-etag",
            "tasks.delete.honours-conditions",
            "tasks.delete.others-stay",
            "tasks.get.honours-conditions",
            "tasks.list.element-equals-get",
            "tasks.reactivate.new-etag",
            "tasks.trace.condition-unmet",
            "tasks.trace.etag-answered",
            "tasks.trace.etag-transition",
            "tasks.update.honours-conditions",
            "tasks.update.refused-changes-nothing",
        ),
    ),
    Defect(
        "task-fifth-read-differs",
        "Every fifth read of a task shows another number of slots.",
        "concurrency",
        ("tasks.trace.reads-agree",),
        "One of five replicas lags behind.",
        _now_and_then(5, "requiredSlots", 7),
        consequences=(
            "tasks.add.required-slots-default",
            "tasks.list.element-equals-get",
            "tasks.trace.defaults",
            "tasks.trace.kept",
        ),
    ),
)
