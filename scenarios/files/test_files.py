"""Files of tasks and of nodes: all of these need a node, which a task has run on."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.files.owners import SAID, Owner, plain, ran_task
from scenarios.protocol.lists import pages
from scenarios.support import Json, elements, instant, moment

pytestmark = pytest.mark.starts_nodes


def _text(exchange: Exchange) -> str:
    return exchange.response.body.decode("utf-8", "replace")


def _length(file: Json) -> int:
    return int(file["properties"]["contentLength"])


@pytest.mark.requirement(
    "files.list.names-are-read", "files.get-properties.same-as-list", "files.get-properties.times-as-in-list"
)
def test_what_is_listed_is_there(expect: Expect, owner: Owner) -> None:
    files = [file for file in elements(owner.listing(recursive=True)) if not file.get("isDirectory")]
    mine = [file for file in files if plain(file["name"]).startswith(owner.folder)][:3]
    for file in mine:
        exchange = owner.call("Get", file["name"])
        expect.status("files.list.names-are-read", exchange, 200)
        size = len(exchange.response.body)
        expect.equal("files.list.names-are-read", size, _length(file), exchange, f"bytes of {file['name']}")
        looked = owner.call("GetProperties", file["name"])
        expect.status("files.get-properties.same-as-list", looked, 200)
        told = looked.response.headers.get("Content-Length")
        expect.equal("files.get-properties.same-as-list", told, str(_length(file)), looked, "Content-Length")
        for name, member in (("Last-Modified", "lastModified"), ("ocp-creation-time", "creationTime")):
            stated, listed = looked.response.headers.get(name), file["properties"].get(member)
            if stated is not None and listed is not None:
                expect.equal("files.get-properties.times-as-in-list", moment(stated), instant(listed), looked, name)


@pytest.mark.requirement("files.list.folders-only-on-request")
def test_recursive(expect: Expect, owner: Owner) -> None:
    requirement = "files.list.folders-only-on-request"
    for query in ({}, {"recursive": False}):
        exchange = owner.listing(**query)
        deep = [file["name"] for file in elements(exchange) if "/" in plain(file["name"]).strip("/")]
        expect.equal(requirement, deep, [], exchange, "names that lie deeper")
    exchange = owner.listing(recursive=True)
    shown = [plain(file["name"]).strip("/") for file in elements(exchange)]
    missing = {owner.at("stdout.txt"), *owner.names()} - {*shown}
    expect.equal(requirement, missing, set(), exchange, "names that the recursive list lacks")


@pytest.mark.requirement("files.list.output-of-a-task")
def test_output(expect: Expect, written: tuple[Owner, Owner]) -> None:
    exchange = written[0].listing()
    lacking = {"stdout.txt", "stderr.txt", "wd"} - {plain(file["name"]) for file in elements(exchange)}
    expect.equal("files.list.output-of-a-task", lacking, set(), exchange, "what the task's folder lacks")


@pytest.mark.requirement("files.list.filter")
def test_filter(expect: Expect, written: tuple[Owner, Owner]) -> None:
    exchange = written[0].listing(filter="startswith(name,'stdo')")
    names = [plain(file["name"]) for file in elements(exchange)]
    expect.equal("files.list.filter", names, ["stdout.txt"], exchange, "names")


@pytest.mark.requirement("files.list.filter", "files.list.folders-only-on-request")
def test_filter_in_folders(expect: Expect, written: tuple[Owner, Owner]) -> None:
    """Both together: what lies deeper, and begins so. Other tasks may run on the node meanwhile."""
    node = written[1]
    start = node.folder.partition("/")[0]
    exchange = node.listing(recursive=True, filter=f"startswith(name,'{start}')")
    names = [plain(file["name"]).strip("/") for file in elements(exchange)]
    others = [name for name in names if not name.startswith(start)]
    expect.equal("files.list.filter", others, [], exchange, "names that begin otherwise")
    said = {node.at("stdout.txt")} - {*names}
    expect.equal("files.list.folders-only-on-request", said, set(), exchange, "names that the recursive list lacks")


@pytest.mark.requirement("protocol.paging.limits-page", "protocol.paging.complete")
def test_pages(batch: Batch, expect: Expect, written: tuple[Owner, Owner]) -> None:
    task = written[0]
    every = sorted(task.names())
    walked = list(pages(batch, "File_ListFromTask", {"maxresults": 2}, **task.path))
    sizes = [len(elements(page)) for page in walked]
    expect("protocol.paging.limits-page", max(sizes) <= 2, expected="at most 2 files", actual=sizes, exchange=walked[0])
    found = sorted(plain(file["name"]) for page in walked for file in elements(page))
    expect.equal("protocol.paging.complete", found, every, walked[-1], "files on all pages")


@pytest.mark.requirement("files.list.of-missing-owner")
def test_missing_owner(batch: Batch, expect: Expect, written: tuple[Owner, Owner]) -> None:
    job, pool = written[0].path["jobId"], written[1].path["poolId"]
    task = batch.call("File_ListFromTask", jobId=job, taskId="never-was")
    node = batch.call("File_ListFromComputeNode", poolId=pool, nodeId="never-was")
    for exchange in (task, node):
        expect.status("files.list.of-missing-owner", exchange, 404)


@pytest.mark.requirement("files.get.content")
def test_content(expect: Expect, owner: Owner) -> None:
    exchange = owner.call("Get", owner.at("stdout.txt"))
    expect.equal("files.get.content", _text(exchange).strip(), SAID, exchange, "the file")


@pytest.mark.requirement("files.get.missing")
def test_missing(expect: Expect, owner: Owner) -> None:
    for verb in ("Get", "Delete"):
        exchange = owner.call(verb, owner.at("never-was.txt"))
        expect.error("files.get.missing", exchange, 404, "FileNotFound")
    expect.status("files.get.missing", owner.call("GetProperties", owner.at("never-was.txt")), 404)


@pytest.mark.requirement("files.get.range")
def test_range(expect: Expect, owner: Owner) -> None:
    exchange = owner.call("Get", owner.at("stdout.txt"), headers={"ocp-range": "bytes=1-3"})
    expect.status("files.get.range", exchange, {200, 206})
    expect.equal("files.get.range", _text(exchange), SAID[1:4], exchange, "bytes 1 to 3")


@pytest.mark.requirement("files.get.modified-since", "files.get.unmodified-since")
def test_conditions(expect: Expect, owner: Owner) -> None:
    name = owner.at("stdout.txt")
    modified = owner.call("GetProperties", name).response.headers.get("Last-Modified")
    if modified is None:
        raise Blocked("the file shows no Last-Modified")
    later = format_datetime(moment(modified) + timedelta(seconds=1), usegmt=True)
    earlier = format_datetime(moment(modified) - timedelta(hours=1), usegmt=True)
    expect.status("files.get.modified-since", owner.call("Get", name, headers={"If-Modified-Since": later}), 304)
    expect.status("files.get.modified-since", owner.call("Get", name, headers={"If-Modified-Since": earlier}), 200)
    expect.status("files.get.unmodified-since", owner.call("Get", name, headers={"If-Unmodified-Since": earlier}), 412)
    expect.status("files.get.unmodified-since", owner.call("Get", name, headers={"If-Unmodified-Since": later}), 200)
    for verb, status in (("modified", 304), ("unmodified", 412)):
        headers = {f"If-{verb.capitalize()}-Since": later if verb == "modified" else earlier}
        expect.status(f"files.get.{verb}-since", owner.call("GetProperties", name, headers=headers), status)


@pytest.mark.requirement("files.get-properties.no-directory")
def test_kind(expect: Expect, owner: Owner) -> None:
    for name, kind in (("stdout.txt", "false"), ("wd", "true")):
        exchange = owner.call("GetProperties", owner.at(name))
        told = str(exchange.response.headers.get("ocp-batch-file-isdirectory")).lower()
        expect.equal("files.get-properties.no-directory", told, kind, exchange, f"ocp-batch-file-isdirectory of {name}")


@pytest.mark.requirement("files.delete.gone")
def test_delete(expect: Expect, own: Owner) -> None:
    name = own.at("stdout.txt")
    deleted = own.call("Delete", name)
    if deleted.response.status != 200:
        raise Blocked(f"the file was not deleted: {deleted.response.status}")
    expect.error("files.delete.gone", own.call("Get", name), 404, "FileNotFound")
    exchange = own.listing(recursive=True)
    shown = [plain(file["name"]).strip("/") for file in elements(exchange)]
    expect("files.delete.gone", name not in shown, expected="no such file", actual=name, exchange=exchange)


@pytest.mark.requirement("files.delete.recursive", "files.delete.not-empty-directory-refused")
def test_delete_directory(expect: Expect, batch: Batch, runner: str) -> None:
    _, node = ran_task(batch, runner)
    refused = node.call("Delete", node.folder)
    holds = refused.response.status >= 400
    expect(
        "files.delete.not-empty-directory-refused", holds, expected="an error", actual=refused.response.status, exchange=refused
    )
    deleted = node.call("Delete", node.folder, recursive=True)
    expect.status("files.delete.recursive", deleted, 200)
    for name in (node.folder, node.at("stdout.txt")):
        expect.status("files.delete.recursive", node.call("GetProperties", name), 404)


@pytest.mark.requirement("files.list.task-that-never-ran")
def test_never_ran(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    task = batch.create_task(job)
    exchange = batch.call("File_ListFromTask", jobId=job, taskId=task)
    expect.error("files.list.task-that-never-ran", exchange, 409, "TaskFilesUnavailable")
