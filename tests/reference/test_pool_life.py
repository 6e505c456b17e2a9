"""Pools: their life at every api-version, what each update keeps and clears, and how their size follows the clock."""

from __future__ import annotations

from typing import Any

import pytest
from service_calls import BASE, VERSIONS, Account

META = [{"name": "a", "value": "b"}]
START_TASK = {"commandLine": "/bin/true"}
PACKAGES = [{"applicationId": "sample"}]
EMPTY: dict[str, list[object]] = {"certificateReferences": [], "applicationPackageReferences": [], "metadata": []}


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_life_of_a_pool(version: str) -> None:
    account = Account(version)
    added = account.add_pool("Pool-1", startTask=START_TASK, metadata=META)
    assert added.wire.body == b""
    assert added.headers["location"] == added.headers["dataserviceid"] == f"{BASE}/pools/Pool-1"

    shown = account.pool("pOOL-1")
    known = account.contract.models["CloudPool"].properties
    assert set(shown) - {"odata.metadata"} <= known.keys()
    assert (shown["id"], shown["vmSize"], shown["state"], shown["allocationState"]) == (
        "Pool-1",
        "standard_d1_v2",
        "active",
        "steady",
    )
    assert shown["creationTime"] == shown["lastModified"] == shown["stateTransitionTime"]
    assert {name: value for name, value in shown.items() if name != "odata.metadata"} in account.send("GET", "/pools").json[
        "value"
    ]

    target = account.target
    resized = account.send("POST", "/pools/Pool-1/resize", {target: 2})
    assert (resized.status, resized.headers["dataserviceid"]) == (202, f"{BASE}/pools/Pool-1/resize")
    account.clock.advance(600)
    nodes = account.send("GET", "/pools/Pool-1/nodes").json["value"]
    assert [node["state"] for node in nodes] == ["idle", "idle"]
    assert all(set(node) <= account.contract.models["ComputeNode"].properties.keys() for node in nodes)
    assert all(node["startTaskInfo"]["state"] == "completed" for node in nodes)

    deleted = account.send("DELETE", "/pools/Pool-1")
    assert (deleted.status, deleted.wire.body) == (202, b"")
    assert not {"etag", "last-modified", "dataserviceid"} & deleted.headers.keys()
    assert account.pool("Pool-1")["state"] == "deleting"
    account.clock.advance(600)
    assert account.send("GET", "/pools/Pool-1").code == "PoolNotFound"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_new_pool_shows_the_defaults_in_the_words_of_its_version(version: str) -> None:
    account = Account(version)
    account.add_pool()
    shown = account.pool()
    names = account.contract.models["CloudPool"].properties
    slots = "taskSlotsPerNode" if "taskSlotsPerNode" in names else "maxTasksPerNode"
    defaults: dict[str, Any] = {"resizeTimeout": "PT15M", "enableAutoScale": False, slots: 1, account.target: 0}
    assert {name: shown[name] for name in defaults} == defaults
    assert shown["taskSchedulingPolicy"] == {"nodeFillType": "Spread"}
    assert not {"startTask", "metadata", "displayName", "stats", "certificateReferences"} & shown.keys()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_full_replace_clears_what_it_omits(version: str) -> None:
    account = Account(version)
    account.add_pool(startTask=START_TASK, metadata=META, applicationPackageReferences=PACKAGES)
    required = account.contract.models["PoolUpdatePropertiesParameter"].properties
    body = {name: value for name, value in EMPTY.items() if name in required}
    assert account.send("POST", "/pools/pool/updateproperties", body).status == 204
    shown = account.pool()
    assert not {"startTask", "metadata", "applicationPackageReferences"} & shown.keys()
    assert shown["vmSize"] == "standard_d1_v2"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("name", "value"),
    [("startTask", START_TASK), ("metadata", META), ("applicationPackageReferences", PACKAGES)],
)
def test_a_patch_keeps_what_it_omits(version: str, name: str, value: object) -> None:
    account = Account(version)
    account.add_pool(startTask=START_TASK, metadata=META, applicationPackageReferences=PACKAGES)
    before = account.pool()
    account.clock.advance(60)
    assert account.send("PATCH", "/pools/pool", {name: value}).status == 200
    after = account.pool()
    moved = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert moved == {"eTag", "lastModified"}


