"""Certificates that runs have left on a target. Their ids say nothing: those made for a run hold its name inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from conformance.plugin.certificates import name_of


def certificates_of_runs(listed: Iterable[dict[str, Any]], prefix: str) -> Iterator[tuple[str, str]]:
    """The path of each certificate whose name begins with `prefix`, and since when it is valid: it was added just then."""
    for one in listed:
        found = name_of(str(one.get("publicData", "")))
        if found is None or not found.name.startswith(prefix) or str(one.get("state")).lower() == "deleting":
            continue
        algorithm, thumbprint = (quote(str(one.get(name, "")), safe="") for name in ("thumbprintAlgorithm", "thumbprint"))
        yield f"/certificates(thumbprintAlgorithm={algorithm},thumbprint={thumbprint})", found.made
