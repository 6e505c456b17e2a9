"""Lies about certificates: what is taken, what is kept, and what becomes of a deletion."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import sent
from conformance.defects.where import fits
from conformance.reference.resources.certificatereferences import key
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

ADD = "POST /certificates"
DELETE = "DELETE /certificates({})"
CANCEL = "POST /certificates({})/canceldelete"
Change = Callable[[Store, Json, Json], None]


def name_of(asked: WireRequest) -> str:
    """The algorithm and the thumbprint that the path or the body names, as the store has them."""
    if fits(ADD, asked):
        return key("sha1", str(sent(asked).get("thumbprint")))
    inside = asked.path.partition("(")[2].partition(")")[0].replace("%3D", "=").replace("%2C", ",")
    return key("sha1", inside.rpartition("=")[2])


def changed(where: str, change: Change) -> Maker:
    """What was carried out is followed by a change: `change` gets the store, the certificate as it was, and as it is now."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            if not fits(where, asked):
                return await ask(asked)
            was = deepcopy(service.store.get("certificate", name_of(asked)) or {})
            answer = await ask(asked)
            now = service.store.get("certificate", name_of(asked))
            if now is not None and answer.status < 300:
                change(service.store, was, now)
            return answer

        return lie

    return make