def test_a_patch_with_an_empty_list_clears_it(account: Account) -> None:
    account.add_pool(metadata=META, startTask=START_TASK)
    account.send("PATCH", "/pools/pool", {"metadata": []})
    assert "metadata" not in account.pool()
    assert account.pool()["startTask"]["commandLine"] == "/bin/true"


def test_a_later_patch_changes_the_size_and_writes_it_small() -> None:
    account = Account("2024-07-01.20.0")
    account.add_pool()
    assert account.send("PATCH", "/pools/pool", {"vmSize": "STANDARD_D2_V2"}).status == 200
    assert account.pool()["vmSize"] == "standard_d2_v2"


def test_a_patch_of_an_older_version_does_not_know_the_size(account: Account) -> None:
    account.add_pool()
    assert account.send("PATCH", "/pools/pool", {"vmSize": "standard_d2_v2"}).status == 400


def test_every_change_moves_the_etag(account: Account) -> None:
    account.add_pool()
    seen = [account.pool()["eTag"]]
    for _ in range(3):  # the clock stands still
        answer = account.send("PATCH", "/pools/pool", {"metadata": META})
        assert answer.headers["etag"] == account.pool()["eTag"]
        seen.append(answer.headers["etag"])
    assert sorted(set(seen)) == seen


def test_the_end_of_a_resize_does_not_move_the_etag(account: Account) -> None:
    account.add_pool()
    account.send("POST", "/pools/pool/resize", {account.target: 1})
    before = account.pool()
    account.clock.advance(600)
    after = account.pool()
    assert (before["allocationState"], after["allocationState"]) == ("resizing", "steady")
    assert (before["eTag"], before["lastModified"]) == (after["eTag"], after["lastModified"])


def test_ids_compare_without_case(account: Account) -> None:
    account.add_pool("Pool")
    again = account.send("POST", "/pools", account.pool_body("pOOL"))
    assert (again.status, again.code) == (409, "PoolExists")


@pytest.mark.parametrize("name", ["", "a" * 65, "a b", "a/b", "ä", "a.b"])
def test_an_id_that_is_none_is_refused(account: Account, name: str) -> None:
    assert account.send("POST", "/pools", account.pool_body(name)).code == "InvalidPropertyValue"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"cloudServiceConfiguration": None}, 400, "MissingRequiredProperty"),
        ({"enableAutoScale": True}, 400, "MissingRequiredProperty"),
        ({"enableAutoScale": True, "autoScaleFormula": "$T=1;", "targetDedicatedNodes": 1}, 400, "InvalidPropertyValue"),
        ({"autoScaleFormula": "$TargetDedicatedNodes=0;"}, 400, "InvalidPropertyValue"),
        ({"enableAutoScale": True, "autoScaleFormula": "$TargetDedicatedNodes=("}, 400, "AutoScalingFormulaSyntaxError"),
        ({"vmSize": "ExtraSmall"}, 400, "InvalidPropertyValue"),
        ({"metadata": [{"name": "", "value": "x"}]}, 400, "EmptyMetadataKey"),
        ({"applicationPackageReferences": [{"applicationId": "Absent"}]}, 409, "InvalidApplicationPackageReferences"),
        ({"applicationPackageReferences": PACKAGES * 11}, 400, "InvalidPropertyValue"),
        ({"resizeTimeout": "soon"}, 400, "InvalidPropertyValue"),
    ],
)
def test_a_pool_that_may_not_be(account: Account, change: dict[str, object], status: int, code: str) -> None:
    answer = account.send("POST", "/pools", account.pool_body("pool", **change))
    assert (answer.status, answer.code) == (status, code)
    assert account.send("GET", "/pools").json["value"] == []


