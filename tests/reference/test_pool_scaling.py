"""What a pool takes in which state, and what does not change it."""

from __future__ import annotations

import pytest
from service_calls import BASE, Account

FORMULA = "$TargetDedicatedNodes=2;"


@pytest.fixture
def account() -> Account:
    account = Account()
    account.add_pool()
    return account


def autoscale(account: Account) -> None:
    answer = account.send("POST", "/pools/pool/enableautoscale", {"autoScaleFormula": FORMULA})
    assert answer.status == 200, answer.wire


def test_creating_answers_as_the_live_service() -> None:
    account = Account()
    answer = account.send("POST", "/pools", account.pool_body("One"))
    assert (answer.status, answer.wire.body) == (201, b"")
    assert answer.headers["location"] == answer.headers["dataserviceid"] == f"{BASE}/pools/One"
    assert answer.headers["etag"] == account.pool("one")["eTag"]


def test_while_it_resizes_a_pool_takes_no_other_size(account: Account) -> None:
    account.send("POST", "/pools/pool/resize", {"targetDedicatedNodes": 1})
    bodies: dict[str, object] = {
        "resize": {"targetDedicatedNodes": 2},
        "removenodes": {"nodeList": ["x"]},
        "enableautoscale": {"autoScaleFormula": FORMULA},
    }
    for path, body in bodies.items():
        answer = account.send("POST", f"/pools/pool/{path}", body)
        assert (answer.status, answer.code) == (409, "PoolBeingResized"), path


def test_an_autoscaled_pool_takes_no_size(account: Account) -> None:
    autoscale(account)
    account.clock.advance(600)
    for path, body in {"resize": {"targetDedicatedNodes": 1}, "removenodes": {"nodeList": ["x"]}}.items():
        answer = account.send("POST", f"/pools/pool/{path}", body)
        assert (answer.status, answer.code) == (409, "OperationInvalidForCurrentState"), path


@pytest.mark.parametrize(("count", "status"), [(100, 404), (101, 400)])
def test_how_many_nodes_may_be_removed_at_once(account: Account, count: int, status: int) -> None:
    answer = account.send("POST", "/pools/pool/removenodes", {"nodeList": [f"n{i}" for i in range(count)]})
    assert answer.status == status


def test_a_bad_formula_is_refused_and_changes_nothing(account: Account) -> None:
    before = account.pool()
    answer = account.send("POST", "/pools/pool/enableautoscale", {"autoScaleFormula": "$Nonsense=="})
    assert (answer.status, answer.code) == (400, "AutoScalingFormulaSyntaxError")
    assert account.pool() == before


def test_evaluating_changes_nothing(account: Account) -> None:
    refused = account.send("POST", "/pools/pool/evaluateautoscale", {"autoScaleFormula": FORMULA})
    assert (refused.status, refused.code) == (409, "OperationInvalidForCurrentState")
    autoscale(account)
    before = account.pool()
    answer = account.send("POST", "/pools/pool/evaluateautoscale", {"autoScaleFormula": "$TargetDedicatedNodes=7;"})
    assert (answer.status, answer.json["results"].startswith("$TargetDedicatedNodes=7;")) == (200, True)
    assert account.pool() == before


def test_disabling_ends_autoscale_and_keeps_the_size(account: Account) -> None:
    autoscale(account)
    account.clock.advance(600)
    assert account.send("POST", "/pools/pool/disableautoscale").status == 200
    pool = account.pool()
    assert (pool["enableAutoScale"], pool["targetDedicatedNodes"], pool["currentDedicatedNodes"]) == (False, 2, 2)
    assert not {"autoScaleFormula", "autoScaleRun", "autoScaleEvaluationInterval"} & set(pool)


def test_an_unmet_condition_changes_nothing(account: Account) -> None:
    before = account.pool()
    body = {"metadata": [{"name": "a", "value": "b"}]}
    answer = account.send("PATCH", "/pools/pool", body, headers={"If-Match": "0x8D3DB6589333A98"})
    assert (answer.status, answer.code) == (412, "ConditionNotMet")
    assert account.pool() == before


def test_an_element_of_the_list_equals_the_get(account: Account) -> None:
    single = account.pool()
    del single["odata.metadata"]
    envelope = account.send("GET", "/pools", query="maxresults=1").json
    assert envelope["value"] == [single]
    assert "odata.nextLink" not in envelope
