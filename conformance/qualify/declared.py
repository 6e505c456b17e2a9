"""Whether what a defect fails is what it declares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from conformance.defects import Defect
from conformance.qualify.model import Outcome

# who refuses what is valid refuses it wherever a scenario needs it first
ALWAYS = ("*.requests.valid-served",)


@dataclass(frozen=True)
class Comparison:
    """`missing`: declared, and nothing that fits failed. `beside`: failed, and not declared. `changed`: failed or not, other than
    when it was last taken down, with + or - before the requirement."""

    outcome: Outcome
    missing: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    @property
    def killed(self) -> bool:
        """By at least one of those that have to fail."""
        return bool(self.outcome.failed) and not self.outcome.broke

    @property
    def as_declared(self) -> bool:
        return self.killed and not (self.missing or self.beside or self.changed)


def fits(name: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)


def compared(outcome: Outcome, defect: Defect, known: Collection[str] | None = None) -> Comparison:
    """`known`: what the defect failed when it was last taken down; None when it never was."""
    found = outcome.failed
    changed: list[str] = []
    if known is not None:
        changed = [f"+{name}" for name in sorted(set(found).difference(known))]
        changed += [f"-{name}" for name in sorted(set(known).difference(found))]
    return Comparison(
        outcome,
        missing=[glob for glob in defect.requirements if not any(fnmatchcase(name, glob) for name in found)],
        beside=sorted(name for name in found if not fits(name, (*defect.requirements, *defect.consequences, *ALWAYS))),
        changed=changed,
    )


def innocent(outcome: Outcome) -> Mapping[str, str]:
    """What the clean service fails, and in which layer. It is to be empty."""
    found = {name: " and ".join(layers) for name, layers in outcome.failed.items()}
    found |= dict.fromkeys(outcome.errors, "error")
    found |= dict.fromkeys(outcome.fuzzed, "fuzz")
    return {**found, **dict.fromkeys(outcome.recorded, "recorded")}
