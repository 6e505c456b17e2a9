"""Who answers which operation. A resource's module registers its handlers here; nothing else knows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply

Handler: TypeAlias = Callable[[Store, Call], Reply | Listing]
Finder: TypeAlias = Callable[[Store, Call], Json]
HANDLERS: dict[str, Handler] = {}
FINDERS: dict[str, Finder] = {}


def answers(*operations: str) -> Callable[[Handler], Handler]:
    """Register a function as the handler of operations, by id."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(operations, handler))
        return handler

    return register


def finds(parameter: str) -> Callable[[Finder], Finder]:
    """Register a function that finds the resource which a path parameter names, and raises BatchProblem when there is none."""

    def register(finder: Finder) -> Finder:
        FINDERS[parameter] = finder
        return finder

    return register
