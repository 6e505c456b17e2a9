"""Lies that are told once: what goes wrong the first time, and never again."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.model import Lie, Maker
from conformance.defects.stored import Changed, after
from conformance.defects.where import When, always
from conformance.reference.service import Service


def first_time(where: str, change: Callable[[Changed], None], member: str = "", when: When = always) -> Maker:
    """What was carried out on a resource is followed by a change of what is stored, the first time; with a member of the body the
    first time for each of its values."""

    def make(service: Service) -> Lie:
        told: set[str] = set()

        def once(changed: Changed) -> None:
            value = str(changed.sent.get(member, ""))
            if value not in told:
                told.add(value)
                change(changed)

        return after(where, once, when)(service)

    return make
