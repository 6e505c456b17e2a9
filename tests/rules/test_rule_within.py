"""What belongs together within one answer: a good exchange of each kind, and what a damaged recording makes of it."""

from __future__ import annotations

import pytest
from rule_samples import GOOD, HOST, INSTANT, Change, header, member, without

from conformance.rules import context_for, findings

DAMAGED = [
    (
        "consistency.times",
        "pool-get",
        "changed later",
        member("allocationStateTransitionTime", "2031-03-21T02:05:18Z"),
    ),
    ("consistency.times", "task-get", "began before it was there", member("executionInfo/startTime", "2019-03-21T02:05:18Z")),
    ("consistency.state", "task-get", "nobody knows since when it was before", without("previousStateTransitionTime")),
    ("headers.no-resource-headers", "pool-get", "a read says where", header("Location", f"{HOST}/pools/p1")),
    ("headers.no-resource-headers", "pool-list", "a list says where", header("Location", f"{HOST}/pools")),
    ("headers.no-resource-headers", "pool-delete-missing", "a refusal has an id", header("DataServiceId", f"{HOST}/pools/p9")),
    ("headers.no-resource-headers", "tasks-add", "a collection says where", header("Location", f"{HOST}/jobs/j/tasks")),
    ("consistency.etag-ticks", "tasks-add", "an added task of another instant", member("value/0/eTag", "0x8D7CD3C4DCF7681")),
    ("consistency.etag-format", "tasks-add", "an added task with a quoted ETag", member("value/0/eTag", '"0x8D7CD3C4DCF7680"')),
]


def _broken(name: str, change: Change) -> set[str]:
    return {f.rule for f in findings(context_for(change(GOOD[name]))) if not f.holds}


@pytest.mark.parametrize(("rule", "base", "what", "change"), DAMAGED, ids=[f"{d[0]}:{d[2]}".replace(" ", "-") for d in DAMAGED])
def test_what_does_not_belong_together(rule: str, base: str, what: str, change: Change) -> None:
    assert _broken(base, lambda good: good) == set()
    assert _broken(base, change) == {rule}


def test_clocks_may_differ_by_seconds() -> None:
    assert _broken("pool-get", member("allocationStateTransitionTime", "2020-03-21T02:05:22Z")) == set()
    assert _broken("pool-get", member("allocationStateTransitionTime", INSTANT)) == set()
