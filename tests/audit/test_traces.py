"""Traces by host and account in time, what made no sense, and that nothing grows with the exchanges."""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from audit_catalogue import catalogue

from conformance.audit import audit, sieve
from conformance.audit.grouping import Grouping
from conformance.audit.places import Places
from conformance.audit.sieve import Sieve
from conformance.exchange import BrokenEntry, Exchange, Headers, Request, Response
from conformance.exchange.files import read_recordings
from conformance.report import render
from conformance.report.model import Audit

VERSION = "api-version=2023-11-01.18.0"
DATA = f"https://acme.westus.batch.azure.com/pools/p?{VERSION}"
ARM = "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts"


def line(url: str = DATA, second: int = 0, status: int = 404, **more: Any) -> str:
    started = f"2024-01-01T10:00:{second:02}Z"
    return (
        json.dumps({"request": {"method": "GET", "url": url}, "response": {"status": status}, "started": started, **more}) + "\n"
    )


def told(*paths: Path) -> Audit:
    found = audit(paths, catalogue()).audit
    assert found is not None
    return found


def test_a_trace_is_an_account_at_a_host(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(line(second=9) + line(f"{ARM}/Acme?api-version=2021-01-01", 8))
    (tmp_path / "a.jsonl").write_text(
        line(second=1) + line(f"{ARM}/acme/pools?api-version=2021-01-01", 2) + line("http://127.0.0.1:80/pools?" + VERSION, 3)
    )
    found = told(tmp_path)
    assert found.traces == 3
    assert [(t.account, t.host, t.exchanges, t.recordings) for t in found.accounts] == [
        ("acme", "acme.westus.batch.azure.com", 2, 2),
        ("acme", "management.azure.com", 2, 2),
        ("127.0.0.1", "127.0.0.1:80", 1, 1),
    ]
    first = found.accounts[0]
    assert first.first is not None and first.last is not None
    assert (first.first.second, first.last.second) == (1, 9)


def _exchange(source: str, second: int | None = None) -> Exchange:
    started = datetime(2024, 1, 1, 10, 0, second, tzinfo=UTC) if second is not None else None
    return Exchange(Request("GET", DATA), Response(404), source=source, started=started)


def test_what_is_out_of_order_is_not_taken_for_certain() -> None:
    """The judge is told another recording, of which the oracle concludes less."""
    grouping = Grouping()
    traces = grouping.for_judge()
    labels = []
    for one in [_exchange("a:1", 5), _exchange("a:2", 3), _exchange("a:3", 6), _exchange("b:1", 1), _exchange("b:2")]:
        grouping.hear(one)
        labels.append(traces.recording(one))
    assert labels == ["a", "a (out of order)", "a", "b", "b"]
    assert not traces.whole


def test_without_the_recorders_time_the_answers_tell_what_is_out_of_order() -> None:
    """By more than clocks of the service's machines differ."""
    grouping, labels = Grouping(), []
    traces = grouping.for_judge()
    for second in (20, 17, 12, 21):
        answer = Response(404, Headers({"Date": f"Mon, 01 Jan 2024 10:00:{second} GMT"}))
        one = Exchange(Request("GET", DATA), answer, source="a:1")
        grouping.hear(one)
        labels.append(traces.recording(one))
    assert labels == ["a", "a", "a (out of order)", "a"]


def test_recordings_that_made_no_sense_are_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "good.jsonl").write_text(line() + line("https://style.example/x"))
    (tmp_path / "other.jsonl").write_text(line("https://shop.example/pools"))
    (tmp_path / "odd.jsonl").write_text(line(f"https://acme.westus.batch.azure.com/swimming?{VERSION}"))
    found = told(tmp_path)
    assert [(Path(p.place).name, p.problem) for p in found.senseless] == [
        ("odd.jsonl", "no api-version has such an operation"),
        ("other.jsonl", "no exchange with this host names an operation of Azure Batch: shop.example"),
    ]
    assert found.senseless_count == 2
    text = render(audit([tmp_path], catalogue()))
    assert "MADE NO SENSE, no exchange names an operation: 2" in text


def test_what_was_exercised_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line())
    found = told(tmp_path)
    assert found.operations == {"Pool_Get": 1}
    assert found.requirements == ["protocol.any.request-id"]
    assert "1 operation and 1 requirement exercised: Pool_Get×1" in render(audit([tmp_path], catalogue()))


