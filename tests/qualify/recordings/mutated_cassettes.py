"""The cassettes that the tests of mutated recordings damage: some of every kind, read once for each process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from conformance.exchange import Exchange
from conformance.qualify.recordings.measure import read
from conformance.qualify.recordings.model import Place

_ROOT = Path(__file__).parents[3] / "cassettes" / "2022-01-01.15.0"
_NAMES = (
    *("accounts/test_create", "accounts/test_delete", "accounts/test_errors", "certificates/test_deletion", "files/test_files"),
    *(
        "jobs/test_counts",
        "jobs/test_delete",
        "jobs/test_endings",
        "nodes/test_actions",
        "pools/test_patch",
        "protocol/test_errors",
    ),
    *(
        "protocol/test_authentication",
        "protocol/test_headers",
        "protocol/test_paging",
        "protocol/test_select",
        "protocol/test_conditional_writes",
    ),
    *("tasks/test_add", "tasks/test_collection", "tasks/test_collection_mixed", "tasks/test_states", "tasks/test_update"),
    "tasks/test_filter/test_filter_result.yaml",
)
PATHS = tuple(_ROOT / name for name in _NAMES)


@cache
def traces() -> tuple[list[Exchange], ...]:
    found, _ = read(PATHS, alone=False)
    return tuple(found)


@cache
def places() -> tuple[Place, ...]:
    return tuple(Place(trace, n) for trace in traces() for n in range(len(trace)))
