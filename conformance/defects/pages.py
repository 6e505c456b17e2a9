"""Lists that repeat themselves from page to page."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import with_body
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def repeating(where: str) -> Maker:
    """Each page but the first begins with the last element of the one before."""

    def make(service: Service) -> Lie:
        last: dict[str, Any] = {}

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            answer = await ask(asked)
            if not fits(where, asked) or answer.status != 200:
                return answer
            token = asked.parameters().get("$skiptoken")

            def repeat(document: Json) -> None:
                link = document.get("odata.nextLink", "")
                if token in last:
                    document["value"] = [last[token], *document["value"][:-1]]
                if link and document["value"]:
                    last[link.rsplit("=", 1)[1]] = document["value"][-1]

            return with_body(answer, repeat)

        return lie

    return make
