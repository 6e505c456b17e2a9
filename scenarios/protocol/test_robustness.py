"""Requests that are seldom sent, and that a service bears all the same: empty, foreign, large or rare parts. What it answers is
judged elsewhere; that it answers, and does not fail, here. The fuzz sends many more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.plugin import Batch, Expect

_UMLAUTS = "Prüfung ✓ 試験 𝄞"
_METADATA = [{"name": _UMLAUTS, "value": _UMLAUTS}]
_DEEP = '{"id":' * 200 + "1" + "}" * 200
ANSWERS, NO_ERROR = "protocol.robustness.answers", "protocol.robustness.no-server-error"

# name, method, path, query, body: an object, or the text itself
ODD: tuple[tuple[str, str, str, dict[str, str], Any], ...] = (
    ("empty-collection", "POST", "/jobs/{job}/addtaskcollection", {}, {"value": []}),
    ("collection-of-nothing", "POST", "/jobs/{job}/addtaskcollection", {}, {"value": [{}]}),
    ("empty-update-of-pool", "PATCH", "/pools/{pool}", {}, {"metadata": [], "applicationPackageReferences": []}),
    ("empty-update-of-job", "PATCH", "/jobs/{job}", {}, {"metadata": []}),
    ("empty-job", "POST", "/jobs", {}, {}),
    ("empty-schedule", "POST", "/jobschedules", {}, {}),
    ("empty-task", "POST", "/jobs/{job}/tasks", {}, {}),
    ("deep-body", "POST", "/jobs", {}, _DEEP),
    ("long-body", "POST", "/jobs", {}, {"id": "x" * 100_000}),
    ("blank-body", "POST", "/jobs", {}, " "),
    ("letters-in-job", "PATCH", "/jobs/{job}", {}, {"metadata": _METADATA}),
    ("letters-in-pool", "PATCH", "/pools/{pool}", {}, {"metadata": _METADATA}),
    ("letters-in-id", "GET", "/pools/%C3%BCber%20alles", {}, None),
    ("half-a-letter", "GET", "/jobs/%ff", {}, None),
    ("long-id", "GET", "/jobs/" + "x" * 2000, {}, None),
    ("expand-pools", "GET", "/pools", {"$expand": "stats"}, None),
    ("expand-jobs", "GET", "/jobs", {"$expand": "stats"}, None),
    ("expand-schedules", "GET", "/jobschedules", {"$expand": "stats"}, None),
    ("expand-tasks", "GET", "/jobs/{job}/tasks", {"$expand": "stats"}, None),
    ("quote-in-filter", "GET", "/pools", {"$filter": "id eq 'it''s'"}, None),
    ("quote-in-jobs-filter", "GET", "/jobs", {"$filter": "id eq 'it''s'"}, None),
    ("letters-in-filter", "GET", "/jobs", {"$filter": f"id eq '{_UMLAUTS}'"}, None),
    ("long-filter", "GET", "/pools", {"$filter": " or ".join(f"id eq 'bcs-absent-{n}'" for n in range(40))}, None),
    ("select-all-names", "GET", "/jobs", {"$select": "id,state,url,eTag,creationTime,stats"}, None),
    ("empty-parameters", "GET", "/jobs", {"$filter": "", "$select": "", "$expand": ""}, None),
    ("strange-token", "GET", "/jobs", {"$skiptoken": "nonsense"}, None),
    ("nothing-in-list", "GET", "/jobs/bcs-absent/tasks", {}, None),
)


@pytest.mark.requirement(ANSWERS, NO_ERROR)
@pytest.mark.parametrize(("method", "path", "query", "body"), [pytest.param(*row[1:], id=row[0]) for row in ODD])
def test_odd(
    batch: Batch, expect: Expect, basin: str, workshop: str, method: str, path: str, query: dict[str, str], body: Any
) -> None:
    content = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False) if body is not None else None
    exchange = batch.send(method, path.format(pool=basin, job=workshop), query=query, content=content)
    expect(ANSWERS, True, expected="an HTTP answer", actual=exchange.response.status, exchange=exchange)
    status = exchange.response.status
    expect(NO_ERROR, status < 500 or status == 503, expected="a status below 500", actual=status, exchange=exchange)


@pytest.fixture(scope="module")
def workshop(batch: Batch) -> str:
    """A job without tasks, for whatever is sent to one."""
    return batch.create_job()


@pytest.fixture(scope="module")
def basin(batch: Batch) -> str:
    """A pool without nodes, likewise."""
    return batch.create_pool()