def test_the_first_hundred_broken_places_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n" * 250 + line())
    report = audit([tmp_path], catalogue())
    assert report.audit is not None
    assert (len(report.audit.broken), report.audit.broken_count) == (100, 250)
    text = render(report)
    assert "BROKEN, not read and not judged: 250" in text
    assert "BUT 250 broken places" in " ".join(text.split())
    assert "and 240 more, the first 100 of all in report.json" in text


def test_places_count_what_they_do_not_keep() -> None:
    places = Places()
    for number in range(150):
        places.append(BrokenEntry(str(number), "x"))
    assert (places.count, len(places.kept), places.kept[-1].place) == (150, 100, "99")


def test_an_unknown_host_waits_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "_WAITING", 2)

    def all_of_it() -> Iterator[Exchange]:
        for number in range(5):
            yield Exchange(Request("GET", f"http://localhost/{number}"), Response(200), source=f"a:{number}")
        yield Exchange(Request("GET", f"http://localhost/pools/p?{VERSION}"), Response(200), source="a:5")

    one = Sieve()
    assert [e.source for e in one.batch(all_of_it())] == ["a:0", "a:1", "a:5"]
    assert {host: (other.first, other.count) for host, other in one.late.items()} == {"localhost": ("a:0", 3)}
    assert one.others == {}


def test_a_million_hosts_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "_HOSTS", 3)
    one = Sieve()
    assert list(one.batch(Exchange(Request("GET", f"http://h{n}/"), Response(200), source=f"f{n}:1") for n in range(9))) == []
    assert {host: other.count for host, other in one.others.items()} == {"h0": 1, "h1": 1, "h2": 1, "more hosts": 6}
    assert len(one.others["more hosts"].recordings) == 3


def test_what_was_judged_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is flat: of a long file, only what a resource was last seen to be is kept."""
    (tmp_path / "a.jsonl").write_text("".join(line() for _ in range(3000)))
    alive: list[weakref.ref[Request]] = []
    most = 0

    def watched(*args: Any, **more: Any) -> Iterator[Exchange | BrokenEntry]:
        nonlocal most
        for entry in read_recordings(*args, **more):
            if isinstance(entry, Exchange):
                alive.append(weakref.ref(entry.request))
                alive[:] = [one for one in alive if one() is not None]
                most = max(most, len(alive))
            yield entry

    monkeypatch.setattr("conformance.audit.run.read_recordings", watched)
    assert audit([tmp_path], catalogue()).exchanges == 3000
    assert most < 20


def test_progress_is_told_now_and_then(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(line() for _ in range(1001)))
    seen: list[tuple[int, str]] = []
    audit([tmp_path], catalogue(), progress=lambda count, of: seen.append((count, Path(of).name)))
    assert seen == [(0, "a.jsonl"), (500, "a.jsonl"), (1000, "a.jsonl")]


def _pool(method: str, edition: int, sent: dict[str, Any] | None = None, shown: dict[str, Any] | None = None) -> str:
    etag, modified = f"0x8D{edition:013X}", f"Mon, 01 Jan 2024 10:00:{edition:02} GMT"
    url = DATA.replace("/pools/p", "/pools") if method == "POST" else DATA
    request = {"method": method, "url": url, "headers": [["Content-Type", "application/json"]], "body": json.dumps(sent or {})}
    answer: dict[str, Any] = {
        "status": 201 if method == "POST" else 200,
        "headers": [["ETag", etag], ["Last-Modified", modified]],
    }
    if shown is not None:
        answer["body"] = json.dumps({"id": "p", "eTag": etag, "lastModified": f"2024-01-01T10:00:{edition:02}Z", **shown})
    return json.dumps({"request": request, "response": answer}) + "\n"


def test_who_was_alone_can_be_told_what_was_lost(tmp_path: Path) -> None:
    """Others may have cleared the start task between read and PATCH, unless the user says that there were none."""
    task = {"startTask": {"commandLine": "hostname"}}
    tags = {"metadata": [{"name": "a", "value": "b"}]}
    lines = [_pool("POST", 1, {"id": "p", **task}), _pool("GET", 1, shown=task)]
    lines += [_pool("PATCH", 2, tags), _pool("GET", 2, shown=tags)]
    path = tmp_path / "trace.jsonl"
    path.write_text("".join(lines))
    verdicts = {
        alone: {r.id: r.verdict for r in audit([path], alone=alone).requirements}["pools.patch.keeps-omitted-start-task"]
        for alone in (False, True)
    }
    assert verdicts == {False: "untested", True: "failed"}
