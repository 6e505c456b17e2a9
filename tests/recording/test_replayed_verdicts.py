"""A replay has the verdict of the run that was recorded, for each requirement, with the network taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

CHOSEN = ["--requirement", "pools.patch.*", "--requirement", "protocol.headers.request-id"]
SHORT = ["--timeout", "1", "--deadline", "1"]


@pytest.mark.parametrize(
    ("defect", "code"),
    [("clean", 0), ("wrong_status", 1), ("missing_header", 1), ("forgetful", 1), ("stuck", 3), ("hanging", 3), ("breaking", 3)],
)
def test_live_and_replayed_verdicts_are_the_same(defect, code, run, served, tmp_path):  # type: ignore[no-untyped-def]
    live = run("--endpoint", served(defect), "--record", str(tmp_path / "tapes"), *CHOSEN, *SHORT)
    again = run("--replay", str(tmp_path / "tapes"), *CHOSEN, offline=True)
    assert live.code in {code, 3 if code else 0}, live.out
    assert again.verdicts == live.verdicts
    assert again.code == live.code, again.out
    assert (set(live.verdicts.values()) > {"passed"}) is (defect != "clean")


def test_a_replay_says_what_it_replays(run, served, tmp_path):  # type: ignore[no-untyped-def]
    words = ["--requirement", "pools.patch.*"]
    run("--endpoint", served("clean"), "--record", str(tmp_path / "tapes"), *words)
    fresh = run("--replay", str(tmp_path / "tapes"), *words, "--max-age", "1", offline=True)
    assert fresh.report.recording is not None
    assert (fresh.report.recording.stale, fresh.report.recording.suite) == (False, fresh.report.suite.version)
    assert "replayed from" in fresh.out and "STALE" not in fresh.out
    old = run("--replay", str(tmp_path / "tapes"), *words, "--max-age", "0", offline=True)
    assert (old.code, old.verdicts) == (0, fresh.verdicts)
    assert old.report.recording is not None and old.report.recording.stale
    assert all(e.stale for r in old.report.requirements for e in r.evidence)
    assert "STALE" in old.out


def test_a_second_recording_is_the_same(run, tmp_path):  # type: ignore[no-untyped-def]
    words = ["--requirement", "pools.patch.*", "--requirement", "certificates.*", "--requirement", "accounts.create.*"]
    words += ["--requirement", "jobs.terminate.*", "--api-version", "2024-07-01.20.0"]
    for name in ("one", "two"):
        assert run("--record", str(tmp_path / name), *words).code == 0
    one, two = (_cassettes(tmp_path / name) for name in ("one", "two"))
    assert len(one) > 20
    assert [name for name in one.keys() | two.keys() if one.get(name) != two.get(name)] == []


def _cassettes(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--replay", "nowhere"], "recording.json cannot be read"),
        (["--replay", "nowhere", "--endpoint", "http://localhost"], "--endpoint says what a run is to do with a target"),
        (["--max-age", "3"], "--max-age is for --replay DIR"),
        (["--record", "a", "--replay", "b"], "one or the other"),
        (["--record", "a", "--api-version", "all"], "one api-version at a time"),
    ],
)
def test_wrong_usage_is_told_in_a_line(words: list[str], told: str, run: Callable[..., object]) -> None:
    done = run(*words)
    assert done.code == 2  # type: ignore[attr-defined]
    assert told in done.out and len(done.out.strip().splitlines()) == 1  # type: ignore[attr-defined]


def test_a_folder_that_is_no_recording_is_not_replaced(run, tmp_path):  # type: ignore[no-untyped-def]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    done = run("--record", str(tmp_path / "mine"))
    assert done.code == 2
    assert "not empty" in done.out
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"
