"""What a conforming service may do, and what the oracle must not hold against it."""

from __future__ import annotations

from typing import Any

import pytest
from oracle_bodies import NEW_POOL, job, passed, pool, task
from oracle_tapes import Tape, contradicted, day, etag, follow

_METADATA = [{"name": "x", "value": "y"}]


def _checks(tape: Tape) -> list[str]:
    return sorted({check for check, _, _ in contradicted(follow(tape.exchanges.values()))})


def _quoted(edition: int) -> dict[str, str]:
    return {"ETag": f'"{etag(edition)}"', "Last-Modified": day(edition)}


def test_quotes_around_an_etag() -> None:
    tape = Tape().ask("add", "POST", "/pools", 201, sent=NEW_POOL, headers=_quoted(1)).get("read", "/pools/p", pool(1))
    asks = {"If-Match": f'W/"{etag(1)}"'}
    tape.ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": _METADATA}, asks=asks, headers=_quoted(2))
    tape.get("patched", "/pools/p", pool(2, metadata=_METADATA))
    assert _checks(tape) == []


def _task(**first: Any) -> Tape:
    tape = Tape().ask("add", "POST", "/jobs/j/tasks", 201, sent={"id": "t", "commandLine": "hostname"}, edition=1)
    return tape.get("read", "/jobs/j/tasks/t", task(2, **first))


def test_etag_that_moved_with_a_transition_before_the_first_read() -> None:
    """That it moves is one thing, and is said once; that the write answered a wrong one does not follow."""
    assert _checks(_task(**passed("running", 2, "active", 1))) == ["etag.transition"]


def test_etag_that_moved_with_a_state_and_back_before_the_first_read() -> None:
    assert _checks(_task(**passed("active", 4, "running", 2))) == ["etag.transition"]


def test_etag_that_moved_though_nothing_was_seen_to_move() -> None:
    assert _checks(_task()) == ["etag.answered"]


def test_etag_that_moved_with_what_the_service_tells() -> None:
    tape = _task(**passed("running", 2, "active", 1))
    told: dict[str, Any] = {**passed("running", 2, "active", 1), "executionInfo": {"retryCount": 1, "requeueCount": 0}}
    tape.get("retried", "/jobs/j/tasks/t", task(3, **told))
    assert _checks(tape) == ["etag.transition"]
    tape.get("again", "/jobs/j/tasks/t", task(4, **told))
    assert _checks(tape) == ["etag.still", "etag.transition"]


def _pages(deleted_before: bool) -> Tape:
    tape, tasks = Tape(), "/jobs/j/tasks"
    for name in ("a", "b"):
        tape.ask(f"add {name}", "POST", tasks, 201, sent={"id": name, "commandLine": "hostname"}, edition=1)
    link = f"https://acme.westeurope.batch.azure.com{tasks}?api-version={tape.version}&$skiptoken=1"
    if deleted_before:
        tape.ask("delete", "DELETE", f"{tasks}/b", 200)
    tape.get("list", tasks, {"value": [task(1, "a")], "odata.nextLink": link})
    if not deleted_before:
        tape.ask("delete", "DELETE", f"{tasks}/b", 200)
    return tape.get("page two", f"{tasks}?$skiptoken=1", {"value": [task(1, "b")]})


def test_list_as_it_was_when_it_was_begun() -> None:
    assert _checks(_pages(deleted_before=False)) == []


def test_list_that_shows_what_was_gone_before() -> None:
    assert _checks(_pages(deleted_before=True)) == ["list.only"]


def _patched(*bodies: dict[str, Any]) -> list[str]:
    """Updates that leave the ETag as it is."""
    tape = Tape().ask("add", "POST", "/pools", 201, sent=NEW_POOL, edition=1).get("read", "/pools/p", pool(1))
    for position, body in enumerate(bodies):
        tape.ask(f"patch {position}", "PATCH", "/pools/p", 200, sent=body, edition=1)
    return _checks(tape)


def test_update_that_changes_nothing() -> None:
    assert _patched({}) == []
    assert _patched({"metadata": NEW_POOL["metadata"]}) == []


def test_replacement_by_the_same() -> None:
    sent = {"poolInfo": {"poolId": "p"}}
    tape = Tape().ask("add", "POST", "/jobs", 201, sent={"id": "j", **sent}, edition=1).get("read", "/jobs/j", job(1))
    assert _checks(tape.ask("put", "PUT", "/jobs/j", 200, sent=sent, edition=1)) == []


def test_replacement_by_less() -> None:
    sent = {"poolInfo": {"poolId": "p"}, "metadata": _METADATA}
    tape = Tape().ask("add", "POST", "/jobs", 201, sent={"id": "j", **sent}, edition=1)
    tape.get("read", "/jobs/j", job(1, metadata=_METADATA))
    assert _checks(tape.ask("put", "PUT", "/jobs/j", 200, sent={"poolInfo": {"poolId": "p"}}, edition=1)) == ["etag.moved"]


def test_update_that_changes_something() -> None:
    assert _patched({"metadata": _METADATA}) == ["etag.moved"]
    assert _patched({"metadata": []}) == ["etag.moved"]
    assert _patched({"metadata": NEW_POOL["metadata"]}, {"metadata": _METADATA}) == ["etag.moved"]


@pytest.mark.parametrize(("state", "checks"), [("active", ["etag.moved"]), ("disabled", [])])
def test_action_that_has_nothing_left_to_do(state: str, checks: list[str]) -> None:
    tape = Tape().ask("add", "POST", "/jobs", 201, sent={"id": "j", "poolInfo": {"poolId": "p"}}, edition=1)
    if state == "disabled":
        tape.get("read", "/jobs/j", job(1)).ask("first", "POST", "/jobs/j/disable", 202, sent={"disableTasks": "wait"}, edition=2)
    edition = 2 if state == "disabled" else 1
    tape.get("before", "/jobs/j", job(edition, **(passed("disabled", 9, "disabling", 8) if state == "disabled" else {})))
    tape.ask("disable", "POST", "/jobs/j/disable", 202, sent={"disableTasks": "wait"}, edition=edition)
    assert _checks(tape) == checks
