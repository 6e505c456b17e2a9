"""How many requests a run will send at most, before it begins. It rests on what each scenario sent in runs against the embedded
service (`requests.json`, which `run --update-estimate` writes), taken generously; the budget then keeps the run within it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.plugin.options import Settings

DATA = Path(__file__).parent / "requests.json"
REQUESTS = "requests.json"
# a real service may take another way through a scenario than the reference service
_FACTOR = 2
# how often a state is asked for until it is reached: some 45 seconds, and some five minutes where nodes start
_POLLS, _POLLS_NODES = 20, 80
# for each requirement whose scenario was never measured
_UNKNOWN = 60
# to see whether the target answers, and to prepare what scenarios share
PROBES, _BASE = 2, 100
# a run that starts nodes on a real account ends after this time unless the target says otherwise
MINUTES_WITH_NODES = 240.0


@dataclass(frozen=True)
class Measured:
    """All cases of one scenario together: requests, waits for a state, the requirements, and whether it starts nodes."""

    requests: int
    waits: int
    requirements: tuple[str, ...]
    starts_nodes: bool

    def bound(self, nodes: bool) -> int:
        if self.starts_nodes and not nodes:
            return 0
        return _FACTOR * self.requests + self.waits * (_POLLS_NODES if self.starts_nodes else _POLLS)

    def and_also(self, other: Measured) -> Measured:
        """Two cases of the same scenario."""
        names = tuple(sorted({*self.requirements, *other.requirements}))
        nodes = self.starts_nodes or other.starts_nodes
        return Measured(self.requests + other.requests, self.waits + other.waits, names, nodes)

    def or_more(self, other: Measured) -> Measured:
        return Measured(
            max(self.requests, other.requests),
            max(self.waits, other.waits),
            tuple(sorted({*self.requirements, *other.requirements})),
            self.starts_nodes or other.starts_nodes,
        )


def requests_at_most(settings: Settings, data: Mapping[str, Measured] | None = None) -> int:
    """The bound for one run."""
    known = measured(DATA) if data is None else data
    live = {
        r.id
        for r in settings.catalogue.requirements.values()
        if not r.retired and settings.holds(r) and r.profile in settings.claims
    }
    nodes = settings.target.permissions.start_nodes
    named = {name for one in known.values() for name in one.requirements}
    profiles = settings.shown_by_traffic(named)
    total = sum(
        one.bound(nodes)
        for one in known.values()
        if live.intersection(one.requirements) or settings.gives_traffic(one.requirements, profiles)
    )
    listed = settings.catalogue.requirements
    unknown = sum(1 for name in live if name not in named and not listed[name].rule and not listed[name].trace)
    return PROBES + _BASE + total + _UNKNOWN * unknown


@cache
def measured(path: Path) -> Mapping[str, Measured]:
    """By the name of the scenario; empty when nothing was measured yet."""
    if not path.is_file():
        return {}
    raw: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return {name: Measured(**{**entry, "requirements": tuple(entry["requirements"])}) for name, entry in raw.items()}


def merged(tables: Iterable[Mapping[str, Measured]]) -> dict[str, Measured]:
    """The most of each."""
    found: dict[str, Measured] = {}
    for table in tables:
        for name, one in table.items():
            found[name] = found[name].or_more(one) if name in found else one
    return dict(sorted(found.items()))


def write(path: Path, table: Mapping[str, Measured]) -> None:
    """One scenario to a line, so that a change shows as one."""
    lines = [
        f"{json.dumps(name)}: "
        + json.dumps(
            {
                "requests": one.requests,
                "waits": one.waits,
                "requirements": list(one.requirements),
                "starts_nodes": one.starts_nodes,
            }
        )
        for name, one in table.items()
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def renew(folders: Iterable[Path]) -> int:
    """Take over what runs of the whole suite measured, the most of each; returns the number of scenarios."""
    table = merged(measured(folder / REQUESTS) for folder in folders)
    write(DATA, table)
    return len(table)
