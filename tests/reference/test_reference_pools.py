"""A pool's life on the reference service, as the documents and recordings have it."""

from __future__ import annotations

import pytest
from reference_client import BASE, Client, pool_body

from conformance.contract import at, versions

START = {"commandLine": "true"}
METADATA = [{"name": "a", "value": "b"}]
PACKAGES = [{"applicationId": "sample", "version": "1.0"}]


def test_creating_answers_as_the_live_service() -> None:
    answer = Client()("POST", "/pools", pool_body("One"))
    assert (answer.status, answer.body) == (201, b"")
    assert answer.headers["location"] == answer.headers["dataserviceid"] == f"{BASE}/pools/One"
    assert answer.headers["etag"].startswith("0x") and "last-modified" in answer.headers


def test_defaults_of_a_new_pool() -> None:
    client = Client()
    client.pool(steady=False)
    pool = client.get()
    assert list(pool)[:2] == ["odata.metadata", "id"]
    assert pool["odata.metadata"] == f"{BASE}/$metadata#pools/@Element"
    expected = {
        "vmSize": "standard_d1_v2",
        "state": "active",
        "allocationState": "resizing",
        "resizeTimeout": "PT15M",
        "currentDedicatedNodes": 0,
        "currentLowPriorityNodes": 0,
        "targetLowPriorityNodes": 0,
        "enableAutoScale": False,
        "enableInterNodeCommunication": False,
        "taskSlotsPerNode": 1,
        "taskSchedulingPolicy": {"nodeFillType": "Spread"},
        "url": f"{BASE}/pools/p",
    }
    assert {name: pool.get(name) for name in expected} == expected
    assert pool["virtualMachineConfiguration"]["imageReference"]["version"] == "latest"
    assert pool["creationTime"] == pool["lastModified"] == pool["stateTransitionTime"]
    absent = {"displayName", "startTask", "metadata", "certificateReferences", "applicationPackageReferences", "userAccounts"}
    assert not absent & set(pool)


@pytest.mark.parametrize("version", [v.name for v in versions()])
def test_each_version_shows_its_own_names(version: str) -> None:
    client = Client(version)
    shown = at(version).models["CloudPool"].properties
    target = "targetDedicated" if "targetDedicated" in shown else "targetDedicatedNodes"
    client.pool(**{"targetDedicatedNodes": None, "startTask": START, target: 1})
    pool = client.get()
    assert set(pool) - {"odata.metadata"} <= set(shown)
    assert pool[target] == 1
    assert pool.get("taskSlotsPerNode", pool.get("maxTasksPerNode")) == 1
    assert pool["startTask"]["waitForSuccess"] is (version >= "2019-08-01.10.0")
    assert ("runElevated" in pool["startTask"]) is (version < "2017-01-01.4.0")
    node = client("GET", "/pools/p/nodes").json["value"][0]
    assert node["state"] == "idle" and ("isDedicated" in node) is (version >= "2017-05-01.5.0")


def test_ids_compare_without_case_and_keep_it() -> None:
    client = Client()
    client.pool("MyPool")
    assert client.get("mypool")["id"] == "MyPool"
    answer = client("POST", "/pools", pool_body("MYPOOL"))
    assert (answer.status, answer.code) == (409, "PoolExists")


def test_patch_keeps_what_it_omits() -> None:
    client = Client()
    client.pool(startTask=START, metadata=METADATA, applicationPackageReferences=PACKAGES)
    before = client.get()
    answer = client("PATCH", "/pools/p", {"metadata": [{"name": "c", "value": "d"}]})
    after = client.get()
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"", after["eTag"])
    assert after["eTag"] != before["eTag"]
    moved = {"metadata", "eTag", "lastModified"}
    assert {k: v for k, v in after.items() if k not in moved} == {k: v for k, v in before.items() if k not in moved}
    assert after["metadata"] == [{"name": "c", "value": "d"}]


