"""What is certain though others may have a hand in a resource: there is no way back, and an edition stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from oracle_bodies import pool, task
from oracle_tapes import Tape, contradicted, day, follow, instant, marks

from conformance.exchange import Exchange, Headers

REQUEST_ID = "c6dafc13-ea15-45e3-9cd7-480252d67b42"
_PATCH = {"metadata": [{"name": "c", "value": "d"}]}


def _found(*tapes: Tape) -> list[tuple[str, str, str]]:
    return contradicted(follow([e for tape in tapes for e in tape.exchanges.values()], whole=False))


def _checks(*tapes: Tape) -> set[str]:
    return {check for check, _, _ in _found(*tapes)}


def _read(*editions: int) -> Tape:
    tape = Tape()
    for place, edition in enumerate(editions):
        tape.get(f"read {place}", "/pools/p", pool(edition))
    return tape


def test_editions_of_others_are_no_contradiction() -> None:
    assert _found(_read(1, 2, 2, 5)) == []


def test_an_edition_that_was_replaced_does_not_come_back() -> None:
    assert _checks(_read(1, 2, 1)) == {"etag.still"}


def test_an_answer_from_before_the_own_write() -> None:
    tape = _read(1).ask("patch", "PATCH", "/pools/p", 200, sent=_PATCH, edition=20)
    assert "etag.answered" in _checks(tape.get("stale", "/pools/p", pool(1)))


def test_what_was_deleted_comes_again_as_another_edition() -> None:
    tape = _read(1).missing("gone", "GET", "/pools/p", "PoolNotFound")
    assert _checks(tape.get("back", "/pools/p", pool(1))) == {"etag.still"}
    assert _found(_read(1).missing("gone", "GET", "/pools/p", "PoolNotFound").get("anew", "/pools/p", pool(9))) == []


def test_one_edition_was_created_once() -> None:
    moved = {**pool(1), "creationTime": instant(60)}
    assert _checks(_read(1).get("moved", "/pools/p", moved)) == {"read.fixed"}
    assert _found(_read(1).get("anew", "/pools/p", {**pool(60), "creationTime": instant(60)})) == []


def test_of_one_edition_a_deletion_is_not_taken_back() -> None:
    leaving = pool(1, state="deleting", stateTransitionTime=instant(90))
    tape = _read(1).get("leaving", "/pools/p", leaving)
    assert _found(tape) == []
    again = pool(1, state="active", stateTransitionTime=instant(95))
    assert "state.follows" in _checks(tape.get("again", "/pools/p", again))


def test_a_write_that_changes_something_gives_another_etag() -> None:
    tape = _read(1).ask("patch", "PATCH", "/pools/p", 200, sent=_PATCH, headers=marks(1))
    assert _checks(tape) == {"etag.moved"}


def test_a_write_does_not_answer_an_etag_of_long_ago() -> None:
    tape = _read(1, 2).ask("patch", "PATCH", "/pools/p", 200, sent=_PATCH, headers=marks(1))
    assert "etag.moved" in _checks(tape)


def _resized(**more: object) -> Tape:
    tape = Tape().get("read", "/pools/p", pool(1, enableAutoScale=False, targetDedicatedNodes=0))
    return tape.get("other", "/pools/p", pool(1, **{"enableAutoScale": False, "targetDedicatedNodes": 1, **more}))


def test_a_pool_at_rest_keeps_its_target() -> None:
    assert _checks(_resized()) == {"read.stable"}
    assert _found(_resized(targetDedicatedNodes=0)) == []


def test_a_pool_that_moves_may_have_another_target() -> None:
    assert _found(_resized(enableAutoScale=True)) == []
    assert _found(_resized(allocationState="resizing", allocationStateTransitionTime=instant(90))) == []


@pytest.mark.parametrize(("stated", "wrong"), [(day(5), {"condition.unmet"}), (day(40), set())])
def test_what_was_changed_since_stays_so(stated: str, wrong: set[str]) -> None:
    asks = {"If-Unmodified-Since": stated}
    assert _checks(_read(30).ask("delete", "DELETE", "/pools/p", 202, asks=asks)) == wrong


def _told(tape: Tape) -> Exchange:
    return next(iter(tape.exchanges.values()))


def test_one_exchange_told_twice_is_no_second_answer() -> None:
    tape = Tape().get("read", "/pools/p", pool(1), headers={"request-id": REQUEST_ID})
    assert contradicted(follow([_told(tape)] * 3, whole=False)) == []
    copy = replace(_told(tape), source="another recording")
    assert contradicted(follow([_told(tape), copy], whole=False)) == []


def test_a_write_told_twice_is_no_second_write() -> None:
    tape = Tape().get("read", "/jobs/j/tasks/t", task(5))
    tape.ask("end", "POST", "/jobs/j/tasks/t/terminate", 204, edition=9, headers={"request-id": REQUEST_ID})
    *before, write = tape.exchanges.values()
    assert contradicted(follow([*before, write, write], whole=False)) == []
    again = replace(write, response=replace(write.response, headers=Headers({"ETag": marks(9)["ETag"]})))
    assert {check for check, _, _ in contradicted(follow([*before, write, again], whole=False))} == {"etag.moved"}


def test_another_answer_with_the_same_request_id() -> None:
    tape = Tape().get("read", "/pools/p", pool(1), headers={"request-id": REQUEST_ID})
    assert _checks(tape.get("other", "/pools/q", pool(1), headers={"request-id": REQUEST_ID})) >= {"request-id.once"}


@pytest.mark.parametrize("name", ["00000000-0000-0000-0000-000000000000", "11111111-1111-1111-1111-111111111111", "REDACTED"])
def test_a_request_id_that_a_recorder_blotted_out(name: str) -> None:
    blank = {"request-id": name}
    tape = Tape().ask("one", "DELETE", "/pools/p", 202, headers=blank)
    assert _found(tape.ask("two", "DELETE", "/pools/q", 202, headers=blank)) == []
