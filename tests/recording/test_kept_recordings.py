"""The recordings in `cassettes/` replay without a network, with the verdict that the reference service had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CASSETTES = Path(__file__).parents[2] / "cassettes"
VERSIONS = ["2022-01-01.15.0", "2024-07-01.20.0"]


@pytest.mark.parametrize("version", VERSIONS)
def test_it_replays(version, run):  # type: ignore[no-untyped-def]
    done = run("--replay", str(CASSETTES / version), offline=True)
    assert done.code == 0, done.out
    counts = done.report.summary.must
    assert (counts.failed, counts.error) == (0, 0)
    assert counts.passed > 1900


@pytest.mark.parametrize("version", VERSIONS)
def test_its_index_names_every_cassette_once(version: str) -> None:
    folder = CASSETTES / version
    index = json.loads((folder / "recording.json").read_text(encoding="utf-8"))
    named = sorted(index["cassettes"].values())
    assert named == sorted(str(path.relative_to(folder)) for path in folder.rglob("*.yaml"))
    assert len(named) == len(set(named))
    assert index["target"]["api_version"] == version
