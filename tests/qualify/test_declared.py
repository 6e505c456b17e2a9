"""What a defect fails is compared with what it declares, and with what it failed before."""

from __future__ import annotations

import pytest

from conformance.defects import Defect
from conformance.defects.answers import no_header
from conformance.qualify.declared import compared, innocent
from conformance.qualify.model import Layer, Outcome

DEFECT = Defect(
    "a-lie", "It lies.", "headers", ("pools.get.a", "pools.list.*"), "", no_header("* /...", "ETag"), consequences=("jobs.*.b",)
)


def outcome(*failed: str, broke: str = "") -> Outcome:
    layers: list[Layer] = ["scenarios"]
    return Outcome(defect="a-lie", version="v", failed=dict.fromkeys(failed, layers), broke=broke)


@pytest.mark.parametrize(
    ("failed", "missing", "beside"),
    [
        (("pools.get.a", "pools.list.x"), [], []),
        (("pools.get.a", "pools.list.x", "jobs.add.b"), [], []),
        (("pools.get.a",), ["pools.list.*"], []),
        (("pools.list.x", "pools.list.y"), ["pools.get.a"], []),
        (("pools.get.a", "pools.list.x", "jobs.add.c"), [], ["jobs.add.c"]),
        ((), ["pools.get.a", "pools.list.*"], []),
    ],
)
def test_each_glob_needs_one_that_failed_and_nothing_else_may(
    failed: tuple[str, ...], missing: list[str], beside: list[str]
) -> None:
    found = compared(outcome(*failed), DEFECT)
    assert (found.missing, found.beside, found.killed) == (missing, beside, bool(failed))
    assert found.as_declared == (bool(failed) and not missing and not beside)


def test_a_change_since_it_was_taken_down_is_no_longer_as_declared() -> None:
    found = compared(
        outcome("pools.get.a", "pools.list.x", "pools.list.y"), DEFECT, ["pools.get.a", "pools.list.x", "pools.list.z"]
    )
    assert (found.changed, found.as_declared) == (["+pools.list.y", "-pools.list.z"], False)
    assert compared(outcome("pools.get.a", "pools.list.x"), DEFECT, ["pools.list.x", "pools.get.a"]).as_declared


def test_what_broke_the_suite_kills_nothing() -> None:
    found = compared(outcome("pools.get.a", "pools.list.x", broke="a scenario broke"), DEFECT)
    assert not found.killed and not found.as_declared


def test_whatever_speaks_against_the_clean_service_is_told() -> None:
    told = Outcome(defect="", version="v", failed={"a": ["traffic"]}, errors=["b"], fuzzed=["c"], recorded=["d"])
    assert innocent(told) == {"a": "traffic", "b": "error", "c": "fuzz", "d": "recorded"}
    assert not innocent(Outcome(defect="", version="v"))
