"""Lies about nodes: what becomes of one after an action, and events in its life that get lost."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import unquote

from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

NODE = "/pools/{}/nodes/{}"
_NEVER = -1


@dataclass(frozen=True)
class Acted:
    """A node before and after an action: `now` is the one in the store, to be changed in place."""

    store: Store
    was: Json
    now: Json

    def restore(self, *names: str) -> None:
        for name in names:
            if name in self.was:
                self.now[name] = self.was[name]
            else:
                self.now.pop(name, None)


def node_of(service: Service, asked: WireRequest) -> Json | None:
    """The node that the path names."""
    segments = [unquote(segment) for segment in asked.path.strip("/").split("/")]
    if len(segments) < 4 or segments[0].lower() != "pools":
        return None
    return service.store.get("node", f"{segments[1]}/{segments[3]}")


def acted(where: str, change: Callable[[Acted], None]) -> Maker:
    """An action on a node that was carried out is followed by a change of the node."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            node = node_of(service, asked) if fits(where, asked) else None
            was = {name: value for name, value in (node or {}).items() if not name.startswith("_")}
            answer = await ask(asked)
            if node is not None and answer.status < 300:
                change(Acted(service.store, deepcopy(was), node))
            return answer

        return lie

    return make


def lost(node: Acted) -> None:
    """What was to follow never comes: the node stays as the action left it."""
    node.now["_course"] = _NEVER


def undone(node: Acted) -> None:
    """As if nothing had been asked."""
    node.restore("state", "stateTransitionTime", "schedulingState")
    lost(node)
