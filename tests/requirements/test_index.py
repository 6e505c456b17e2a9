"""The index finds what asking each requirement finds."""

from __future__ import annotations

from conformance import contract
from conformance.requirements import load
from conformance.requirements.index import ByOperation


def test_the_index_finds_what_covers_says_once() -> None:
    requirements = [r for r in load().requirements.values() if r.operations]
    index = ByOperation(requirements)
    for operation in (*contract.at("2024-07-01.20.0").operations, "unmatched", "Nothing"):
        found = [r.id for r in index.covering(operation)]
        assert sorted(found) == sorted(r.id for r in requirements if r.covers(operation))
