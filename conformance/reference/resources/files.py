"""Files on nodes and of tasks: list, read, look at, delete. A task's files are those of its folder on the node that it ran on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from conformance.reference.conditions import Conditions
from conformance.reference.instants import http_date
from conformance.reference.problem import BatchProblem, invalid_header
from conformance.reference.registry import answers
from conformance.reference.resources import folders
from conformance.reference.resources.nodes import find as find_node
from conformance.reference.resources.poolaccess import find as find_pool
from conformance.reference.resources.taskaccess import find as find_task
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply

_RANGE = re.compile(r"^bytes=(\d+)-(\d*)$")


@dataclass(frozen=True)
class Place:
    """A folder of a node, as the URL of its owner names it."""

    files: folders.Folder
    root: str
    url: str

    def path(self, name: str) -> str:
        return f"{self.root}/{name}" if self.root else name


def _on_node(store: Store, call: Call) -> Place:
    pool = find_pool(store, replace(call, conditions=Conditions()))  # they are about the file
    node = find_node(store, pool, call.path["nodeId"])
    if node["state"] in ("creating", "starting", "unusable", "unknown"):
        raise BatchProblem("OperationInvalidForCurrentState")
    return Place(folders.of(node), "", f"{call.base}/pools/{pool['id']}/nodes/{node['id']}/files")


def _of_task(store: Store, call: Call) -> Place:
    job, task = find_task(store, call)
    ran = task.get("_ran") or {}
    if not ran or "startTime" not in task["executionInfo"]:
        raise BatchProblem("TaskFilesUnavailable")
    node: Json = ran["node"]
    if store.get("node", f"{node['_pool']}/{node['id']}") is not node:
        raise BatchProblem("TaskFilesUnavailable")
    root = f"workitems/{job['id']}/job-1/{task['id']}"
    return Place(folders.of(node), root, f"{call.base}/jobs/{job['id']}/tasks/{task['id']}/files")


def _place(store: Store, call: Call) -> Place:
    return _of_task(store, call) if "taskId" in call.path else _on_node(store, call)


def _entry(place: Place, call: Call) -> folders.Entry:
    name = call.path["filePath"].replace("\\", "/").strip("/")
    entry = place.files.get(place.path(name))
    if entry is None:
        raise BatchProblem("FileNotFound")
    call.conditions.check(entry.at)
    return entry


@answers("File_ListFromComputeNode", "File_ListFromTask")
def list_files(store: Store, call: Call) -> Listing:
    place = _place(store, call)
    recursive = call.query.get("recursive", "false").lower() == "true"
    model = call.contract.item_model(call.operation)
    assert model is not None
    items = []
    for name, entry in folders.below(place.files, place.root, recursive=recursive).items():
        file: Json = {"name": name, "url": f"{place.url}/{quote(name)}", "isDirectory": entry.is_folder}
        if not entry.is_folder:
            file["properties"] = folders.properties(entry)
        items.append(shown(call.contract, model, file))
    return Listing(items, key="name")


@answers("File_GetFromComputeNode", "File_GetFromTask")
def get(store: Store, call: Call) -> Reply:
    place = _place(store, call)
    entry = _entry(place, call)
    if entry.content is None:
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": "It is a directory."})
    # the SDKs take a part of a file only with 200, the one status that the documents have
    wanted = call.headers.get("ocp-range")
    content = entry.content if wanted is None else _cut(entry.content, wanted)
    return Reply(modified=entry.at, file=content, headers=_headers(place, call, entry))


def _cut(content: bytes, wanted: str) -> bytes:
    match = _RANGE.match(wanted.strip())
    if match is None:
        raise invalid_header("ocp-range", wanted)
    first, last = int(match[1]), int(match[2]) if match[2] else len(content) - 1
    if first >= max(len(content), 1) or last < first - 1:
        raise BatchProblem("InvalidRange")
    return content[first : last + 1]


@answers("File_GetPropertiesFromComputeNode", "File_GetPropertiesFromTask")
def properties(store: Store, call: Call) -> Reply:
    place = _place(store, call)
    entry = _entry(place, call)
    length = ("Content-Length", str(len(entry.content or b"")))
    kind = ("Content-Type", folders.TYPE)
    return Reply(modified=entry.at, headers=(*_headers(place, call, entry), kind, length))


@answers("File_DeleteFromComputeNode", "File_DeleteFromTask")
def delete(store: Store, call: Call) -> Reply:
    place = _place(store, call)
    entry = _entry(place, call)
    whole = place.path(call.path["filePath"].replace("\\", "/").strip("/"))
    inside = [path for path in place.files if path.startswith(f"{whole}/")]
    if entry.is_folder and inside and call.query.get("recursive", "false").lower() != "true":
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": "The directory is not empty; recursive is not true."})
    for path in [whole, *inside]:
        del place.files[path]
    return Reply()


def _headers(place: Place, call: Call, entry: folders.Entry) -> tuple[tuple[str, str], ...]:
    url = f"{place.url}/{quote(call.path['filePath'].strip('/'))}"
    return (
        ("ocp-creation-time", http_date(entry.at)),
        ("ocp-batch-file-isdirectory", str(entry.is_folder)),
        ("ocp-batch-file-url", quote(url, safe="")),
        ("ocp-batch-file-mode", folders.MODE),
    )
