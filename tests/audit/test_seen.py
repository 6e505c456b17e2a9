"""When the live service was last seen to do what a requirement says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from audit_catalogue import catalogue

from conformance.audit import last_seen, write_seen
from conformance.requirements import catalogue as catalogue_module
from conformance.requirements import load

VERSION = "2023-11-01.18.0"


def _write(
    folder: Path, name: str, day: str, status: int = 201, request_id: str = "00000000-0000-0000-0000-00000000aaaa"
) -> None:
    headers = [["Date", f"Tue, {day} 2024 10:00:00 GMT"], ["request-id", request_id]] if day else [["request-id", request_id]]
    request = {"method": "POST", "url": f"https://a.westus.batch.azure.com/pools?api-version={VERSION}"}
    (folder / name).write_text(json.dumps({"request": request, "response": {"status": status, "headers": headers}}) + "\n")


def test_the_latest_recording_that_shows_it_counts(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    _write(tmp_path / "sub", "b.jsonl", "05 Mar")
    _write(tmp_path, "a.jsonl", "01 Feb")
    seen = last_seen([tmp_path], catalogue())
    assert list(seen) == ["protocol.any.request-id", "pools.create.answers-201"]
    latest = seen["pools.create.answers-201"]
    assert (latest.recording, latest.date, latest.api_version) == ("sub/b.jsonl", "2024-03-05", VERSION)


def test_a_recording_that_shows_the_contrary_does_not_count(tmp_path: Path) -> None:
    _write(tmp_path, "a.jsonl", "01 Feb")
    _write(tmp_path, "b.jsonl", "05 Mar", request_id="none")
    assert last_seen([tmp_path], catalogue())["protocol.any.request-id"].recording == "a.jsonl"
    assert last_seen([tmp_path], catalogue())["pools.create.answers-201"].recording == "b.jsonl"


def test_a_recording_without_a_date_shows_nothing(tmp_path: Path) -> None:
    _write(tmp_path, "a.jsonl", "")
    _write(tmp_path, "b.jsonl", "99 Mar")
    assert last_seen([tmp_path], catalogue()) == {}


def test_the_catalogue_takes_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"id": "pools.create.answers-201", "level": "MUST", "title": "t", "source": {"document": "d", "section": "s"}}
    (tmp_path / "pools.yaml").write_text(json.dumps({"profile": "pools", "requirements": [entry]}))
    _write(tmp_path, "a.jsonl", "05 Mar")
    seen = last_seen([tmp_path / "a.jsonl"], catalogue())
    path = write_seen(seen, tmp_path)
    once = path.read_bytes()
    assert write_seen(seen, tmp_path).read_bytes() == once
    monkeypatch.setattr(catalogue_module, "DATA", tmp_path)
    found = load.__wrapped__().requirements  # the function itself: `load` keeps the real catalogue
    assert list(found) == ["pools.create.answers-201"]
    assert found["pools.create.answers-201"].seen == seen["pools.create.answers-201"]
    path.write_text("pools.create.answers-201: {date: x}")
    with pytest.raises(catalogue_module.CatalogueError, match=r"seen\.yaml: .*Field required"):
        load.__wrapped__()


def test_what_is_seen_is_in_the_catalogue() -> None:
    """The file in the project names no requirement that is gone."""
    from conformance.requirements.catalogue import DATA, SEEN, _read_seen

    assert set(_read_seen(DATA / SEEN)) <= set(load().requirements)