@pytest.mark.parametrize(
    ("interval", "accepted"),
    [("PT4M59S", False), ("PT5M", True), ("PT168H", True), ("P7D", True), ("PT168H1S", False)],
)
def test_the_interval_of_autoscale(account: Account, interval: str, accepted: bool) -> None:
    formula = {"enableAutoScale": True, "autoScaleFormula": "$TargetDedicatedNodes=0;"}
    body = account.pool_body("pool", **formula, autoScaleEvaluationInterval=interval)
    assert account.send("POST", "/pools", body).status == (201 if accepted else 400)


def test_missing_packages_are_named_in_lower_case(account: Account) -> None:
    body = account.pool_body("pool", applicationPackageReferences=[{"applicationId": "appPackageDoesNotExist"}])
    assert list(account.send("POST", "/pools", body).values) == ["apppackagedoesnotexist"]


def test_secrets_do_not_come_back(account: Account) -> None:
    users = [{"name": "u", "password": "hush-hush", "elevationLevel": "ADMIN"}]
    account.add_pool(userAccounts=users, startTask={**START_TASK, "userIdentity": {"username": "u"}})
    answer = account.send("GET", "/pools/pool")
    assert b"hush-hush" not in answer.wire.body
    assert answer.json["userAccounts"] == [{"name": "u", "elevationLevel": "admin"}]


def test_a_deleting_pool_takes_no_change(account: Account) -> None:
    account.add_pool()
    account.send("DELETE", "/pools/pool")
    for method, path, body in (
        ("PATCH", "/pools/pool", {"metadata": META}),
        ("POST", "/pools/pool/updateproperties", EMPTY),
        ("POST", "/pools/pool/resize", {account.target: 1}),
        ("POST", "/pools/pool/enableautoscale", {"autoScaleFormula": "$TargetDedicatedNodes=0;"}),
        ("DELETE", "/pools/pool", None),
    ):
        answer = account.send(method, path, body)
        assert (answer.status, answer.code) == (409, "PoolBeingDeleted"), path
    assert account.send("POST", "/pools", account.pool_body()).status == 409


def test_a_resize_that_outlives_its_pool_leaves_nothing_to_the_next(account: Account) -> None:
    account.add_pool()
    account.send("POST", "/pools/pool/resize", {account.target: 2})
    account.send("DELETE", "/pools/pool")
    account.clock.advance(10)
    assert account.send("GET", "/pools/pool").status == 404
    account.add_pool()
    assert account.pool()["currentDedicatedNodes"] == 0
    assert account.send("GET", "/pools/pool/nodes").json["value"] == []


def test_a_stopped_resize(account: Account) -> None:
    account.add_pool()
    assert account.send("POST", "/pools/pool/stopresize").code == "OperationInvalidForCurrentState"
    account.send("POST", "/pools/pool/resize", {account.target: 5})
    assert account.send("POST", "/pools/pool/resize", {account.target: 6}).code == "PoolBeingResized"
    assert account.send("POST", "/pools/pool/stopresize").status == 202
    stopping = account.pool()
    account.clock.advance(60)
    stopped = account.pool()
    assert (stopping["allocationState"], stopped["allocationState"]) == ("stopping", "steady")
    assert [error["code"] for error in stopped["resizeErrors"]] == ["ResizeStopped"]
    assert (stopped["targetDedicatedNodes"], stopped["currentDedicatedNodes"]) == (5, 0)
    assert stopped["eTag"] == stopping["eTag"]


def test_an_older_version_shows_one_resize_error() -> None:
    account = Account("2016-07-01.3.1")
    account.add_pool()
    account.send("POST", "/pools/pool/resize", {"targetDedicated": 5})
    account.send("POST", "/pools/pool/stopresize")
    account.clock.advance(60)
    assert account.pool()["resizeError"]["code"] == "ResizeStopped"
    assert "resizeErrors" not in account.pool()


def test_a_quota_bounds_a_resize() -> None:
    account = Account(core_quota=3)
    account.add_pool(targetDedicatedNodes=5)
    shown = account.pool()
    assert (shown["currentDedicatedNodes"], shown["targetDedicatedNodes"]) == (3, 5)
    assert [error["code"] for error in shown["resizeErrors"]] == ["AccountCoreQuotaReached"]


