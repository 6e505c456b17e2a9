"""What others, gaps, clocks and spelling may do to a trace: nothing is concluded from what is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from oracle_bodies import NEW_POOL, account, job, pool, task
from oracle_tapes import ACCOUNTS, Tape, contradicted, etag, follow, header, held, instant, status, unknown_request
from oracle_traces import TRACES, good, new_pool

from conformance.exchange import Exchange, Headers
from conformance.oracle import Account

NAMES = sorted(TRACES)


def _each(name: str) -> list[Exchange]:
    return list(good(name).values())


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_a_trace_that_begins_in_the_middle(name: str, whole: bool) -> None:
    exchanges = _each(name)
    assert [contradicted(follow(exchanges[start:], whole=whole)) for start in range(len(exchanges))] == [[]] * len(exchanges)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_any_read_may_be_missing(name: str, whole: bool) -> None:
    exchanges = _each(name)
    for place, exchange in enumerate(exchanges):
        if exchange.request.method in ("GET", "HEAD"):
            assert contradicted(follow(exchanges[:place] + exchanges[place + 1 :], whole=whole)) == []


@pytest.mark.parametrize("name", NAMES)
def test_anything_may_be_missing_where_others_write_too(name: str) -> None:
    exchanges = _each(name)
    for place in range(len(exchanges)):
        assert contradicted(follow(exchanges[:place] + exchanges[place + 1 :], whole=False)) == []
        for other in range(place):
            gaps = [e for where, e in enumerate(exchanges) if where not in (place, other)]
            assert contradicted(follow(gaps, whole=False)) == []


def _between(**asks: str) -> list[Exchange]:
    """Somebody else wrote between the read and the write; or the service lost what was there."""
    tape = new_pool().get("read", "/pools/p", pool(1))
    tape.ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": []}, edition=50, asks=asks)
    return list(tape.get("patched", "/pools/p", pool(50, metadata=None, taskSlotsPerNode=8)).exchanges.values())


def test_a_write_does_not_say_what_was_before_it() -> None:
    assert contradicted(follow(_between(), whole=False)) == []
    assert held(follow(_between(), whole=False))["patch.taken"] == 1


def test_a_write_to_the_known_edition_does() -> None:
    assert [check for check, _, _ in contradicted(follow(_between(**{"If-Match": etag(1)}), whole=False))] == ["patch.kept"]
    assert [check for check, _, _ in contradicted(follow(_between(), whole=True))] == ["patch.kept"]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_the_body_of_any_request_may_be_unknown(name: str, whole: bool) -> None:
    exchanges = _each(name)
    for place, exchange in enumerate(exchanges):
        trace = [*exchanges[:place], unknown_request(exchange), *exchanges[place + 1 :]]
        assert contradicted(follow(trace, whole=whole)) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_body_of_a_request_is_known(name: str) -> None:
    assert contradicted(follow([unknown_request(exchange) for exchange in _each(name)])) == []


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("code", [500, 502, 503])
@pytest.mark.parametrize("name", NAMES)
def test_a_server_that_broke_may_have_done_it_or_not(name: str, code: int, whole: bool) -> None:
    exchanges = _each(name)
    for place, exchange in enumerate(exchanges):
        instead = [*exchanges[:place], status(code)(exchange), *exchanges[place + 1 :]]
        before = [*exchanges[:place], status(code)(exchange), *exchanges[place:]]
        assert contradicted(follow(instead, whole=whole)) == []
        assert contradicted(follow(before, whole=whole)) == []


@pytest.mark.parametrize("code", [401, 403, 429])
@pytest.mark.parametrize("name", NAMES)
def test_the_front_door_may_refuse_anything(name: str, code: int) -> None:
    exchanges = _each(name)
    for place, exchange in enumerate(exchanges):
        assert contradicted(follow([*exchanges[:place], status(code)(exchange), *exchanges[place:]])) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_answers_may_have_lost_their_headers_or_bodies(name: str) -> None:
    exchanges = _each(name)
    kept = [Headers({n: v for n, v in e.response.headers.fields if n == "Location"}) for e in exchanges]
    bare = [replace(e, response=replace(e.response, headers=h)) for e, h in zip(exchanges, kept, strict=True)]
    assert contradicted(follow(bare)) == []
    mute = [replace(e, response=replace(e.response, body=b"", body_known=False)) for e in exchanges]
    assert contradicted(follow(mute)) == []


def _other_client() -> Tape:
    """ETag and time of change moved: it is another edition."""
    tape = new_pool().get("read", "/pools/p", pool(1))
    other = pool(50, metadata=[{"name": "z", "value": "z"}], taskSlotsPerNode=8, displayName="theirs")
    return tape.get("changed", "/pools/p", other).get("again", "/pools/p", other)


def _other_client_after_a_write() -> Tape:
    tape = new_pool().get("read", "/pools/p", pool(1))
    tape.ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": []}, edition=2)
    return tape.get("changed", "/pools/p", pool(50, metadata=[{"name": "z", "value": "z"}]))


def _made_anew_by_another() -> Tape:
    tape = new_pool().get("read", "/pools/p", pool(1))
    anew = {"creationTime": instant(50), "stateTransitionTime": instant(50), "allocationStateTransitionTime": instant(50)}
    return tape.get("anew", "/pools/p", pool(50, metadata=None, **anew))


def _deleted_by_another() -> Tape:
    tape = new_pool().get("read", "/pools/p", pool(1)).missing("gone", "GET", "/pools/p", "PoolNotFound")
    return tape.get("back", "/pools/p", pool(50, creationTime=instant(50))).get("list", "/pools", {"value": []})


def _existing_for_another() -> Tape:
    tape = new_pool().ask("delete", "DELETE", "/pools/p", 202).missing("gone", "GET", "/pools/p", "PoolNotFound")
    return tape.ask("refused", "POST", "/pools", 409, {"code": "PoolExists"}, sent=NEW_POOL).get("read", "/pools/p", pool(60))


def _terminated_by_another() -> Tape:
    tape = Tape().ask("add", "POST", "/jobs", 201, sent={"id": "j", "poolInfo": {"poolId": "p"}}, edition=1)
    tape.get("read", "/jobs/j", job(1)).get("disabled", "/jobs/j", job(50, state="disabled", stateTransitionTime=instant(50)))
    return tape.get("enabled", "/jobs/j", job(60, state="active", stateTransitionTime=instant(60)))


def _account_of_others() -> Tape:
    path = f"{ACCOUNTS}/acme"
    tape = Tape().get("read", path, account()).ask("patch", "PATCH", path, 200, account(), sent={"tags": {"a": "b"}})
    return tape.get("other", path, account(publicNetworkAccess="Disabled"))


@pytest.mark.parametrize(
    "trace",
    [
        _other_client,
        _other_client_after_a_write,
        _made_anew_by_another,
        _deleted_by_another,
        _existing_for_another,
        _terminated_by_another,
        _account_of_others,
    ],
)
def test_another_client_may_have_a_hand_in_it(trace: Callable[[], Tape]) -> None:
    assert contradicted(follow(trace().exchanges.values(), whole=False)) == []
    assert held(follow(trace().exchanges.values(), whole=False))


def _merged(seconds: float) -> list[Exchange]:
    """Two recordings of one account: the second begins so much later, by the clock of the machine that answered it."""
    first = new_pool().get("read", "/pools/p", pool(1))
    first.ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": [{"name": "x", "value": "y"}]}, edition=50)
    last = Tape(source="two", second=int(first.second + seconds)).get("read", "/pools/p", pool(1))
    return [*first.exchanges.values(), *last.exchanges.values()]


@pytest.mark.parametrize("seconds", [-3, 0, 3])
def test_recordings_a_moment_apart_may_be_in_another_order(seconds: float) -> None:
    """The second recording shows what was before the write of the first: clocks differ."""
    assert contradicted(follow(_merged(seconds), whole=False)) == []
    assert contradicted(follow(_merged(seconds), whole=True)) == []


def test_recordings_well_apart_are_in_order() -> None:
    assert {check for check, _, _ in contradicted(follow(_merged(60), whole=True))} >= {"etag.answered"}


def test_recordings_without_dates_may_be_in_another_order() -> None:
    undated = [replace(e, response=replace(e.response, headers=header("Date", "")(e).response.headers)) for e in _merged(60)]
    assert contradicted(follow(undated, whole=True)) == []


def test_one_scenario_does_not_know_of_another() -> None:
    """Each trace has an account of its own."""
    assert contradicted(follow(_each("pool deleted"), account=Account(True))) == []
    assert contradicted(follow(_each("pool"), account=Account(True))) == []


def test_a_task_that_another_added_may_be_listed() -> None:
    tape = Tape().get("list", "/jobs/j/tasks", {"value": [task(1, "other")]})
    assert contradicted(follow(tape.exchanges.values())) == []


def _timed(exchange: Exchange, started: float, elapsed: float) -> Exchange:
    return replace(exchange, started=datetime(2024, 8, 1, 12, tzinfo=UTC) + timedelta(seconds=started), elapsed=elapsed)


def _older_after_a_write(write: tuple[float, float], read: tuple[float, float]) -> list[Exchange]:
    """A read shows what was before the write that was recorded before it; a last read shows what is after it."""
    tape = new_pool().get("read", "/pools/p", pool(1))
    tape.ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": []}, edition=2).get("older", "/pools/p", pool(1))
    exchanges = tape.get("newer", "/pools/p", pool(2, metadata=None)).exchanges.values()
    times = [(0.0, 0.1), (1.0, 0.1), write, read, (9.0, 0.1)]
    return [_timed(exchange, *time) for exchange, time in zip(exchanges, times, strict=True)]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("times", [((2.0, 1.0), (2.5, 0.1)), ((2.5, 1.0), (2.0, 3.0)), ((2.0, 1.0), (1.5, 4.0))])
def test_of_requests_that_were_under_way_at_once_any_may_be_first(
    times: tuple[tuple[float, float], tuple[float, float]], whole: bool
) -> None:
    assert contradicted(follow(_older_after_a_write(*times), whole=whole)) == []


@pytest.mark.parametrize("whole", [True, False])
def test_of_requests_one_after_the_other_none_is(whole: bool) -> None:
    found = contradicted(follow(_older_after_a_write((2.0, 1.0), (3.0, 0.1)), whole=whole))
    assert "etag.answered" in {check for check, _, _ in found}


def test_a_list_that_was_under_way_may_lack_what_was_made_meanwhile() -> None:
    tape = new_pool().get("list", "/pools", {"value": []})
    first, last = tape.exchanges.values()
    assert contradicted(follow([_timed(first, 1, 2), _timed(last, 2, 3)])) == []
    assert [check for check, _, _ in contradicted(follow([_timed(first, 1, 2), _timed(last, 4, 1)]))] == ["list.contains"]


@pytest.mark.parametrize("seconds", [0.01, 5.0])
def test_a_list_that_took_its_time_has_what_was_there_before(seconds: float) -> None:
    tape = new_pool().get("list", "/pools", {"value": [pool(1)]})
    first, last = tape.exchanges.values()
    assert "list.contains" in held(follow([_timed(first, 1, 1), _timed(last, 3, seconds)]))
