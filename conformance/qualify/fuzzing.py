"""The fuzz alone against a defect: the same generated sequences for each, of which only those are sent that meet it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from conformance.fuzz.plan import Plan
from conformance.judge import Watch
from conformance.plugin.fuzzed import generated
from conformance.plugin.fuzzing import attempt
from conformance.plugin.process import Process

_RESIDENTS = "residents"


@dataclass
class Fuzzed:
    """`against`: the requirements that the first sequence that shows anything violates."""

    plans: int = 0
    requests: int = 0
    against: list[str] = field(default_factory=list)


class Plans:
    """So many of each family, by the name that their requests have as source."""

    def __init__(self, process: Process, each: int, seed: int) -> None:
        self.all: Mapping[str, Plan] = dict(_made(process, each, seed)) if each else {}

    def worth(self, sources: Collection[str]) -> dict[str, Plan]:
        """Those whose requests a defect touches; all of a family, if it touches what they share."""
        shared = {source.partition("#")[0] for source in sources if source.endswith(f"#{_RESIDENTS}")}
        return {name: plan for name, plan in self.all.items() if name in sources or name.partition("#")[0] in shared}

    def send(self, process: Process, plans: Mapping[str, Plan], watch: Watch, most: int | None = None) -> Fuzzed:
        """Until the first shows anything, `most` at most."""
        process.client.recorder = None
        found = Fuzzed()
        try:
            for name, plan in _interleaved(plans)[:most]:
                found.plans += 1
                tried = attempt(process, plan, watch, name)
                found.requests += len(tried.exchanges)
                if tried.violations:
                    found.against = sorted({one.requirement for one in tried.violations})
                    break
        finally:
            process.close()
        return found


def _made(process: Process, each: int, seed: int) -> list[tuple[str, Plan]]:
    settings = replace(process.settings, fuzz=replace(process.settings.fuzz, examples=each, seed=seed))
    return [
        (f"{family}#{number}", plan)
        for family in settings.fuzz.families
        for number, plan in enumerate(islice(generated(process, family, settings.fuzz), each))
    ]


def _interleaved(plans: Mapping[str, Plan]) -> Sequence[tuple[str, Plan]]:
    """One of each family after the other."""
    return sorted(plans.items(), key=lambda one: int(one[0].partition("#")[2]))
