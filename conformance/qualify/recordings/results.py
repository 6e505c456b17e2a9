"""Damages of the results of a collection of tasks, and of counts that add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from conformance.qualify.recordings.edit import at, done, put, with_json
from conformance.qualify.recordings.model import Damage, Make, Operator, Place


def _result(change: Callable[[list[Any]], list[Any]]) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        results = place.object.get("value") if place.kind == "create-many" and place.status == 200 else None
        if not isinstance(results, list) or not results or not isinstance(place.context.sent, dict):
            return []
        new = change(results)
        return (
            [done(place, with_json(place.exchange, put(place.object, ("value",), new)), str(new)[:80])] if new != results else []
        )

    return make


def _other_task(results: list[Any]) -> list[Any]:
    return [{**results[0], "taskId": f"{results[0].get('taskId')}x"}, *results[1:]]


def _odd_status(results: list[Any]) -> list[Any]:
    return [{**results[0], "status": "created"}, *results[1:]]


def _odd_error(results: list[Any]) -> list[Any]:
    if "error" in results[0]:
        return [{n: v for n, v in results[0].items() if n != "error"}, *results[1:]]
    error = {"code": "TaskExists", "message": {"lang": "en-US", "value": "The specified task already exists."}}
    return [{**results[0], "error": error}, *results[1:]]


def _counts(place: Place, rng: Random) -> list[Damage]:
    """Of counts that have to add up."""
    body = place.object if place.status == 200 and place.data else {}
    paths = [("taskCounts", "completed"), ("taskCounts", "succeeded"), ("completed",)]
    found = [p for p in paths if _is_count(body, p)]
    return [done(place, with_json(place.exchange, put(body, p, at(body, p) + 1)), f"{p} and one") for p in found]


def _is_count(body: dict[str, Any], path: tuple[str, ...]) -> bool:
    value: Any = body
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return isinstance(value, int)


def _operators() -> Iterator[Operator]:
    yield Operator("list.result-lost", "Of a collection, one task has no result.", _result(lambda r: r[1:]))
    yield Operator("list.result-twice", "Of a collection, one task has two results.", _result(lambda r: [*r, r[0]]))
    yield Operator("list.result-other", "A result of a collection names another task.", _result(_other_task))
    yield Operator("list.result-status", "A result of a collection has no status of the documents.", _result(_odd_status))
    yield Operator(
        "list.result-error", "A result that failed does not say why, or one that did not says so.", _result(_odd_error)
    )
    yield Operator("list.counts", "A count is off by one.", _counts)


OPERATORS = tuple(_operators())
