"""The start task of a node in the reference service."""

from __future__ import annotations

import pytest
from service_calls import Account


def _node(account: Account, **task: object) -> dict[str, object]:
    """What the only node of a pool with the start task shows in the end."""
    size: dict[str, object] = {account.target: 1}
    sent = {"commandLine": "/bin/sh -c 'exit 3'", **task}
    answer = account.send("POST", "/pools", account.pool_body("pool", **size, startTask=sent))
    assert answer.status == 201
    account.clock.advance(900)
    shown: dict[str, object] = account.send("GET", "/pools/pool/nodes").json["value"][0]
    return shown


@pytest.mark.parametrize(("wait", "state"), [(True, "starttaskfailed"), (False, "idle")])
def test_a_failure_counts_where_it_is_waited_for(wait: bool, state: str) -> None:
    node = _node(Account(), maxTaskRetryCount=2, waitForSuccess=wait)
    info = node["startTaskInfo"]
    assert isinstance(info, dict)
    assert (node["state"], info["state"], info["exitCode"], info["retryCount"]) == (state, "completed", 3, 2)
    assert info["failureInfo"]["code"] == "FailureExitCode"


@pytest.mark.parametrize(
    ("task", "state"),
    [({"maxTaskRetryCount": -1}, "waitingforstarttask"), ({"commandLine": "sleep 36000"}, "waitingforstarttask")],
)
def test_a_node_waits_as_long_as_it_takes(task: dict[str, object], state: str) -> None:
    node = _node(Account(), waitForSuccess=True, **task)
    info = node["startTaskInfo"]
    assert isinstance(info, dict)
    assert (node["state"], info["state"], "exitCode" in info) == (state, "running", False)


def test_a_reboot_runs_the_start_task_that_the_pool_has_by_then() -> None:
    account = Account()
    node = _node(account, waitForSuccess=True)
    path = f"/pools/pool/nodes/{node['id']}"
    assert account.send("POST", f"{path}/disablescheduling").status == 200
    assert account.send("POST", f"{path}/enablescheduling").status == 200
    assert account.send("GET", path).json["state"] == "starttaskfailed"
    cleared: dict[str, object] = {"certificateReferences": [], "applicationPackageReferences": [], "metadata": []}
    body = {**cleared, "startTask": {"commandLine": "hostname"}}
    assert account.send("POST", "/pools/pool/updateproperties", body).status == 204
    assert account.send("POST", f"{path}/reboot").status == 202
    account.clock.advance(600)
    shown = account.send("GET", path).json
    assert (shown["state"], shown["startTask"]["commandLine"], shown["startTaskInfo"]["exitCode"]) == ("idle", "hostname", 0)
