"""What remains of a job that is gone."""

from __future__ import annotations

from conformance.defects.leniency import has_member, refuses
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.stored import place_of
from conformance.defects.where import fits
from conformance.reference.resources.jobaccess import tasks_of
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ADD = "POST /jobs"


def _name_used_up(service: Service) -> Lie:
    """The name of a job that is gone is kept."""
    used: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        name = str(sent(asked).get("id")).lower() if fits(_ADD, asked) else ""
        if name in used:
            return await refuses(_ADD, has_member("id"), "JobExists")(service)(asked, ask)
        answer = await ask(asked)
        if fits("DELETE /jobs/{}", asked) and answer.status == 202:
            used.add(asked.path.split("/")[2].lower())
        return answer

    return lie


def _heir(service: Service) -> Lie:
    """A new job finds the tasks of the one that had its name."""
    left: dict[str, list[Json]] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits("DELETE /jobs/{}", asked) else None
        job = service.store.get(*place) if place else None
        if job is not None:
            left[job["id"].lower()] = tasks_of(service.store, job)
        answer = await ask(asked)
        name = str(sent(asked).get("id")) if fits(_ADD, asked) and answer.status == 201 else ""
        new = service.store.get("job", name)
        for task in left.pop(name.lower(), []) if new is not None else []:
            service.store.put(f"task of {name.lower()}", task["id"], task)
        return answer

    return lie


DEFECTS = (
    Defect(
        "job-name-used-up",
        "The id of a job that is gone cannot be given again.",
        "deletion",
        ("jobs.delete.id-free-again", "jobs.trace.free-again"),
        "Rows are marked as deleted, and the key stays.",
        _name_used_up,
    ),
    Defect(
        "job-heir",
        "A new job has the tasks of the one that had its id.",
        "deletion",
        ("jobs.delete.tasks-gone",),
        "A deletion without cascade.",
        _heir,
    ),
)
