"""A replay has the verdict of the run that was recorded, for each requirement, with the network taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FEW = ["--requirement", "pools.patch.sets-display-name", "--requirement", "pools.patch.keeps-omitted-metadata"]
READS = ["--profile", "applications"]
SHORT = ["--timeout", "1", "--deadline", "1"]


@pytest.mark.parametrize(
    ("defect", "words", "code"),
    [
        ("clean", FEW, 0),
        ("clean", READS, 0),
        ("wrong_status", READS, 1),
        ("missing_member", READS, 1),
        ("forgetful", FEW, 1),
        ("stuck", ["--requirement", "pools.patch.sets-vm-size", *FEW], 3),
        ("hanging", FEW, 3),
        ("breaking", FEW, 3),
        ("breaking", ["--requirement", "protocol.robustness.answers", *FEW], 1),
    ],
)
def test_live_and_replayed_verdicts_are_the_same(defect, words, code, run, served, tmp_path):  # type: ignore[no-untyped-def]
    live = run("--endpoint", served(defect), "--record", str(tmp_path / "tapes"), *words, *SHORT)
    again = run("--replay", str(tmp_path / "tapes"), *words, offline=True)
    assert live.code == code, live.out
    assert (again.code, again.verdicts) == (live.code, live.verdicts), again.out


def test_a_replay_says_what_it_replays(run, served, tmp_path):  # type: ignore[no-untyped-def]
    words = FEW
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
    words = [
        "--requirement",
        "pools.patch.sets-*",
        "--requirement",
        "certificates.delete.gone",
        "--api-version",
        "2024-07-01.20.0",
    ]
    for name in ("one", "two"):
        assert run("--record", str(tmp_path / name), *words).code == 0
    one, two = (_cassettes(tmp_path / name) for name in ("one", "two"))
    assert len(one) > 8
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
