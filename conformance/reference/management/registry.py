"""Who answers which operation of the management plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from conformance.reference.management.rendering import ArmReply
from conformance.reference.store import Store
from conformance.reference.wire import Call

Manager: TypeAlias = Callable[[Store, Call], ArmReply]
MANAGERS: dict[str, Manager] = {}


def manages(operation: str) -> Callable[[Manager], Manager]:
    """Register a function as the handler of an operation, by id."""

    def register(manager: Manager) -> Manager:
        MANAGERS[operation] = manager
        return manager

    return register
