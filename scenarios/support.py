"""Steps that scenarios of several resources share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from conformance.plugin import Batch, Blocked, Exchange, answered

Json = dict[str, Any]
# what a request that is accepted may answer; which of them it must be, other requirements say
ACCEPTED = frozenset({200, 201, 202, 204})


def moment(date: str) -> datetime:
    """What a header says; a rule says so when it is no date."""
    try:
        return parsedate_to_datetime(date)
    except ValueError:
        raise Blocked(f"{date!r} is no date to compare with") from None


def instant(text: object) -> datetime:
    """What a body says, to the second; a rule says so when it is no date-time."""
    try:
        return datetime.fromisoformat(f"{str(text)[:19]}+00:00")
    except ValueError:
        raise Blocked(f"{text!r} is no date-time to compare with") from None


def steady(batch: Batch, pool: str) -> Json:
    """The pool, once its allocation state is steady."""
    return batch.wait(
        lambda: batch.get_pool(pool), lambda found: found.get("allocationState") == "steady", f"{pool} becomes steady"
    )


def settled_at_last(batch: Batch, pool: str) -> Json:
    """As `steady`, where it is judged whether the pool gets so far: what never comes is returned as it is."""
    return batch.outcome(
        lambda: batch.get_pool(pool), lambda found: found.get("allocationState") == "steady", f"{pool} becomes steady"
    )


def steady_pool(batch: Batch, **properties: Any) -> str:
    """A new pool that has settled."""
    pool = batch.create_pool(**properties)
    steady(batch, pool)
    return pool


def has(batch: Batch, model: str, name: str) -> bool:
    """Whether a model has a property at the api-version of the target."""
    return name in batch.contract.models[model].properties if model in batch.contract.models else False


def target_name(batch: Batch) -> str:
    """What the property for the number of dedicated nodes is called."""
    return "targetDedicatedNodes" if has(batch, "CloudPool", "targetDedicatedNodes") else "targetDedicated"


def current_name(batch: Batch) -> str:
    return "currentDedicatedNodes" if has(batch, "CloudPool", "currentDedicatedNodes") else "currentDedicated"


def formula(batch: Batch, nodes: int = 0) -> str:
    """A formula that asks for a fixed number of dedicated nodes."""
    variable = target_name(batch)
    return f"${variable[0].upper()}{variable[1:]} = {nodes};"


def json_object(exchange: Exchange) -> Json:
    """The body of an answer that the scenario needs in order to go on."""
    if exchange.response.status != 200:
        raise Blocked(f"{exchange.request.method} {exchange.request.path} answered {exchange.response.status}", by=exchange)
    body: Json = answered(exchange)
    return body


def elements(exchange: Exchange) -> list[Json]:
    """The elements of one page of a list."""
    value = json_object(exchange).get("value")
    if not isinstance(value, list):
        raise Blocked(f"{exchange.request.path} answered no list")
    return [without(element) for element in value if isinstance(element, dict)]


def look_for(batch: Batch, pool: str) -> Exchange:
    """A read of a pool that should not be there. Raises Blocked when the target does not answer 404 for a pool that never was."""
    exchange = batch.call("Pool_Get", poolId=pool)
    if exchange.response.status != 404:
        never = batch.call("Pool_Get", poolId=batch.new_id("never")).response.status
        if never != 404:
            raise Blocked(f"a pool that never was is answered {never}")
    return exchange


def etag(exchange: Exchange) -> str:
    """The ETag of an answer. Raises Blocked when there is none: rules say so of each answer."""
    shown = exchange.response.headers.get("ETag")
    if shown is None:
        raise Blocked(f"{exchange.request.method} {exchange.request.path} answered no ETag")
    return shown


def without(body: Mapping[str, Any], *names: str) -> Json:
    return {name: value for name, value in body.items() if name not in names and not name.startswith("odata.")}
