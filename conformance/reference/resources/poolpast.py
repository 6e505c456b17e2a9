"""What only older api-versions do with pools: statistics over the life of the account, and upgrades of the guest system."""

from __future__ import annotations

from conformance.reference.instants import from_unix, iso
from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources.lifecycle import touch
from conformance.reference.resources.poolaccess import find
from conformance.reference.resources.scaling import require_steady
from conformance.reference.shapes import shown, stored
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Reply

_SERVICE_BEGAN = iso(from_unix(1_400_000_000))
# Seconds of the service's life.
_UPGRADE_SECONDS = 60.0
_NO_USE: Json = {
    "avgCPUPercentage": 0.0,
    "avgMemoryGiB": 0.0,
    "peakMemoryGiB": 0.0,
    "avgDiskGiB": 0.0,
    "peakDiskGiB": 0.0,
    "diskReadIOps": 0,
    "diskWriteIOps": 0,
    "diskReadGiB": 0.0,
    "diskWriteGiB": 0.0,
    "networkReadGiB": 0.0,
    "networkWriteGiB": 0.0,
}


@answers("Pool_GetAllLifetimeStatistics")
def lifetime_statistics(store: Store, call: Call) -> Reply:
    times = {"startTime": _SERVICE_BEGAN, "lastUpdateTime": iso(call.now)}
    statistics = {
        **times,
        "url": f"{call.base}/lifetimepoolstats",
        "usageStats": {**times, "dedicatedCoreTime": "PT0S"},
        "resourceStats": {**times, **_NO_USE},
    }
    return Reply(shown(call.contract, call.contract.models["PoolStatistics"], statistics))


@answers("Pool_UpgradeOS")
def upgrade_os(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    if "cloudServiceConfiguration" not in pool:
        raise BatchProblem("OperationNotValidOnPool")
    require_steady(pool)
    if pool["state"] == "upgrading":
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": "The pool is being upgraded."})
    pool["cloudServiceConfiguration"] |= stored(call.body)
    reply = touch(pool, call.now)
    pool |= {"state": "upgrading", "stateTransitionTime": iso(call.now)}

    def end(due: int) -> None:
        if pool["state"] == "upgrading":
            pool.update({"state": "active", "stateTransitionTime": iso(due)})

    store.agenda.after(call.now, _UPGRADE_SECONDS, end)
    return reply
