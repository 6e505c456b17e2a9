"""Files of tasks and of nodes."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import OK, REFUSED, answered, body, header, member, simply, status
from conformance.defects.model import Ask, Defect, Maker
from conformance.defects.nodereads import empty_when_missing
from conformance.defects.poolparts import each
from conformance.defects.requests import deaf_to_header, deaf_to_parameter, heard, with_parameter
from conformance.defects.where import fits
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST = "GET /jobs/{}/tasks/{}/files, GET /pools/{}/nodes/{}/files"
_GET = "GET /jobs/{}/tasks/{}/files/..., GET /pools/{}/nodes/{}/files/..."
_HEAD = "HEAD /jobs/{}/tasks/{}/files/..., HEAD /pools/{}/nodes/{}/files/..."
_DELETE = "DELETE /jobs/{}/tasks/{}/files/..., DELETE /pools/{}/nodes/{}/files/..."
_EVERY = f"{_LIST}, {_GET}, {_HEAD}, {_DELETE}"
_TASK_LIST = "GET /jobs/{}/tasks/{}/files"
_CONDITIONS = "Emulators leave out conditions first."


def _longer(file: Json) -> None:
    """As long as it is on a disk of blocks."""
    if "properties" in file:
        file["properties"]["contentLength"] = "4096"


def _without_errors(document: Json) -> None:
    document["value"] = [file for file in document["value"] if not str(file.get("name")).endswith("stderr.txt")]


def _always(where: str, name: str, value: str) -> Maker:
    """As if that query parameter had been sent with that value."""

    def edit(asked: WireRequest) -> WireRequest:
        if name in asked.parameters():
            return replace(asked, query=with_parameter(asked.query, name, lambda given: value))
        return replace(asked, query=f"{asked.query}&{name}={value}")

    return heard(where, edit)


def _short(asked: WireRequest) -> WireRequest:
    def shorter(value: str) -> str:
        first, _, last = value.removeprefix("bytes=").partition("-")
        return f"bytes={first}-{int(last) - 1}" if last.isdigit() else value

    headers = [(name, shorter(value) if name.lower() == "ocp-range" else value) for name, value in asked.headers]
    return asked if headers == list(asked.headers) else replace(asked, headers=headers)


async def _deaf(asked: WireRequest, ask: Ask) -> WireAnswer:
    """What would be deleted is looked at, and answered as if it were gone."""
    if not fits(_DELETE, asked):
        return await ask(asked)
    looked = await ask(replace(asked, method="HEAD", query=with_parameter(asked.query, "recursive", lambda given: None)))
    if looked.status >= 400:
        return await ask(asked)
    return replace(looked, headers=[pair for pair in looked.headers if not _of_files(pair[0])], body=b"")


def _of_files(name: str) -> bool:
    return name.lower().startswith(("ocp-", "etag", "last-modified", "content-"))


def _upper(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    return replace(answer, body=answer.body.upper())


DEFECTS = (
    Defect(
        "file-length-of-disk",
        "The list of files shows the length that a file takes on the disk.",
        "schema",
        ("files.list.names-are-read",),
        "The wrong member of what the operating system tells.",
        body(_LIST, each(_longer)),
    ),
    Defect(
        "file-list-always-deep",
        "The list of files always shows what lies deeper too.",
        "queries",
        ("files.list.folders-only-on-request",),
        "The files of an object store, which has no folders.",
        _always(_LIST, "recursive", "true"),
    ),
    Defect(
        "file-list-never-deep",
        "The list of files does not look at recursive.",
        "queries",
        ("files.list.folders-only-on-request",),
        "A parameter that the handler does not read.",
        deaf_to_parameter(_LIST, "recursive"),
    ),
    Defect(
        "file-list-without-stderr",
        "The files of a task have no stderr.txt when nothing was written there.",
        "schema",
        ("files.list.output-of-a-task",),
        "A file is made when something is written.",
        body(_TASK_LIST, _without_errors),
    ),
    Defect(
        "file-filter-ignored",
        "The list of files does not look at $filter.",
        "queries",
        ("files.list.filter", "files.trace.list-filter"),
        "OData filters need a parser, which takes a while to write.",
        deaf_to_parameter(_LIST, "$filter"),
    ),
    Defect(
        "file-owner-missing-empty",
        "The files of a task or a node that does not exist are an empty list.",
        "paging",
        ("files.list.of-missing-owner",),
        "A folder that is not there has nothing in it.",
        empty_when_missing(_LIST, "files"),
    ),
    Defect(
        "file-in-capitals",
        "The content of a file is another one.",
        "schema",
        ("files.get.content", "files.get.range"),
        "Text that goes through a filter.",
        answered(_GET, _upper, statuses=OK),
    ),
    Defect(
        "file-missing-code",
        "A file that does not exist is answered 404 with the code BlobNotFound.",
        "error-codes",
        ("files.get.missing", "files.delete.gone"),
        "The code of the store behind.",
        member(_EVERY, "code", lambda code: "BlobNotFound" if code == "FileNotFound" else code, statuses=REFUSED),
        consequences=("protocol.errors.code-documented",),
    ),
    Defect(
        "file-missing-empty",
        "HEAD of a file that does not exist is answered 200.",
        "status",
        ("files.get.missing",),
        "Nobody opens the file for HEAD.",
        status(_HEAD, 404, 200),
        consequences=(
            "files.delete.recursive",
            "files.responses.documented-headers",
            "files.responses.last-modified-present",
        ),
    ),
    Defect(
        "file-range-ignored",
        "The header ocp-range is not looked at: a file comes whole.",
        "headers",
        ("files.get.range",),
        "The header of HTTP has another name.",
        deaf_to_header(_GET, "ocp-range"),
    ),
    Defect(
        "file-range-exclusive",
        "The last byte of ocp-range does not belong to it.",
        "headers",
        ("files.get.range",),
        "Off by one, as slices are in most languages.",
        heard(_GET, _short),
    ),
    Defect(
        "file-head-length",
        "HEAD of a file tells the length that the file takes on the disk.",
        "headers",
        ("files.get-properties.same-as-list",),
        "The wrong member of what the operating system tells.",
        header(_HEAD, "Content-Length", lambda value: "4096"),
    ),
    Defect(
        "file-modified-ignored",
        "Reads of files do not look at If-Modified-Since.",
        "conditions",
        ("files.get.modified-since",),
        _CONDITIONS,
        deaf_to_header(f"{_GET}, {_HEAD}", "If-Modified-Since"),
    ),
    Defect(
        "file-unmodified-ignored",
        "Reads of files do not look at If-Unmodified-Since.",
        "conditions",
        ("files.get.unmodified-since",),
        _CONDITIONS,
        deaf_to_header(f"{_GET}, {_HEAD}", "If-Unmodified-Since"),
    ),
    Defect(
        "file-kind-always-file",
        "The header ocp-batch-file-isdirectory is always false.",
        "headers",
        ("files.get-properties.no-directory",),
        "The files of an object store, which has no folders.",
        header(_HEAD, "ocp-batch-file-isdirectory", lambda value: "false"),
    ),
    Defect(
        "file-kind-yes",
        "A file shows as its kind yes or no.",
        "headers",
        ("files.get-properties.no-directory",),
        "A boolean as people write it.",
        header(_HEAD, "ocp-batch-file-isdirectory", lambda value: "yes" if value.lower() == "true" else "no"),
        consequences=("files.responses.documented-headers",),
    ),
    Defect(
        "file-delete-ignored",
        "Deleting a file is answered 200, and it stays.",
        "deletion",
        ("files.delete.gone", "files.delete.not-empty-directory-refused"),
        "A stub that says yes.",
        simply(_deaf),
    ),
    Defect(
        "file-delete-not-deep",
        "The parameter recursive is not looked at where a directory is deleted.",
        "deletion",
        ("files.delete.recursive",),
        "A parameter that the handler does not read.",
        deaf_to_parameter(_DELETE, "recursive"),
    ),
    Defect(
        "file-delete-always-deep",
        "A directory is deleted with what is in it, whatever recursive says.",
        "deletion",
        ("files.delete.not-empty-directory-refused",),
        "The function of the library that deletes a tree.",
        _always(_DELETE, "recursive", "true"),
    ),
    Defect(
        "file-list-before-run",
        "The files of a task that has not run are answered 404.",
        "status",
        ("files.list.task-that-never-ran",),
        "There is no folder.",
        status(_TASK_LIST, 409, 404),
        consequences=("protocol.errors.code-status",),
    ),
)
