"""What a cassette is: vcrpy's own; and what a player says of a request that is not in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import vcr  # type: ignore[import-untyped]
from vcr.cassette import Cassette  # type: ignore[import-untyped]

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.plugin import recordings
from conformance.recording.aliases import Aliases, Scope, label_alias
from conformance.recording.client import ReplayingClient
from conformance.recording.errors import NotRecorded
from conformance.recording.instants import BASE, Shift
from conformance.recording.matching import key_of, nearest
from conformance.recording.recorder import Recorder
from conformance.recording.tape import read_tape
from conformance.target import Scrubber, Target, TargetUnreachable

SOURCE = "scenarios/pools/test_add.py::test_add"
LABEL = "0123abcd"
TARGET = Target(endpoint="http://host:81")
URL = "http://host:81/pools/bcs-0123abcd-pool-1?api-version=2024-07-01.20.0"


def _made() -> Recorder:
    return recordings.recorder(TARGET, LABEL, Scrubber())


def _get(status: int = 200, body: str = '{"id": "bcs-0123abcd-pool-1"}', date: int = 0, url: str = URL) -> Exchange:
    headers = {"Content-Type": "application/json", "Date": f"Sat, 21 Nov 2026 09:00:{date:02} GMT"}
    return Exchange(Request("GET", url, Headers({"Accept": "*/*"})), Response(status, Headers(headers), body.encode()), 0, SOURCE)


def _written(made: Recorder, folder: Path) -> Path:
    made.write(folder, "main", [])
    (path,) = folder.rglob("*.yaml")
    return path


def _player(made: Recorder, folder: Path) -> ReplayingClient:
    path = _written(made, folder)
    index = recordings.Index(
        recorded=datetime.now(UTC),
        suite="1",
        label=label_alias(LABEL),
        target=recordings.described(TARGET),
        cassettes={SOURCE: str(path.relative_to(folder))},
    )
    target = Target.model_validate(index.target)
    client = recordings.player(recordings.Replay(folder, index), target, Scrubber())
    client.source = SOURCE
    return client


def test_vcrpy_reads_and_plays_what_is_written(tmp_path: Path) -> None:
    made = _made()
    made.heard(_get(), 0)
    made.unanswered(SOURCE, Request("GET", URL), "it hung up")
    path = _written(made, tmp_path)
    cassette = Cassette.load(path=str(path))
    assert len(cassette) == 1
    with vcr.use_cassette(str(path), record_mode="none") as played, httpx.Client(trust_env=False) as http:
        answer = http.get("http://recorded.invalid/pools/bcs-recorded-pool-1?api-version=2024-07-01.20.0")
    assert (answer.json(), played.play_count) == ({"id": "bcs-recorded-pool-1"}, 1)


def test_a_request_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    made = _made()
    made.heard(_get(), 0)
    made.heard(_get(url="http://host:81/jobs?api-version=2024-07-01.20.0"), 0)
    with _player(made, tmp_path) as client, pytest.raises(NotRecorded) as told:
        client.send("GET", "/pools/bcs-recorded-pool-2?api-version=2024-07-01.20.0", headers={"Accept": "*/*"})
    assert str(told.value) == (
        f"the recording of {SOURCE} lacks GET /pools/bcs-recorded-pool-2: the nearest is "
        "GET /pools/bcs-recorded-pool-1?api-version=2024-07-01.20.0, "
        "where path: recorded /pools/bcs-recorded-pool-1, asked /pools/bcs-recorded-pool-2"
    )


def test_what_was_asked_for_more_often_than_recorded_is_told(tmp_path: Path) -> None:
    made = _made()
    made.heard(_get(), 0)
    with _player(made, tmp_path) as client:
        asked = "/pools/bcs-recorded-pool-1?api-version=2024-07-01.20.0"
        assert client.send("GET", asked, headers={"Accept": "*/*"}).response.status == 200
        with pytest.raises(NotRecorded):
            client.send("GET", asked, headers={"Accept": "*/*"})


def test_a_connection_that_broke_breaks_again(tmp_path: Path) -> None:
    made = _made()
    made.unanswered(SOURCE, Request("GET", URL, Headers({"Accept": "*/*"})), "no answer within 1 s")
    made.heard(_get(), 0)
    with _player(made, tmp_path) as client:
        asked = "/pools/bcs-recorded-pool-1?api-version=2024-07-01.20.0"
        with pytest.raises(TargetUnreachable, match="no answer within 1 s"):
            client.send("GET", asked, headers={"Accept": "*/*"})
        assert client.send("GET", asked, headers={"Accept": "*/*"}).response.status == 200


def test_of_rounds_that_are_answered_alike_the_first_and_the_last_are_kept(tmp_path: Path) -> None:
    made = _made()
    for second in range(5):
        made.heard(_get(date=second), poll=1)
    made.heard(_get(body='{"id": "other"}', date=6), poll=1)
    for second in range(7, 12):
        made.heard(_get(date=second), poll=2)
    made.heard(_get(date=20), poll=0)
    dates = [e.response.headers["Date"][-6:-4] for e in read_tape(_written(made, tmp_path)).exchanges]
    assert [int(later) - int(dates[0]) for later in dates] == [0, 6, 7, 11, 20]


def test_names_that_differ_only_in_letter_case_have_files_of_their_own() -> None:
    from conformance.recording.index import file_names

    names = ["scenarios/a/test_b.py::test_c[x]", "scenarios/a/test_b.py::test_c[X]", f"scenarios/a/test_b.py::test[{'y' * 300}]"]
    files = file_names(names)
    assert len({name.lower() for name in files.values()}) == 3
    assert all(len(name.rpartition("/")[2]) < 110 for name in files.values())


def test_times_move_together_and_constants_stay() -> None:
    shift = Shift()
    shift.begin("Sat, 21 Nov 2026 09:00:00 GMT")
    told = shift.text('{"a": "2026-11-21T09:00:01.5Z", "b": "2026-11-21T10:00:01.5Z", "c": "2100-01-01T00:00:00Z"}')
    assert json.loads(told) == {
        "a": BASE.strftime("%Y-%m-%dT00:00:01.5Z"),
        "b": BASE.strftime("%Y-%m-%dT01:00:01.5Z"),
        "c": "2100-01-01T00:00:00Z",
    }
    assert shift.text("Sat, 21 Nov 2026 09:00:02 GMT") == BASE.strftime("%a, %d %b %Y 00:00:02 GMT")


def test_guids_of_the_service_are_numbered_and_those_of_the_client_stay() -> None:
    aliases = Aliases(LABEL, ("http://host",))
    scope = Scope(SOURCE, aliases)
    own, other = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-9999-000000000000"
    scope.sent(own)
    first, second = aliases.text(f"{own} {other}", scope), aliases.text(f"again {other.upper()}", scope)
    assert first.split()[0] == own
    assert second.split()[1].lower() == first.split()[1] != other
    assert scope.renumbered(first.replace("000000000001", "00000000000f")) == first


def test_ordinary_words_are_not_taken_for_the_account_or_its_group() -> None:
    aliases = Aliases(LABEL, ("http://host",), {("batchAccounts", "default"): "recordedaccount"})
    text = 'the "default" of /x/batchAccounts/default/pools and /x/batchAccounts/defaults'
    expected = 'the "default" of /x/batchAccounts/recordedaccount/pools and /x/batchAccounts/defaults'
    assert aliases.text(text, Scope(SOURCE, aliases)) == expected


def test_a_host_is_replaced_where_it_is_quoted_too() -> None:
    aliases = Aliases(LABEL, ("http://127.0.0.1:81",))
    told = aliases.text("http%3A%2F%2F127.0.0.1%3A81%2Fpools and http://127.0.0.1:81/pools", Scope(SOURCE, aliases))
    assert told == "http%3A%2F%2Frecorded.invalid%2Fpools and http://recorded.invalid/pools"


def test_the_order_of_parameters_and_members_is_no_difference() -> None:
    one = Request("POST", "http://a/x?b=1&a=2", body=b'{"a": 1, "b": 2}')
    other = Request("POST", "http://a/x?a=2&b=1", Headers({"Date": "now", "Authorization": "x"}), b'{"b":2,"a":1}')
    assert key_of(one) == key_of(other)
    assert nearest(key_of(one), []) == "the recording has no request left"


def test_tokens_of_pages_are_numbered_and_those_of_the_client_stay() -> None:
    aliases = Aliases(LABEL, ("http://host",))
    scope = Scope(SOURCE, aliases)
    scope.sent("http://host/pools?$skiptoken=mine")
    told = [aliases.text(f'"http://host/pools?$skiptoken={token}"', scope) for token in ("mine", "YWJj", "ZGVm", "YWJj")]
    assert [url.rpartition("=")[2] for url in told] == ['mine"', 'recorded-page-1"', 'recorded-page-2"', 'recorded-page-1"']
