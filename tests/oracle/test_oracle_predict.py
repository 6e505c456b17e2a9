"""What is known of an answer before it comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from oracle_bodies import NEW_POOL, pool
from oracle_tapes import Tape, etag, follow, step
from oracle_traces import good, new_pool

from conformance.exchange import Exchange, Response
from conformance.oracle import Account, Claim, predict

_EMPTY: dict[str, Any] = {"metadata": []}
_DELETED = new_pool().get("read", "/pools/p", pool(1)).ask("delete", "DELETE", "/pools/p", 202)
_GONE = new_pool().get("read", "/pools/p", pool(1)).missing("gone", "GET", "/pools/p", "PoolNotFound")


def _asked(method: str, target: str, **more: Any) -> Exchange:
    """A request that nobody has answered yet."""
    asked = Tape().ask("asked", method, target, 200, **more).exchanges["asked"]
    return replace(asked, response=Response(0))


def _claims(before: Mapping[str, Exchange], request: Exchange, *, whole: bool = True) -> list[Claim]:
    account = Account(whole)
    follow(before.values(), account=account)
    return predict(account, step(request))


def _known() -> Mapping[str, Exchange]:
    return new_pool().get("read", "/pools/p", pool(1)).exchanges


@pytest.mark.parametrize(
    ("before", "request_", "check", "accepted", "refused"),
    [
        (_known(), _asked("GET", "/pools/p"), "exists.found", (200, ""), (404, "PoolNotFound")),
        (_known(), _asked("HEAD", "/pools/p"), "exists.found", (200, ""), (404, "")),
        (_known(), _asked("PATCH", "/pools/p", sent=_EMPTY), "exists.found", (404, "ApplicationNotFound"), (404, "PoolNotFound")),
        (_known(), _asked("POST", "/pools", sent=NEW_POOL), "create.exists", (409, "PoolExists"), (201, "")),
        (_known(), _asked("POST", "/pools", sent=NEW_POOL), "create.exists", (400, "InvalidPropertyValue"), (202, "")),
        (_known(), _asked("GET", "/pools/p", asks={"If-None-Match": etag(1)}), "condition.unmet", (304, ""), (200, "")),
        (_known(), _asked("GET", "/pools/p", asks={"If-Match": etag(1)}), "condition.met", (200, ""), (412, "ConditionNotMet")),
        (_known(), _asked("DELETE", "/pools/p", asks={"If-Match": etag(9)}), "condition.unmet", (412, ""), (202, "")),
        (_DELETED.exchanges, _asked("PATCH", "/pools/p", sent=_EMPTY), "deleting.refuses", (409, "PoolBeingDeleted"), (200, "")),
        (_GONE.exchanges, _asked("GET", "/pools/p"), "deleted.gone", (404, "PoolNotFound"), (200, "")),
        (_GONE.exchanges, _asked("PATCH", "/pools/p", sent=_EMPTY), "missing.refused", (404, "PoolNotFound"), (200, "")),
        (_GONE.exchanges, _asked("POST", "/pools", sent=NEW_POOL), "create.free", (201, ""), (409, "PoolExists")),
    ],
)
def test_a_claim_says_which_answers_it_accepts(
    before: Mapping[str, Exchange], request_: Exchange, check: str, accepted: tuple[int, str], refused: tuple[int, str]
) -> None:
    claim = {claim.check: claim for claim in _claims(before, request_)}[check]
    assert claim.accepts(*accepted)
    assert not claim.accepts(*refused)
    assert claim.expected


def test_the_answer_is_not_looked_at() -> None:
    request = _asked("PATCH", "/pools/p", sent=_EMPTY, asks={"If-Match": etag(1)})
    answered = [replace(request, response=Response(code, body=b"{")) for code in (0, 200, 404, 412, 500)]
    told = [[(claim.check, claim.expected) for claim in _claims(_known(), one)] for one in answered]
    assert told == [told[0]] * len(told)
    assert told[0]


def test_it_changes_nothing() -> None:
    account = Account(True)
    follow(_known().values(), account=account)
    request = step(_asked("DELETE", "/pools/p"))
    first = [(claim.check, claim.expected) for claim in predict(account, request)]
    assert [(claim.check, claim.expected) for claim in predict(account, request)] == first
    assert account.steps == len(_known())


@pytest.mark.parametrize("request_", [_asked("GET", "/pools/q"), _asked("GET", "/pools"), _asked("GET", "/nonsense")])
def test_of_what_is_not_known_nothing_is_claimed(request_: Exchange) -> None:
    assert _claims(_known(), request_) == []


def test_where_others_write_only_an_old_etag_says_something() -> None:
    before = good("pool conditions")
    assert _claims(before, _asked("GET", "/pools/p"), whole=False) == []
    assert _claims(before, _asked("GET", "/pools/p", asks={"If-Match": etag(2)}), whole=False) == []
    old = _claims(before, _asked("GET", "/pools/p", asks={"If-Match": etag(1)}), whole=False)
    assert [claim.check for claim in old] == ["condition.unmet"]


def test_what_was_predicted_is_what_is_judged() -> None:
    """Each claim about an answer is a finding about it."""
    account = Account(True)
    for exchange in good("pool deleted").values():
        claims = [claim.judge(step(exchange)) for claim in predict(account, step(exchange))]
        found = follow([exchange], account=account)
        assert found[: len(claims)] == claims
