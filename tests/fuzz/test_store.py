"""Plans that failed are kept for the next run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis.database import InMemoryExampleDatabase

from conformance.fuzz.plan import Plan, Step
from conformance.fuzz.store import VARIABLE, Store, database, folder

PLANS = [Plan("pools", tuple(Step("Pool_Get", "GET", f"/pools/{n}") for n in range(count))) for count in (3, 1, 2)]


def test_what_is_kept_comes_back_shortest_first(tmp_path: Path) -> None:
    store = Store(database(tmp_path), "http://host", "v", "pools")
    for plan in PLANS:
        store.keep(plan)
    again = Store(database(tmp_path), "http://host", "v", "pools")
    assert [len(plan.steps) for plan in again.plans()] == [1, 2, 3]
    again.drop(PLANS[0])
    assert len(store.plans()) == 2


@pytest.mark.parametrize("other", [("http://other", "v", "pools"), ("http://host", "w", "pools"), ("http://host", "v", "jobs")])
def test_each_target_version_and_family_has_its_own(tmp_path: Path, other: tuple[str, str, str]) -> None:
    Store(database(tmp_path), "http://host", "v", "pools").keep(PLANS[0])
    assert Store(database(tmp_path), *other).plans() == []


def test_what_cannot_be_read_is_left_out() -> None:
    kept = InMemoryExampleDatabase()
    store = Store(kept, "t", "v", "f")
    store.keep(PLANS[1])
    kept.save(b"batch-conformance/1/t/v/f", b"something else")
    assert store.plans() == [PLANS[1]]


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(database(tmp_path / "file"), "t", "v", "f")
    store.keep(PLANS[0])
    assert store.plans() == [PLANS[0]]


def test_the_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "own"))
    assert folder() == tmp_path / "own"
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert folder() == tmp_path / "cache" / "batch-conformance"
