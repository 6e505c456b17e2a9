"""Who answers which operation. A resource's module registers its handlers here; nothing else knows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from conformance.reference.store import Store
from conformance.reference.wire import Call, Listing, Reply

Handler: TypeAlias = Callable[[Store, Call], Reply | Listing]
HANDLERS: dict[str, Handler] = {}


def answers(*operations: str) -> Callable[[Handler], Handler]:
    """Register a function as the handler of operations, by id."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(operations, handler))
        return handler

    return register
