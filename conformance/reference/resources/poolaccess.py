"""What every operation on a pool begins and ends with: finding it."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json


def find(store: Store, call: Call, *, changing: bool = False) -> Json:
    """The pool that the path names. Raises BatchProblem: there is none, its conditions are not met, or it is being deleted."""
    pool = store.get("pool", call.path["poolId"])
    if pool is None:
        raise BatchProblem("PoolNotFound")
    call.conditions.check(pool["_modified"])
    if changing and pool["state"] == "deleting":
        raise BatchProblem("PoolBeingDeleted")
    return pool
