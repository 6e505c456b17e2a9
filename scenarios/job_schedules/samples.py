"""Values for the properties of a job schedule, and the instants of which it speaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from conformance.plugin import Batch, Blocked
from scenarios.jobs import samples as job
from scenarios.support import Json, target_name

# what a request says beside what every schedule has to say
Build = Callable[[Batch], Json]
METADATA = job.METADATA
POOL: Json = {"poolId": "bcs-no-such-pool"}
# property of the job specification → a value that is not its default
SPECIFICATION: Json = {name: value for name, value in job.VALUES.items() if name != "poolInfo"}


def instant(text: object) -> datetime:
    """An instant that an answer shows. Raises Blocked when it is none: rules say so of each answer."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise Blocked(f"{text!r} is no instant") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stated(properties: Json) -> Json:
    """A property given as None is left out."""
    return {name: value for name, value in properties.items() if value is not None}


def specification(**properties: Any) -> Json:
    """A job specification; its pool does not exist, unless the properties name another."""
    return stated({"poolInfo": POOL, **properties})


def pool_specification(batch: Batch, **properties: Any) -> Json:
    """Of an auto pool without nodes; a property given as None is left out."""
    return {name: value for name, value in batch.pool_body("any", **properties).items() if name != "id"}


def prefix(batch: Batch) -> str:
    """By which `sweep` knows that the suite made the pool."""
    return f"bcs-{batch.run_id}"


def auto_pool(batch: Batch, pool: Json | None = None, **properties: Any) -> Json:
    """A poolInfo with an auto pool; a property given as None is left out."""
    whole = {
        "autoPoolIdPrefix": prefix(batch),
        "poolLifetimeOption": "job",
        "pool": pool_specification(batch) if pool is None else pool,
        **properties,
    }
    return {"autoPoolSpecification": stated(whole)}


def auto_pool_without_target(batch: Batch) -> Json:
    return auto_pool(batch, pool_specification(batch, **{target_name(batch): None}))