@pytest.mark.parametrize("omitted", ["startTask", "metadata", "applicationPackageReferences"])
@pytest.mark.parametrize("empty", [True, False])
def test_a_full_replace_clears_what_is_empty_or_omitted(omitted: str, empty: bool) -> None:
    client = Client()
    given: dict[str, object] = {"startTask": START, "metadata": METADATA, "applicationPackageReferences": PACKAGES}
    client.pool(**given, targetNodeCommunicationMode="simplified")
    body = {name: value for name, value in given.items() if name != omitted} | {"certificateReferences": []}
    if empty and omitted != "startTask":
        body[omitted] = []
    answer = client("POST", "/pools/p/updateproperties", body)
    after = client.get()
    assert (answer.status, answer.headers["etag"]) == (204, after["eTag"])
    assert omitted not in after
    assert all(name in after for name in given if name != omitted)
    assert after["targetNodeCommunicationMode"] == "default"


def test_secrets_are_never_returned() -> None:
    client = Client()
    client.pool(userAccounts=[{"name": "u", "password": "Pa55word!"}])
    assert client.get()["userAccounts"] == [{"name": "u", "elevationLevel": "nonadmin"}]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"resizeTimeout": "PT4M59S"}, 400, "InvalidPropertyValue"),
        ({"resizeTimeout": "soon"}, 400, "InvalidPropertyValue"),
        ({"virtualMachineConfiguration": None}, 400, "MissingRequiredProperty"),
        ({"cloudServiceConfiguration": {"osFamily": "4"}}, 400, "InvalidPropertyValue"),
        ({"targetDedicatedNodes": -1}, 400, "InvalidPropertyValue"),
        ({"enableAutoScale": True}, 400, "MissingRequiredProperty"),
        ({"enableAutoScale": True, "autoScaleFormula": "$TargetDedicatedNodes=1;"}, 400, "InvalidPropertyValue"),
        ({"autoScaleFormula": "$TargetDedicatedNodes=1;"}, 400, "InvalidPropertyValue"),
        ({"vmSize": "STANDARD_A0"}, 400, "InvalidPropertyValue"),
        ({"applicationPackageReferences": PACKAGES * 11}, 400, "InvalidPropertyValue"),
        ({"applicationPackageReferences": [{"applicationId": "None"}]}, 409, "InvalidApplicationPackageReferences"),
        ({"displayName": "x" * 1025}, 400, "InvalidPropertyValue"),
    ],
)
def test_specifications_that_are_refused(change: dict[str, object], status: int, code: str) -> None:
    client = Client()
    answer = client("POST", "/pools", pool_body(**change))
    assert (answer.status, answer.code) == (status, code)
    assert client("GET", "/pools").json["value"] == []


def test_the_missing_package_is_named_in_lower_case() -> None:
    answer = Client()("POST", "/pools", pool_body(applicationPackageReferences=[{"applicationId": "MyApp"}]))
    assert [value["key"] for value in answer.json["values"]] == ["myapp"]


@pytest.mark.parametrize("interval", ["PT5M", "P7D"])
def test_intervals_at_their_limits(interval: str) -> None:
    scale = {"targetDedicatedNodes": None, "enableAutoScale": True, "autoScaleFormula": "$TargetDedicatedNodes=0;"}
    client = Client()
    assert client("POST", "/pools", pool_body(autoScaleEvaluationInterval=interval, **scale)).status == 201


@pytest.mark.parametrize("interval", ["PT4M59S", "P7DT1S"])
def test_intervals_outside_their_limits(interval: str) -> None:
    scale = {"targetDedicatedNodes": None, "enableAutoScale": True, "autoScaleFormula": "$TargetDedicatedNodes=0;"}
    assert Client()("POST", "/pools", pool_body(autoScaleEvaluationInterval=interval, **scale)).status == 400


def test_deleting_takes_its_time() -> None:
    client = Client()
    client.pool(targetDedicatedNodes=1)
    answer = client("DELETE", "/pools/p")
    assert (answer.status, answer.body, "etag" in answer.headers) == (202, b"", False)
    assert client.get()["state"] == "deleting"
    again = client("PATCH", "/pools/p", {"metadata": []})
    assert (again.status, again.code) == (409, "PoolBeingDeleted")
    client.clock.advance(600)
    assert client("GET", "/pools/p").status == 404
    assert client("HEAD", "/pools/p").status == 404
    assert client("POST", "/pools", pool_body()).status == 201
