"""Which scenarios could notice a defect: those of whose clean traffic the lie would change anything.

A lie is tried dry: it is asked what was asked, the service behind it answers what it answered. Until it first says or asks
something else, a scenario that meets the defect cannot differ from one that does not."""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from conformance.defects import Defect
from conformance.defects.model import Lie
from conformance.exchange.outline import outline
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_Thing = TypeVar("_Thing")
Heard = tuple[WireRequest, WireAnswer]


class _Touched(Exception):
    """It wants to do something to the service, or to ask it something else."""


class _Untouchable:
    """Stands for the service: who reaches into it, changes it."""

    def __getattr__(self, name: str) -> Any:
        raise _Touched


def touched(defects: Collection[Defect], heard: Mapping[str, Sequence[Heard]]) -> dict[str, str]:
    """The sources whose traffic is another one with these defects, each with the outline of the first request of which it is;
    an empty one where a lie begins before any is sent."""
    found = ((source, _first(defects, exchanges)) for source, exchanges in heard.items())
    return {source: kind for source, kind in found if kind is not None}


def _first(defects: Collection[Defect], exchanges: Sequence[Heard]) -> str | None:
    return next((kind for one in defects if (kind := _touches(one, exchanges)) is not None), None)


def _touches(defect: Defect, exchanges: Iterable[Heard]) -> str | None:
    try:
        lie = defect.make(cast(Service, _Untouchable()))
    except _Touched:
        return ""
    return next((outline(asked.method, asked.path) for asked, answered in exchanges if _changes(lie, asked, answered)), None)


def _changes(lie: Lie, asked: WireRequest, answered: WireAnswer) -> bool:
    asks = 0

    async def ask(changed: WireRequest) -> WireAnswer:
        nonlocal asks
        asks += 1
        if asks > 1 or (changed is not asked and changed != asked):
            raise _Touched
        return answered

    # nothing in a dry try waits for anything, so no event loop is needed
    going = cast("Coroutine[None, None, WireAnswer]", lie(asked, ask))
    try:
        going.send(None)
    except StopIteration as ended:
        return not asks or bool(ended.value != answered)
    except Exception:  # of the lie's own, or one of these: _Touched, Silence, Break
        return True
    finally:
        going.close()
    return True


def spread(names: Sequence[_Thing], most: int) -> list[_Thing]:
    """At most so many of them, evenly spread."""
    if len(names) <= most:
        return list(names)
    return [names[place * len(names) // most] for place in range(most)]
