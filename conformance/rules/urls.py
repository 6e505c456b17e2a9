"""URLs within a resource: its own is absolute, and each names what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.rules.formats import decoded_path
from conformance.rules.model import Problem

_ABSOLUTE = ("https://", "http://")
# by the member that shows them: where below it (a list stands for its elements), the URL, how that ends, the members it names
_NAMED = {
    "thumbprint": ((), "url", "(thumbprintalgorithm={},thumbprint={})", ("thumbprintAlgorithm", "thumbprint")),
    "nodeInfo": (("nodeInfo",), "nodeUrl", "/pools/{}/nodes/{}", ("poolId", "nodeId")),
    "recentTasks": (("recentTasks",), "taskUrl", "/jobs/{}/tasks/{}", ("jobId", "taskId")),
    "executionInfo": (("executionInfo", "recentJob"), "url", "/jobs/{}", ("id",)),
}


def strange_urls(resource: Mapping[str, Any], where: str) -> Iterator[Problem]:
    """The URLs that name something else than what stands beside them."""
    url = resource.get("url")
    if isinstance(url, str) and (not url.startswith(_ABSOLUTE) or "?" in url):
        yield Problem("url is no absolute URL without a query", "https://{host}/…", url, f"{where}/url")
    for member, (path, name, ending, members) in _NAMED.items():
        if member not in resource:
            continue
        for holder in _holders(resource, path):
            stated, named = holder.get(name), [holder.get(member) for member in members]
            if holder.get("subtaskId"):
                continue  # no document says what the URL of a subtask is
            if isinstance(stated, str) and all(isinstance(value, str) for value in named):
                expected = ending.format(*named).lower()
                if not decoded_path(stated).lower().endswith(expected):
                    place = "/".join((where, *path, name))
                    yield Problem(f"{name} is not that of {', '.join(members)} beside it", expected, stated, place)


def _holders(resource: Mapping[str, Any], path: tuple[str, ...]) -> list[Mapping[str, Any]]:
    found: Any = resource
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]
