"""Files of nodes and tasks."""

from __future__ import annotations

import pytest
from service_calls import BASE, Account


@pytest.fixture
def account() -> Account:
    """One node, on which one task has said hello; its URL is known as `node`."""
    account = Account()
    account.add_pool("pool", **{account.target: 1})
    account.clock.advance(600)
    account.send("POST", "/jobs", {"id": "job", "poolInfo": {"poolId": "pool"}})
    account.send("POST", "/jobs/job/tasks", {"id": "task", "commandLine": "/bin/sh -c 'echo hello'"})
    for _ in range(5):
        account.clock.advance(1)
        account.send("GET", "/jobs")
    return account


FILES = "/jobs/job/tasks/task/files"


def node_files(account: Account) -> str:
    return f"/pools/pool/nodes/{account.send('GET', '/pools/pool/nodes').json['value'][0]['id']}/files"


def names(account: Account, path: str, query: str = "") -> list[str]:
    return [file["name"] for file in account.send("GET", path, query=query).json["value"]]


def test_a_task_has_its_output_and_a_working_directory(account: Account) -> None:
    files = {file["name"]: file for file in account.send("GET", FILES).json["value"]}
    assert sorted(files) == ["stderr.txt", "stdout.txt", "wd"]
    assert files["stdout.txt"]["properties"]["contentLength"] == "6"
    assert files["stdout.txt"]["url"] == f"{BASE}{FILES}/stdout.txt"
    assert files["wd"]["isDirectory"] and "properties" not in files["wd"]


def test_the_node_has_the_same_file(account: Account) -> None:
    path = "workitems/job/job-1/task/stdout.txt"
    assert path in names(account, node_files(account), "recursive=true")
    assert names(account, node_files(account)) == ["applications", "shared", "startup", "workitems"]
    encoded = path.replace("/", "%2F")
    assert account.send("GET", f"{node_files(account)}/{encoded}").wire.body == b"hello\n"


def test_reading_a_file_and_a_part_of_it(account: Account) -> None:
    whole = account.send("GET", f"{FILES}/stdout.txt")
    assert (whole.status, whole.wire.body) == (200, b"hello\n")
    assert whole.headers["content-type"] == "application/octet-stream"
    assert whole.headers["ocp-batch-file-isdirectory"] == "False"
    assert whole.headers["ocp-batch-file-url"].startswith("http%3A%2F%2F")
    assert "etag" not in whole.headers and "last-modified" in whole.headers
    part = account.send("GET", f"{FILES}/stdout.txt", headers={"ocp-range": "bytes=1-3"})
    assert (part.status, part.wire.body) == (200, b"ell")
    assert account.send("GET", f"{FILES}/stdout.txt", headers={"ocp-range": "bytes=99-"}).code == "InvalidRange"


def test_looking_at_a_file(account: Account) -> None:
    answer = account.send("HEAD", f"{FILES}/stdout.txt")
    assert (answer.status, answer.wire.body, answer.headers["content-length"]) == (200, b"", "6")
    assert account.send("HEAD", f"{FILES}/nothing").status == 404


def test_the_conditions_are_about_the_file(account: Account) -> None:
    modified = account.send("HEAD", f"{FILES}/stdout.txt").headers["last-modified"]
    path = f"{FILES}/stdout.txt"
    assert account.send("GET", path, headers={"If-Modified-Since": modified}).status == 304
    assert account.send("GET", path, headers={"If-Unmodified-Since": modified}).status == 200


def test_deleting_files_and_folders(account: Account) -> None:
    assert account.send("DELETE", f"{FILES}/stdout.txt").status == 200
    assert account.send("GET", f"{FILES}/stdout.txt").code == "FileNotFound"
    node = node_files(account)
    assert account.send("DELETE", f"{node}/workitems").status == 409
    assert account.send("DELETE", f"{node}/workitems", query="recursive=true").status == 200
    assert names(account, FILES) == []


def test_the_filter_and_the_files_of_a_task_that_never_ran(account: Account) -> None:
    assert names(account, FILES, "$filter=startswith(name,'std')") == ["stderr.txt", "stdout.txt"]
    account.send("POST", "/jobs", {"id": "idle", "poolInfo": {"poolId": "nowhere"}})
    account.send("POST", "/jobs/idle/tasks", {"id": "task", "commandLine": "x"})
    assert account.send("GET", "/jobs/idle/tasks/task/files").code == "TaskFilesUnavailable"


def test_a_reimage_leaves_nothing_of_former_tasks(account: Account) -> None:
    node = node_files(account)
    account.send("POST", node.replace("/files", "/reimage"))
    account.clock.advance(600)
    assert names(account, node, "recursive=true") == ["applications", "shared", "startup", "workitems"]
