"""What a careless recording would let through, and files that somebody has edited."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tape_keys import KEY
from typer.testing import CliRunner

from conformance.audit import audit
from conformance.cli import app
from conformance.exchange import BrokenRecording, Exchange, Headers, Request, Response
from conformance.plugin import recordings
from conformance.plugin.process import repeated_credential
from conformance.recording.aliases import Aliases
from conformance.recording.clean import Cleaner
from conformance.recording.errors import Leaks
from conformance.recording.index import Index, read_index
from conformance.recording.matching import nearest
from conformance.recording.recorder import Recorder
from conformance.recording.tape import read_tape
from conformance.target import Scrubber, Target, UserError
from conformance.target.config import Management

SOURCE = "scenarios/pools/test_add.py::test_add"
ROOT = Path(__file__).parents[2]
INDEX = {"format": 1, "recorded": "2026-01-01T00:00:00Z", "suite": "0.1.0", "label": "recorded", "target": {}, "cassettes": {}}


def _exchange(reason: str = "OK", body: bytes = b"{}") -> Exchange:
    headers = Headers({"Authorization": f"SharedKey acme:{KEY[:44]}"})
    return Exchange(
        Request("GET", "http://host/pools?api-version=1", headers), Response(200, body=body, reason=reason), source=SOURCE
    )


def _recorder(known: list[str]) -> Recorder:
    return recordings.recorder(Target(endpoint="http://host"), "0123abcd", Scrubber(known))


def _texts(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml"))


def test_a_reason_phrase_is_scrubbed_and_looked_at(tmp_path: Path) -> None:
    made = _recorder([KEY])
    made.heard(_exchange(reason=f"OK {KEY}"), 0)
    made.write(tmp_path, "main", [KEY])
    assert KEY not in _texts(tmp_path)
    bare = Recorder(Cleaner(Aliases("0123abcd", ("http://host",)), lambda exchange: exchange))
    bare.heard(_exchange(reason=f"OK {KEY}"), 0)
    with pytest.raises(Leaks):
        bare.write(tmp_path / "other", "main", [KEY])


def test_why_a_request_got_no_answer_is_looked_at(tmp_path: Path) -> None:
    made = _recorder([KEY])
    made.unanswered(SOURCE, Request("GET", "http://host/pools"), f"illegal status line: {KEY}")
    with pytest.raises(Leaks):
        made.write(tmp_path, "main", [KEY])


@pytest.mark.parametrize("form", ["upper-case hex", "wrapped", "a part of it"])
def test_a_key_in_disguise_is_refused(form: str, tmp_path: Path) -> None:
    told = {"upper-case hex": KEY.encode().hex().upper(), "wrapped": f"{KEY[:64]}\r\n{KEY[64:]}", "a part of it": KEY[:50]}[form]
    made = Recorder(Cleaner(Aliases("0123abcd", ("http://host",)), lambda exchange: exchange))
    made.heard(_exchange(body=json.dumps({"displayName": told}).encode()), 0)
    with pytest.raises(Leaks):
        made.write(tmp_path, "main", [KEY])


def test_a_signature_that_an_answer_repeats_is_known_for_a_secret() -> None:
    signature = KEY[:44]
    assert repeated_credential(_exchange(body=f"the signature '{signature}' is another".encode())) == signature
    assert repeated_credential(_exchange()) == ""


def test_what_is_nearly_json_keeps_only_what_may_stay(tmp_path: Path) -> None:
    made = _recorder([KEY])
    for body in ('\ufeff{"adminPwd": "hunter2-private"}', '{"adminPwd": "hunter2-private"};'):
        made.heard(_exchange(body=body.encode()), 0)
    made.write(tmp_path, "main", [KEY])
    assert "hunter2" not in _texts(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"recorded": "2026-01-01T00:00:00"}, "timezone"),
        ({"format": 99}, "format"),
        ({"cassettes": {"a": "../../etc/passwd"}}, "outside of the recording"),
        ({"cassettes": {"a": "/etc/passwd"}}, "outside of the recording"),
    ],
)
def test_an_index_that_somebody_edited_is_told_in_one_line(change: dict[str, object], said: str, tmp_path: Path) -> None:
    (tmp_path / "recording.json").write_text(json.dumps(INDEX))
    assert read_index(tmp_path).label == "recorded"
    (tmp_path / "recording.json").write_text(json.dumps(INDEX | change))
    with pytest.raises(UserError, match=said):
        read_index(tmp_path)


@pytest.mark.parametrize(
    "broken", ["unanswered: 7\n", "unanswered:\n- {after: 0, why: x, request: {method: GET}}\n", "unanswered: [\n"]
)
def test_a_broken_cassette_is_named(broken: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"interactions: []\nversion: 1\n{broken}")
    with pytest.raises(BrokenRecording, match=r"a\.yaml"):
        read_tape(path)


def test_what_differs_is_shown_where_it_differs() -> None:
    long = "x" * 300
    wanted, recorded = ("POST", "/jobs", "", "", f"{long}new"), ("POST", "/jobs", "", "", f"{long}old")
    assert "old" in nearest(wanted, [recorded]) and "new" in nearest(wanted, [recorded])


def test_one_process_records(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["run", "--record", str(tmp_path / "tapes"), "--workers", "2"])
    assert isinstance(done.exception, UserError) and "one process at a time" in str(done.exception)
    assert not (tmp_path / "tapes").exists()


def test_recordings_of_the_suite_say_nothing_about_each_other() -> None:
    """All of them have the same stand-ins for host and names."""
    pair = [ROOT / "cassettes" / version / "jobs" / "test_terminate" for version in ("2022-01-01.15.0", "2024-07-01.20.0")]
    report = audit(pair)
    assert report.exchanges and report.summary.must.failed == 0
    assert report.audit is not None and report.audit.traces == report.audit.recordings


def test_a_full_disk_is_told_in_a_line_and_leaves_the_older_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, work = tmp_path / "tapes", tmp_path / "work"
    for folder in (kept, work / recordings.TAPES):
        folder.mkdir(parents=True)
    (kept / "recording.json").write_text("older")

    def full(made: Path, to: Path) -> None:
        to.mkdir()
        raise shutil.Error([(f"{made}/{name}", f"{to}/{name}", f"No space left on device: {name}") for name in "abc"])

    monkeypatch.setattr(shutil, "move", full)
    with pytest.raises(OSError, match=r"^No space left on device: a$"):
        recordings.publish(work, kept, Index.model_validate(INDEX))
    assert [path.name for path in tmp_path.iterdir() if path != work] == ["tapes"]
    assert (kept / "recording.json").read_text() == "older"


def test_why_a_request_got_no_answer_names_no_host_and_says_whether_one_was_reached(tmp_path: Path) -> None:
    made = _recorder([])
    for reached in (True, False):
        made.unanswered(SOURCE, Request("GET", "http://host/pools"), "http://host: no answer within 3 s", reached)
    made.write(tmp_path, "main", [])
    silences = read_tape(next(tmp_path.rglob("*.yaml"))).silences
    assert [(s.reached, s.why) for s in silences] == [(r, "http://recorded.invalid: no answer within 3 s") for r in (True, False)]


def test_the_storage_account_has_the_aliases_that_its_bodies_have() -> None:
    place = Management(subscription="1f2e", resource_group="ours", storage_account="/subscriptions/1f2e/resourceGroups/ours/x/s")
    told = recordings.described(Target(endpoint="http://host", management=place))["management"]
    assert told["storage_account"] == f"/subscriptions/{told['subscription']}/resourceGroups/{told['resource_group']}/x/s"
    assert "ours" not in json.dumps(told)


def test_an_answer_without_a_status_is_no_answer(tmp_path: Path) -> None:
    made = _recorder([])
    made.heard(replace(_exchange(), response=Response(99999)), 0)
    made.write(tmp_path, "main", [])
    with pytest.raises(BrokenRecording, match="no HTTP status"):
        read_tape(next(tmp_path.rglob("*.yaml")))
