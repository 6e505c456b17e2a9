"""Tasks that are shown as they are kept: with what was meant for the service alone, and under the key of their row."""

from __future__ import annotations

from conformance.defects.answers import with_body
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import ABSENT, at, put, sent
from conformance.defects.tasks import ADD, ONE, set_to, shown
from conformance.defects.where import fits, has
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_SECRET = "containerSettings.registry.password"


def _passwords(service: Service) -> Lie:
    """A task shows the password of its registry."""
    known: dict[str, str] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        password = at(sent(asked), _SECRET) if fits(ADD, asked) and answer.status == 201 else ABSENT
        if password is not ABSENT:
            known[f"{asked.path}/{sent(asked)['id']}".lower()] = str(password)
        if not fits(ONE, asked) or answer.status != 200 or asked.path.lower() not in known:
            return answer

        def show(task: Json) -> None:
            put(task, _SECRET, known[asked.path.lower()])

        return with_body(answer, show)

    return lie


DEFECTS = (
    Defect(
        "task-registry-password-shown",
        "A task shows the password for the registry of its container.",
        "secrets",
        ("tasks.responses.secrets",),
        "What was sent is answered as it is.",
        _passwords,
        consequences=("protocol.secrets.absent",),
    ),
    Defect(
        "task-selected-key",
        "A read of a task with $select shows the key of its row as id.",
        "schema",
        ("tasks.responses.id",),
        "The id is a part of the key, and is cut out of it only when the whole row is read.",
        shown(set_to("id", lambda name: f"task:{name}"), has("$select"), ONE),
    ),
)
