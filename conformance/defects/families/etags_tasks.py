"""ETags of tasks and conditions on them."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import simply, with_header
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_header
from conformance.defects.stored import Changed, after, place_of
from conformance.defects.tasks import ACTIONS, ONE, UPDATE, WRITES
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_TAGS = ("_modified", "eTag", "lastModified")


def _same_tag(changed: Changed) -> None:
    changed.restore(*_TAGS)


def _constant_tag(service: Service) -> Lie:
    """Neither the answer nor the task has a new ETag."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits(UPDATE, asked) else None
        task = service.store.get(*place) if place else None
        was = {name: task[name] for name in _TAGS} if task else {}
        answer = await ask(asked)
        if task is None or answer.status != 200:
            return answer
        task |= was
        return with_header(answer, "ETag", str(was["eTag"]))

    return lie


async def _quoted(asked: WireRequest, ask: Ask) -> WireAnswer:
    """If-Match is compared with the ETag as HTTP writes it, in quotation marks."""
    if not fits(WRITES, asked):
        return await ask(asked)
    marked = [(name, f'"{value}x"' if name.lower() == "if-match" else value) for name, value in asked.headers]
    return await ask(replace(asked, headers=marked) if marked != list(asked.headers) else asked)


DEFECTS = (
    Defect(
        "task-etag-of-answer",
        "Writes answer a new ETag, and the task keeps the old one.",
        "conditions",
        (
            "tasks.update.new-etag",
            "tasks.terminate.new-etag",
            "tasks.reactivate.new-etag",
            "tasks.trace.etag-answered",
        ),
        "The tag is made for the answer, and the row has its own.",
        after(f"{UPDATE}, {ACTIONS}", _same_tag),
        consequences=(
            "protocol.etag.write-answers-new",
            "tasks.delete.honours-conditions",
            "tasks.reactivate.honours-conditions",
            "tasks.terminate.honours-conditions",
            "tasks.trace.condition-met",
            "tasks.trace.condition-unmet",
            "tasks.trace.etag-transition",
            "tasks.trace.modified-forward",
            "tasks.update.honours-conditions",
        ),
    ),
    Defect(
        "task-etag-constant",
        "An update of a task does not change its ETag.",
        "conditions",
        ("tasks.trace.etag-moves", "tasks.update.new-etag"),
        "The tag is made of the id and the time of creation.",
        _constant_tag,
        consequences=(
            "protocol.consistency.etag-ticks",
            "protocol.etag.moves-on-write",
            "tasks.delete.honours-conditions",
            "tasks.terminate.honours-conditions",
            "tasks.trace.modified-forward",
            "tasks.update.honours-conditions",
        ),
    ),
    Defect(
        "task-conditions-ignored",
        "Conditions of writes to a task are not looked at.",
        "conditions",
        (
            "tasks.update.honours-conditions",
            "tasks.delete.honours-conditions",
            "tasks.terminate.honours-conditions",
            "tasks.reactivate.honours-conditions",
            "tasks.trace.condition-unmet",
        ),
        "Emulators have one client.",
        deaf_to_header(WRITES, "If-Match", "If-None-Match"),
    ),
    Defect(
        "task-read-condition-ignored",
        "If-None-Match of a read of a task is not looked at.",
        "conditions",
        ("tasks.get.honours-conditions",),
        "A service without cache always answers the whole task.",
        deaf_to_header(ONE, "If-None-Match"),
    ),
    Defect(
        "task-if-match-quoted",
        "If-Match of a task is compared with quotation marks, and so is never met.",
        "conditions",
        ("tasks.trace.condition-met",),
        "HTTP has tags in quotation marks, and this service has not.",
        simply(_quoted),
        consequences=(
            "tasks.delete.honours-conditions",
            "tasks.reactivate.honours-conditions",
            "tasks.terminate.honours-conditions",
            "tasks.update.honours-conditions",
        ),
    ),
)
