"""Recordings in, report out: what was read, what it shows, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from audit_catalogue import catalogue

from conformance.audit import audit
from conformance.exchange.outline import outline
from conformance.report import Report, exit_code, render, verdict_line
from conformance.target.errors import UserError

FIXTURES = Path(__file__).parent.parent / "fixtures" / "recordings"
GOOD, BROKEN = FIXTURES / "good", FIXTURES / "broken"


def _verdicts(report: Report) -> dict[str, str]:
    return {r.id: r.verdict for r in report.requirements}


def test_good_recordings_keep_what_they_exercise_and_nothing_more_is_claimed() -> None:
    report = audit([GOOD], catalogue())
    assert _verdicts(report) == {
        "protocol.any.request-id": "passed",
        "protocol.any.error-code": "passed",
        "pools.create.answers-201": "passed",
        "pools.create.etag": "passed",
        "pools.create.no-scenario-ran": "untested",
        "pools.create.later": "untested",
        "nodes.reboot.answers-202": "not-claimed",
        "accounts.get.answers-200": "not-claimed",
    }
    assert report.target.profiles == ["protocol", "pools"]
    assert (report.target.endpoint, report.target.api_version) == ("acct.westus.batch.azure.com", "2023-11-01.18.0")
    assert report.exchanges == 5
    assert report.summary.conformant and exit_code(report) == 0
    assert next(r for r in report.requirements if r.profile == "nodes").reason.startswith("the recordings exercise nothing")


def test_the_report_says_what_was_read() -> None:
    told = audit([GOOD], catalogue()).audit
    assert told is not None
    assert (told.recordings, told.traces, told.broken) == (4, 1, [])
    assert [(p.plane, p.exchanges, p.matched) for p in told.planes] == [("data-plane", 5, 5)]
    assert told.operations == {"Pool_Add": 1, "Pool_Get": 4}
    assert {Path(s.place).name for s in told.skipped} == {"README.md", "index.csv", "settings.yaml", "package.json"}


def test_exchanges_are_numbered_through_all_recordings() -> None:
    (first,) = [r for r in audit([GOOD / "pool.json", GOOD], catalogue()).requirements if r.id == "pools.create.answers-201"]
    exchange = first.evidence[0].exchange
    assert exchange is not None
    assert exchange.index == 2
    assert exchange.source.endswith("pool.yaml#0")


def _mutant(tmp_path: Path, change: Callable[[dict[str, object]], None]) -> Path:
    document = yaml.safe_load((GOOD / "pool.yaml").read_text())
    for interaction in document["interactions"]:
        change(interaction)
    path = tmp_path / "mutant.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


def test_a_broken_must_is_shown_with_what_was_sent_and_ends_in_1(tmp_path: Path) -> None:
    report = audit([_mutant(tmp_path, lambda i: i["response"]["headers"].pop("request-id"))], catalogue())  # type: ignore[index]
    verdicts = _verdicts(report)
    assert verdicts["protocol.any.request-id"] == "failed"
    assert verdicts["protocol.any.error-code"] == "passed"
    assert not report.summary.conformant and exit_code(report) == 1
    text = render(report)
    assert text.startswith("FAILED: 1 (1 MUST)\n\n* protocol.any.request-id  [MUST]")
    assert "mutant.yaml#0" in text and "curl -i -X POST" in text
    assert verdict_line(report).startswith("NOT CONFORMANT: 1 claimed MUST failed")
    record = next(r for r in report.requirements if r.verdict == "failed")
    assert record.count_against == 2 and len(record.evidence) == 2


def test_a_broken_should_ends_in_0(tmp_path: Path) -> None:
    report = audit([_mutant(tmp_path, lambda i: i["response"]["headers"].pop("ETag", None))], catalogue())  # type: ignore[index]
    assert _verdicts(report)["pools.create.etag"] == "failed"
    assert report.summary.conformant and exit_code(report) == 0


def test_no_secret_of_a_recording_reaches_the_report(tmp_path: Path) -> None:
    report = audit([_mutant(tmp_path, lambda i: i["response"]["headers"].pop("request-id"))], catalogue())  # type: ignore[index]
    assert "c2VjcmV0" in (tmp_path / "mutant.yaml").read_text()
    assert "c2VjcmV0" not in report.model_dump_json() + render(report)


def test_what_is_broken_is_told_and_the_rest_is_judged() -> None:
    report = audit([BROKEN], catalogue())
    assert report.audit is not None
    assert report.exchanges == 6
    places = [b.place.removeprefix(f"{BROKEN}/") for b in report.audit.broken]
    assert places == [
        *("entry.yaml#1", "entry.yaml#2", "lines.jsonl:2", "middle.yaml:48"),
        *("noanswer.har#1", "old.yaml", "truncated.har"),
    ]
    assert "middle.yaml:48: not YAML" in " ".join(render(report).split())


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        (None, "", "no such file or folder: "),
        ("a.yaml", "interactions: [\n", "a.yaml:2: not YAML: "),
        ("a.yaml", "interactions: []", "no recording in "),
        ("README.md", "# nothing", "no recording in "),
        ("a.har", "{}", "no recording"),
    ],
)
def test_nothing_to_read_is_one_clear_line(tmp_path: Path, name: str | None, content: str, problem: str) -> None:
    folder = tmp_path / "recordings"
    if name:
        folder.mkdir()
        (folder / name).write_text(content)
    with pytest.raises(UserError) as told:
        audit([folder], catalogue())
    assert problem in str(told.value)
    assert "\n" not in str(told.value)


def test_one_wrong_path_among_good_ones_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no such file or folder: .*none"):
        audit([GOOD, tmp_path / "none"], catalogue())


def _line(method: str, url: str) -> str:
    return json.dumps({"request": {"method": method, "url": url}, "response": {"status": 404}}) + "\n"


def test_exchanges_without_an_operation_are_grouped_with_the_reason(tmp_path: Path) -> None:
    base, version = "https://a.westus.batch.azure.com", "api-version=2023-11-01.18.0"
    arm = "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts"
    path = tmp_path / "a.jsonl"
    path.write_text(
        _line("GET", f"{base}/swimmingpools/a?{version}") * 2
        + _line("GET", f"{base}/swimmingpools/b?{version}")
        + _line("PATCH", f"{arm}/Acc/pools/p?api-version=2021-01-01")
        + _line("GET", f"{arm}/Acc?api-version=2021-01-01")
        + _line("GET", f"{base}/pools/p?api-version=2015-12-01.2.2")
    )
    told = audit([path], catalogue()).audit
    assert told is not None
    assert [(g.plane, g.count, g.request) for g in told.unmatched] == [
        ("data-plane", 3, "GET /swimmingpools/{}"),
        ("management", 1, "PATCH …/batchAccounts/{}/pools/{}"),
    ]
    assert all(g.reason for g in told.unmatched)
    assert told.unmatched[0].first.endswith("a.jsonl:1")
    assert [(p.plane, p.exchanges, p.matched) for p in told.planes] == [("data-plane", 4, 1), ("management", 2, 1)]
    assert [(v.plane, v.api_version, v.exchanges) for v in told.versions] == [("data-plane", "2015-12-01.2.2", 1)]
    assert told.traces == 2


def test_other_hosts_of_a_recording_are_left_out(tmp_path: Path) -> None:
    """An emulator may have any name: it is known by what it is asked."""
    path, version = tmp_path / "a.jsonl", "api-version=2023-11-01.18.0"
    path.write_text(
        _line("GET", "https://portal.example/pools")
        + _line("GET", "http://localhost:8000/")
        + _line("GET", f"http://localhost:8000/pools/p?{version}")
        + _line("GET", "http://localhost:8000/nothing")
        + _line("GET", "https://portal.example/style.css")
    )
    report = audit([path], catalogue())
    assert report.audit is not None
    assert report.exchanges == 3 and report.target.endpoint == "localhost"
    (others,) = [g for g in report.audit.unmatched if g.plane == "other hosts"]
    assert (others.request, others.count) == ("portal.example", 2)
    assert others.first.endswith("a.jsonl:1")
    path.write_text(_line("GET", "https://portal.example/pools"))
    with pytest.raises(UserError, match=r"no exchange names an operation of Azure Batch \(hosts: portal\.example\)"):
        audit([path], catalogue())


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://a.b/pools/p/nodes/n/files/x?api-version=1", "GET /pools/{}/nodes/{}/files/{}"),
        ("https://a.b/subscriptions/s/providers/Microsoft.Batch/locations/l/quotas", "GET …/locations/{}/quotas"),
        ("https://a.b/", "GET /"),
    ],
)
def test_the_shape_of_a_request_leaves_names_out(url: str, shape: str) -> None:
    assert outline("GET", url) == shape


needs_shared = pytest.mark.skipif(
    not os.environ.get("BATCH_SHARED"), reason="BATCH_SHARED does not name the folder with real-traffic/"
)


@needs_shared
def test_the_live_service_fails_no_must_and_is_matched() -> None:
    report = audit([Path(os.environ["BATCH_SHARED"]) / "real-traffic"])
    assert report.audit is not None
    assert report.exchanges == 464
    assert report.audit.broken == []
    assert [(r.id, r.evidence[-1].message) for r in report.requirements if r.level == "MUST" and r.verdict == "failed"] == []
    assert [r.id for r in report.requirements if r.verdict == "error"] == []
    data = next(p for p in report.audit.planes if p.plane == "data-plane")
    assert data.matched / data.exchanges >= 0.85
    assert exit_code(report) == 0


@needs_shared
def test_recordings_may_come_from_a_copy_anywhere(tmp_path: Path) -> None:
    source = Path(os.environ["BATCH_SHARED"]) / "real-traffic" / "dataplane" / "2020-03-01.11.0"
    shutil.copytree(source, tmp_path / "x")
    assert audit([tmp_path / "x"], catalogue()).exchanges == audit([source], catalogue()).exchanges > 0
