"""A server with a defect that notes which answers the defect changed: `witness.py DEFECT NOTES SPEED`.

Only so can it be said without guessing whether a failure that another tool reports is about the defect. NOTES gets one line of
JSON for each changed answer: the id that schemathesis gives its test cases in a header, and what was changed.
"""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from dataclasses import dataclass
from typing import TextIO

from conformance.defects.known import DEFECTS
from conformance.defects.liar import Liar
from conformance.defects.model import Ask, Lie
from conformance.defects.signing import Signer
from conformance.defects.stored import place_of
from conformance.reference.app import create_app
from conformance.reference.clock import SystemClock
from conformance.reference.serve import serve
from conformance.reference.service import Service
from conformance.reference.settings import Settings
from conformance.reference.wire import Json, WireAnswer, WireRequest

CASE = "x-schemathesis-testcaseid"
_LENGTH = "content-length"


@dataclass(frozen=True)
class _Honest:
    """What the service itself was asked and said, and what it kept."""

    asked: WireRequest
    answer: WireAnswer
    kept: Json | None


def witnessed(lie: Lie, service: Service, notes: TextIO) -> Lie:
    async def tell(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path)
        honest: list[_Honest] = []

        def kept() -> Json | None:
            return deepcopy(service.store.get(*place)) if place else None

        async def listen(heard: WireRequest) -> WireAnswer:
            answer = await ask(heard)
            honest.append(_Honest(heard, answer, kept()))
            return answer

        told = await lie(asked, listen)
        changed = _changed(asked, honest[0], told, kept()) if honest else ["status", "headers", "body"]
        if changed:
            print(json.dumps({"case": asked.header(CASE), "changed": changed}), file=notes, flush=True)
        return told

    return tell


def _changed(asked: WireRequest, honest: _Honest, told: WireAnswer, kept: Json | None) -> list[str]:
    seen = {
        "heard": honest.asked != asked,
        "status": told.status != honest.answer.status,
        "headers": _headers(told) != _headers(honest.answer),
        "body": told.body != honest.answer.body,
        "stored": kept != honest.kept,
    }
    return [name for name, is_so in seen.items() if is_so]


def _headers(answer: WireAnswer) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in answer.headers if name.lower() != _LENGTH)


def main(defect: str, notes: str, speed: str) -> None:
    settings = Settings(clock=SystemClock(float(speed)))
    app = create_app(settings)
    service = app.state.service
    with open(notes, "w", encoding="utf-8") as stream:
        lie = witnessed(DEFECTS[defect].make(service), service, stream)
        liar = Liar(app, [lie], Signer(service.settings))
        serve(settings, "127.0.0.1", 0, lambda told: print(json.dumps(told), flush=True), liar)


if __name__ == "__main__":
    main(*sys.argv[1:])
