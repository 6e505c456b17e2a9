"""Sizes of pools by the clock: resize, stop, quota, nodes, autoscale."""

from __future__ import annotations

import pytest
from reference_client import Client

FORMULA = "$TargetDedicatedNodes=2;"


def states(client: Client) -> tuple[str, int, int]:
    pool = client.get()
    return pool["allocationState"], pool["targetDedicatedNodes"], pool["currentDedicatedNodes"]


def test_a_resize_reaches_its_target_by_the_clock() -> None:
    client = Client()
    client.pool()
    answer = client("POST", "/pools/p/resize", {"targetDedicatedNodes": 3})
    assert (answer.status, answer.headers["dataserviceid"].endswith("/pools/p/resize")) == (202, True)
    tag = client.get()["eTag"]
    assert states(client) == ("resizing", 3, 0)
    client.clock.advance(61)
    assert states(client) == ("steady", 3, 3)
    assert client.get()["eTag"] == tag, "a transition of the service is no change of a client's"
    nodes = client("GET", "/pools/p/nodes").json["value"]
    assert {node["state"] for node in nodes} == {"creating"}
    client.clock.advance(60)
    node = client("GET", f"/pools/p/nodes/{nodes[0]['id']}").json
    assert (node["state"], node["vmSize"]) == ("idle", "standard_d1_v2")


def test_while_it_resizes_a_pool_takes_no_other_size() -> None:
    client = Client()
    client.pool(targetDedicatedNodes=1, steady=False)
    bodies = {
        "resize": {"targetDedicatedNodes": 2},
        "removenodes": {"nodeList": ["x"]},
        "enableautoscale": {"autoScaleFormula": FORMULA},
    }
    for path, body in bodies.items():
        answer = client("POST", f"/pools/p/{path}", body)
        assert (answer.status, answer.code) == (409, "PoolBeingResized"), path


def test_a_stopped_resize_says_so() -> None:
    client = Client()
    client.pool()
    client("POST", "/pools/p/resize", {"targetDedicatedNodes": 5})
    assert client("POST", "/pools/p/stopresize").status == 202
    assert states(client) == ("stopping", 5, 0)
    client.clock.advance(10)
    assert states(client) == ("steady", 5, 0)
    assert [error["code"] for error in client.get()["resizeErrors"]] == ["ResizeStopped"]
    answer = client("POST", "/pools/p/stopresize")
    assert (answer.status, answer.code) == (409, "OperationInvalidForCurrentState")
    client.clock.advance(600)
    assert states(client) == ("steady", 5, 0), "the stopped resize must not go on"


def test_the_quota_bounds_a_pool() -> None:
    client = Client(core_quota=4)
    client.pool(targetDedicatedNodes=9)
    assert states(client) == ("steady", 9, 4)
    assert [error["code"] for error in client.get()["resizeErrors"]] == ["AccountCoreQuotaReached"]


def test_removed_nodes_leave_and_the_target_follows() -> None:
    client = Client()
    client.pool(targetDedicatedNodes=3)
    gone, *rest = [node["id"] for node in client("GET", "/pools/p/nodes").json["value"]]
    assert client("POST", "/pools/p/removenodes", {"nodeList": [gone]}).status == 202
    client.clock.advance(600)
    assert states(client) == ("steady", 2, 2)
    assert [node["id"] for node in client("GET", "/pools/p/nodes").json["value"]] == rest
    assert client("GET", f"/pools/p/nodes/{gone}").code == "NodeNotFound"


@pytest.mark.parametrize(("count", "status"), [(100, 404), (101, 400)])
def test_how_many_nodes_may_be_removed_at_once(count: int, status: int) -> None:
    client = Client()
    client.pool()
    answer = client("POST", "/pools/p/removenodes", {"nodeList": [f"n{i}" for i in range(count)]})
    assert answer.status == status


class TestAutoscale:
    def test_enabling_evaluates_and_resizes(self) -> None:
        client = Client()
        client.pool()
        assert client("POST", "/pools/p/enableautoscale", {"autoScaleFormula": FORMULA}).status == 200
        pool = client.get()
        assert (pool["enableAutoScale"], pool["autoScaleFormula"], pool["autoScaleEvaluationInterval"]) == (
            True,
            FORMULA,
            "PT15M",
        )
        assert pool["autoScaleRun"]["results"].startswith("$TargetDedicatedNodes=2;")
        client.clock.advance(600)
        assert states(client) == ("steady", 2, 2)

    def test_evaluation_comes_round(self) -> None:
        client = Client()
        client.pool()
        client("POST", "/pools/p/enableautoscale", {"autoScaleFormula": FORMULA, "autoScaleEvaluationInterval": "PT5M"})
        first = client.get()["autoScaleRun"]["timestamp"]
        client.clock.advance(301)
        assert client.get()["autoScaleRun"]["timestamp"] > first

    def test_a_bad_formula_is_refused(self) -> None:
        client = Client()
        client.pool()
        answer = client("POST", "/pools/p/enableautoscale", {"autoScaleFormula": "$Nonsense=="})
        assert (answer.status, answer.code) == (400, "AutoScalingFormulaSyntaxError")
        assert client.get()["enableAutoScale"] is False

    def test_evaluating_changes_nothing(self) -> None:
        client = Client()
        client.pool()
        refused = client("POST", "/pools/p/evaluateautoscale", {"autoScaleFormula": FORMULA})
        assert (refused.status, refused.code) == (409, "OperationInvalidForCurrentState")
        client("POST", "/pools/p/enableautoscale", {"autoScaleFormula": FORMULA})
        before = client.get()
        answer = client("POST", "/pools/p/evaluateautoscale", {"autoScaleFormula": "$TargetDedicatedNodes=7;"})
        assert (answer.status, answer.json["results"].startswith("$TargetDedicatedNodes=7;")) == (200, True)
        assert client.get() == before

    def test_disabling_ends_it(self) -> None:
        client = Client()
        client.pool()
        client("POST", "/pools/p/enableautoscale", {"autoScaleFormula": FORMULA})
        client.clock.advance(600)
        assert client("POST", "/pools/p/disableautoscale").status == 200
        pool = client.get()
        assert pool["enableAutoScale"] is False and pool["targetDedicatedNodes"] == 2
        assert not {"autoScaleFormula", "autoScaleRun", "autoScaleEvaluationInterval"} & set(pool)

    def test_an_autoscaled_pool_takes_no_size(self) -> None:
        client = Client()
        client.pool()
        client("POST", "/pools/p/enableautoscale", {"autoScaleFormula": FORMULA})
        client.clock.advance(600)
        assert client("POST", "/pools/p/resize", {"targetDedicatedNodes": 1}).status == 409
