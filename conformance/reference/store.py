"""What the service remembers: resources by kind and key, and what falls due. Keys compare without case and keep the case of their
creation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from uuid import UUID

from conformance.reference.clock import Agenda
from conformance.reference.settings import Settings
from conformance.reference.wire import Json


class Store:
    """Resources are JSON objects in the newest naming. A member whose name begins with `_` is ours (`_modified`, in ticks) and
    never leaves the service."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.agenda = Agenda()
        self._random = random.Random(settings.seed)
        self._kinds: dict[str, dict[str, Json]] = {}

    def get(self, kind: str, key: str) -> Json | None:
        return self._kinds.get(kind, {}).get(key.lower())

    def put(self, kind: str, key: str, resource: Json) -> None:
        self._kinds.setdefault(kind, {})[key.lower()] = resource

    def remove(self, kind: str, key: str) -> None:
        self._kinds.get(kind, {}).pop(key.lower(), None)

    def clear(self, kind: str) -> None:
        self._kinds.pop(kind, None)

    def all(self, kind: str) -> Iterator[Json]:
        yield from list(self._kinds.get(kind, {}).values())

    def guid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"
