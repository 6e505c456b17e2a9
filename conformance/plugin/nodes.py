"""How many compute nodes a request asks for. Nodes cost money, so the suite looks at each of its own requests before it sends it:
what the target does not permit is never sent, whether a scenario is marked with `starts_nodes` or not.

Pools, auto pools of jobs and the auto pools inside job schedules say it by the same names, so the whole body is looked through.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from conformance.plugin.expect import NotPermitted
from conformance.target import Ledger
from conformance.target.config import Permissions

# pools with nodes that a process has at the same time: those that scenarios share, and those of one scenario
POOLS_AT_ONCE = 6
_COUNTS = frozenset({"targetdedicated", "targetdedicatednodes", "targetlowpriority", "targetlowprioritynodes"})
_FORMULA = "autoscaleformula"
# an autoscale formula asks for what it assigns to one of these
_ASSIGNED = re.compile(r"\$(targetdedicated(?:nodes)?|targetlowpriority(?:nodes)?)\s*=([^;]*)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d+)\s*")
# whatever a service makes of it, no node can come of zeros
_ZEROS = re.compile(r"[\s=0().*/+-]*")
# evaluates a formula and changes nothing
_DRY_RUN = "/evaluateautoscale"


class Nodes:
    """What one process has asked for, and not deleted yet: a bound on what it costs."""

    def __init__(self, permissions: Permissions, ledger: Ledger) -> None:
        self._permissions = permissions
        self._ledger = ledger
        self._asked: dict[str, float] = {}

    def permit(self, path: str, content: bytes | None, creates: str | None) -> None:
        """Raises NotPermitted when a request asks for more than the target permits, alone or beside what is there already.
        `creates`: the path by which the ledger knows what the request makes."""
        wanted = permit(self._permissions, path, content)
        if not wanted:
            return
        place = creates or "/".join(path.split("/")[:3])
        others = {name: count for name, count in self._asked.items() if name in self._ledger and name != place}
        most = self._permissions.max_nodes * POOLS_AT_ONCE
        if sum(others.values()) + wanted > most:
            raise NotPermitted(
                f"the request asks for {_told(wanted)} beside {sum(others.values()):g}; {most} at a time are permitted"
            )
        self._asked = {**others, place: wanted}


def permit(permissions: Permissions, path: str, content: bytes | None) -> float:
    """How many nodes a request asks for. Raises NotPermitted when it is more than the target permits."""
    wanted = asked_for(path, content)
    if wanted == 0:
        return 0
    if not permissions.start_nodes:
        raise NotPermitted(
            f"the request would start {_told(wanted)}, which the target does not permit (permissions.start_nodes, --start-nodes)"
        )
    if wanted > permissions.max_nodes:
        raise NotPermitted(f"the request asks for {_told(wanted)}, more than permissions.max_nodes = {permissions.max_nodes}")
    return wanted


def asked_for(path: str, content: bytes | None) -> float:
    """The number of nodes in the body of a request; infinite when a formula does not say it as a plain number."""
    if not content or path.partition("?")[0].lower().endswith(_DRY_RUN):
        return 0
    try:
        return sum(_counts(json.loads(content)))
    except ValueError:
        return 0  # no JSON: no pool comes of it


def _counts(value: Any) -> Iterator[float]:
    if isinstance(value, list):
        for element in value:
            yield from _counts(element)
    elif isinstance(value, dict):
        for name, member in value.items():
            if name.lower() in _COUNTS:
                yield _count(member)
            elif name.lower() == _FORMULA and isinstance(member, str):
                yield from _formula(member)
            else:
                yield from _counts(member)


def _count(value: Any) -> float:
    """A service may take a text for the number that it spells."""
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else 0
    return max(0, value) if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _formula(text: str) -> Iterator[float]:
    """The last assignment to a variable counts, but any may be the last: all of them are added."""
    for _, stated in _ASSIGNED.findall(text):
        number = _NUMBER.fullmatch(stated)
        yield float(number[1]) if number else 0 if _ZEROS.fullmatch(stated) else math.inf


def _told(count: float) -> str:
    if math.isinf(count):
        return "a number of nodes that only its autoscale formula knows"
    return f"{count:g} node{'' if count == 1 else 's'}"