def test_nodes_are_removed(account: Account) -> None:
    account.add_pool(targetDedicatedNodes=3)
    ids = [node["id"] for node in account.send("GET", "/pools/pool/nodes").json["value"]]
    assert account.send("POST", "/pools/pool/removenodes", {"nodeList": ["tvm-absent"]}).code == "NodeNotFound"
    assert account.send("POST", "/pools/pool/removenodes", {"nodeList": ["x"] * 101}).status == 400
    assert account.send("POST", "/pools/pool/removenodes", {"nodeList": ids[:2]}).status == 202
    account.clock.advance(600)
    assert [node["id"] for node in account.send("GET", "/pools/pool/nodes").json["value"]] == ids[2:]
    assert account.pool()["currentDedicatedNodes"] == account.pool()["targetDedicatedNodes"] == 1


@pytest.mark.parametrize(("option", "state"), [("taskcompletion", "running"), ("requeue", "active"), ("terminate", "completed")])
def test_a_node_that_is_removed_waits_for_its_task_when_it_should(account: Account, option: str, state: str) -> None:
    account.add_pool(targetDedicatedNodes=1)
    ids = [node["id"] for node in account.send("GET", "/pools/pool/nodes").json["value"]]
    account.send("POST", "/jobs", {"id": "job", "poolInfo": {"poolId": "pool"}})
    account.send("POST", "/jobs/job/tasks", {"id": "task", "commandLine": "sleep 600"})
    account.clock.advance(5)
    account.send("POST", "/pools/pool/removenodes", {"nodeList": ids, "nodeDeallocationOption": option})
    account.clock.advance(300)
    assert account.send("GET", "/jobs/job/tasks/task").json["state"] == state
    assert account.pool()["allocationState"] == ("resizing" if state == "running" else "steady")
    account.clock.advance(600)
    assert account.pool()["allocationState"] == "steady"
    assert account.send("GET", "/pools/pool/nodes").json["value"] == []


def test_autoscale_sets_the_size(account: Account) -> None:
    account.add_pool()
    assert account.send("POST", "/pools/pool/evaluateautoscale", {"autoScaleFormula": "$TargetDedicatedNodes=1;"}).status == 409
    assert account.send("POST", "/pools/pool/disableautoscale").status == 409
    formula = {"autoScaleFormula": "$TargetDedicatedNodes=2;"}
    assert account.send("POST", "/pools/pool/enableautoscale", formula).status == 200
    account.clock.advance(600)
    shown = account.pool()
    assert (shown["enableAutoScale"], shown["autoScaleFormula"]) == (True, formula["autoScaleFormula"])
    assert (shown["autoScaleEvaluationInterval"], shown["currentDedicatedNodes"]) == ("PT15M", 2)
    assert "$TargetDedicatedNodes=2" in shown["autoScaleRun"]["results"]
    refused = account.send("POST", "/pools/pool/resize", {account.target: 1})
    assert refused.status == 409
    tried = account.send("POST", "/pools/pool/evaluateautoscale", {"autoScaleFormula": "$TargetDedicatedNodes=7;"})
    assert tried.json["odata.metadata"].endswith("#Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun")
    assert "$TargetDedicatedNodes=7" in tried.json["results"]
    assert account.pool()["targetDedicatedNodes"] == 2
    assert account.send("POST", "/pools/pool/disableautoscale").status == 200
    assert account.pool()["enableAutoScale"] is False
    assert account.send("POST", "/pools/pool/resize", {account.target: 1}).status == 202


def test_autoscale_comes_round_by_the_clock(account: Account) -> None:
    account.add_pool(enableAutoScale=True, autoScaleFormula="$TargetDedicatedNodes=0;", autoScaleEvaluationInterval="PT5M")
    first = account.pool()["autoScaleRun"]["timestamp"]
    account.clock.advance(301)
    assert account.pool()["autoScaleRun"]["timestamp"] > first
