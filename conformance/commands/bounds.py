"""What a run may use at most, told before it begins and kept by it; and how several runs share it."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.plugin.options import Settings

_WIDTH = 80


def told(settings: Settings, workers: int, runs: Collection[Settings] = ()) -> str:
    """Requests and cost, with what the bounds rest on. `runs`: one for each api-version when there are several."""
    lines = [_requests(settings, runs), _nodes(settings, workers, runs)]
    return "\n".join(textwrap.fill(line, _WIDTH, subsequent_indent="  ", break_on_hyphens=False) for line in lines)


def shares(runs: Mapping[str, Settings], workers: int) -> dict[str, list[str]]:
    """The options that keep each of several runs, `workers` of them at a time, within its part of what all may use."""
    found: dict[str, list[str]] = {}
    for version, settings in runs.items():
        words = [f"--max-requests={_requests_of(settings, len(runs))}"]
        minutes = settings.target.budget.minutes
        if minutes:
            rounds = -(-len(runs) // workers)
            words.append(f"--max-minutes={minutes / rounds:g}")
        found[version] = words
    return found


def _requests_of(settings: Settings, runs: int) -> int:
    stated = settings.target.budget.requests
    from conformance.plugin.estimate import PROBES

    return stated if settings.estimated else max(1, (stated - PROBES) // runs)


def _requests(settings: Settings, runs: Collection[Settings]) -> str:
    from conformance.plugin.estimate import PROBES

    total = settings.target.budget.requests
    if runs and settings.estimated:  # and one look whether there is anything at all
        total = PROBES + sum(_requests_of(one, len(runs)) for one in runs)
    basis = (
        "the suite's own estimate; --max-requests N sets another bound"
        if settings.estimated
        else "as budget.requests or --max-requests says"
    )
    return f"Requests: {total} at most ({basis}). What they are not enough for is not-permitted."


def _nodes(settings: Settings, workers: int, runs: Collection[Settings]) -> str:
    from conformance.plugin.nodes import POOLS_AT_ONCE

    permissions, minutes = settings.target.permissions, settings.target.budget.minutes
    if not permissions.start_nodes:
        return (
            "Nodes: none, so computing costs nothing. Every pool has zero nodes; a request that asks for one is not sent "
            "(permissions.start_nodes is false)."
        )
    at_once = permissions.max_nodes * POOLS_AT_ONCE * workers
    return (
        f"Nodes: {at_once} at the same time at most (permissions.max_nodes = {permissions.max_nodes} for each of {POOLS_AT_ONCE} "
        f"pools in each of {workers} processes), for {minutes:g} minutes at most (budget.minutes or --max-minutes): "
        f"{at_once * minutes:g} node minutes at the price of the VM size, if the target removes pools when it is asked to."
    )
