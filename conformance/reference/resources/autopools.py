"""Pools that live and die with a job or a job schedule."""

from __future__ import annotations

from copy import deepcopy

from conformance.contract import Contract
from conformance.reference.problem import BatchProblem
from conformance.reference.resources import certificatereferences, pools
from conformance.reference.store import Store
from conformance.reference.wire import Json

_KEY, _RETIRED = "_autopool", "_retired_autopools"


def place(store: Store, contract: Contract, job: Json, now: int, schedule: Json | None) -> None:
    """Say on which pool the job runs; make the pool if the job, or its schedule, has to have one of its own."""
    if schedule is not None:
        _discard(store, schedule, now)
    info = job["poolInfo"]
    spec = info.get("autoPoolSpecification")
    if spec is None:
        job["executionInfo"]["poolId"] = info["poolId"]
        return
    owner = schedule if schedule is not None and spec["poolLifetimeOption"] == "jobschedule" else job
    pool = store.get("pool", owner.get(_KEY, ""))
    if pool is None or pool["state"] == "deleting":
        error = _obstacle(store, spec)
        if error is not None:
            job["executionInfo"]["schedulingError"] = error
            return
        owner[_KEY] = _make(store, contract, spec, now)
    job["executionInfo"]["poolId"] = owner[_KEY]


def _obstacle(store: Store, spec: Json) -> Json | None:
    """Why the pool cannot be made. A certificate is looked for only now: the live service took a job schedule whose auto pool
    refers to one that no account can have (source: recording jobschedule-list), and the documents name a job scheduling error."""
    try:
        certificatereferences.check(store, spec.get("pool", {}).get("certificateReferences", ()))
    except BatchProblem:
        message = "The auto pool refers to a certificate that the account does not have."
        return {"category": "usererror", "code": "InvalidCertificatesInAutoPool", "message": message}
    return None


def _make(store: Store, contract: Contract, spec: Json, now: int) -> str:
    prefix = f"{spec['autoPoolIdPrefix']}_" if spec.get("autoPoolIdPrefix") else ""
    name = f"{prefix}{store.guid().upper()}"
    pools.create(store, contract, {**deepcopy(spec.get("pool", {})), "id": name}, now, auto=True)
    return name


def release(store: Store, owner: Json, now: int) -> None:
    """The owner, a job or a job schedule, has come to its end: so does its pool, unless it is to be kept."""
    specification = owner.get("poolInfo", owner.get("jobSpecification", {}).get("poolInfo", {}))
    kept = specification.get("autoPoolSpecification", {}).get("keepAlive", False)
    pool = store.get("pool", owner.pop(_KEY, ""))
    if pool is not None and not kept and pool["state"] != "deleting":
        pools.begin_deletion(store, pool, now)
    _discard(store, owner, now)


def retire(schedule: Json, before: Json) -> None:
    """The job specification of a schedule was changed from what it was before: the next job may need another pool.

    The old one goes when that job is made, unless it was to be kept."""
    old, new = (spec.get("poolInfo", {}).get("autoPoolSpecification", {}) for spec in (before, schedule["jobSpecification"]))
    same = old.get("poolLifetimeOption") == new.get("poolLifetimeOption") and old.get("pool") == new.get("pool")
    if same or _KEY not in schedule:
        return
    name = schedule.pop(_KEY)
    if not old.get("keepAlive"):
        schedule.setdefault(_RETIRED, []).append(name)


def _discard(store: Store, schedule: Json, now: int) -> None:
    for name in schedule.pop(_RETIRED, ()):
        pool = store.get("pool", name)
        if pool is not None and pool["state"] != "deleting":
            pools.begin_deletion(store, pool, now)
