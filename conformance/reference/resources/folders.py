"""The files on a simulated node: paths with `/`, the content of a file or None for a folder, and when it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conformance.reference.instants import iso
from conformance.reference.wire import Json

_ROOT = ("applications", "shared", "startup", "workitems")
_ECHO = re.compile(r"\becho\s+([^'\"&|;>]*)")
MODE = "0o100664"
TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Entry:
    content: bytes | None
    at: int

    @property
    def is_folder(self) -> bool:
        return self.content is None


Folder = dict[str, Entry]


def of(node: Json) -> Folder:
    """Everything on the node, by path."""
    files: Folder = node.setdefault("_files", {})
    return files


def boot(node: Json, now: int) -> None:
    """What a node has when it is ready; a reimage leaves nothing else."""
    files = of(node)
    for name in _ROOT:
        files.setdefault(name, Entry(None, now))
    if "startTask" in node:
        write_task(node, "startup", node["startTask"]["commandLine"], now)


def write_task(node: Json, folder: str, command_line: str, now: int) -> None:
    """What a command leaves in its folder: its output, and its working directory."""
    files = of(node)
    steps = folder.split("/")
    for depth in range(1, len(steps) + 1):
        files.setdefault("/".join(steps[:depth]), Entry(None, now))
    said = "".join(f"{text.strip()}\n" for text in _ECHO.findall(command_line))
    files[f"{folder}/stdout.txt"] = Entry(said.encode(), now)
    files[f"{folder}/stderr.txt"] = Entry(b"", now)
    files[f"{folder}/wd"] = Entry(None, now)


def below(files: Folder, root: str, *, recursive: bool) -> Folder:
    """What is in a folder, by the path from there."""
    start = f"{root}/" if root else ""
    found = {path.removeprefix(start): entry for path, entry in files.items() if path.startswith(start)}
    return {path: entry for path, entry in found.items() if recursive or "/" not in path}


def properties(entry: Entry) -> Json:
    """Of a file; a folder has none (source: recordings)."""
    assert entry.content is not None
    time = iso(entry.at)
    return {
        "creationTime": time,
        "lastModified": time,
        "contentLength": len(entry.content),
        "contentType": TYPE,
        "fileMode": MODE,
    }
