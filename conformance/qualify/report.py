"""What a qualification found, put together: each defect beside what it declares, the clean service, and damaged recordings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from conformance.defects import Defect
from conformance.qualify import kills
from conformance.qualify.campaign import Campaign
from conformance.qualify.declared import compared, fits, innocent
from conformance.qualify.model import CLEAN, LAYERS, Layer, Outcome
from conformance.report import suite
from conformance.requirements import load
from conformance.target.config import nearest

_SIGNS: Mapping[Layer, str] = {"scenarios": "S", "traffic": "T", "fuzz": "F", "recorded": "R"}


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Judged(_Record):
    """A defect, what the suite noticed of it, and how that differs from what it declares (see `declared.Comparison`)."""

    id: str
    family: str
    lie: str
    idea: str
    killed: bool
    as_declared: bool
    missing: list[str]
    beside: list[str]
    changed: list[str]
    outcome: Outcome


class Clean(_Record):
    """The service without defect at an api-version: `against` says what speaks against it, and in which layer."""

    version: str
    requests: int
    against: dict[str, str]
    broke: str = ""


class RecordingsDamaged(_Record):
    """What was noticed of damages to recordings: a table, and the sums of those that are not harmless."""

    name: str
    exchanges: int
    traces: int
    sample: int
    tried: int
    noticed: int
    false_alarms: int
    head: list[str]
    rows: list[list[str]]


class Qualification(_Record):
    """`seconds` of real time for the defects, with `workers` processes. Damaged recordings take their time afterwards."""

    suite: str
    commit: str | None
    finished: datetime
    seconds: float
    workers: int
    defects: list[Judged]
    clean: list[Clean]
    recordings: list[RecordingsDamaged] = []

    @property
    def as_declared(self) -> bool:
        clean = not any(one.against or one.broke for one in self.clean)
        return clean and all(one.as_declared for one in self.defects) and not any(one.false_alarms for one in self.recordings)

    def by_layer(self, layer: Layer) -> int:
        return sum(layer in one.outcome.layers for one in self.defects)


class Gathering:
    """Takes the outcomes as they come."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._defects: Mapping[str, Defect] = {one.id: one for one in campaign.defects}
        self._known = {} if campaign.first or not campaign.most else kills.load()
        self._began = datetime.now(UTC)
        self._judged: list[Judged] = []
        self._clean: list[Clean] = []

    def take(self, outcome: Outcome, width: int = 0) -> str:
        """A line that tells it."""
        if outcome.defect == CLEAN:
            clean = Clean(
                version=outcome.version, requests=outcome.requests, against=dict(innocent(outcome)), broke=outcome.broke
            )
            self._clean.append(clean)
            return _clean_line(clean)
        judged = self._of(outcome)
        self._judged.append(judged)
        return _line(judged, width)

    def _of(self, outcome: Outcome) -> Judged:
        defect = self._defects[outcome.defect]
        known = self._known.get(defect.id)
        found = compared(outcome, defect, known.failed if known else None)
        as_declared = found.killed if self._campaign.first else found.as_declared
        return Judged(
            id=defect.id,
            family=defect.family,
            lie=defect.lie,
            idea=defect.idea,
            killed=found.killed,
            as_declared=as_declared,
            missing=[] if self._campaign.first else found.missing,
            beside=[] if self._campaign.first else found.beside,
            changed=found.changed,
            outcome=outcome,
        )

    def concluded(self, recordings: Iterable[RecordingsDamaged] = ()) -> Qualification:
        made, now = suite(), datetime.now(UTC)
        return Qualification(
            suite=made.version,
            commit=made.commit,
            finished=now,
            seconds=round((now - self._began).total_seconds(), 1),
            workers=self._campaign.workers,
            defects=sorted(self._judged, key=lambda one: (one.family, one.id)),
            clean=self._clean,
            recordings=list(recordings),
        )


def signs(outcome: Outcome) -> str:
    """A letter for each layer that noticed it, a dot for each that did not."""
    return "".join(_SIGNS[layer] if layer in outcome.layers else "." for layer in LAYERS)


def _line(one: Judged, width: int) -> str:
    outcome = one.outcome
    verdict = "as declared" if one.as_declared else "NOT as declared" if one.killed else "NOT NOTICED"
    noticed = f"{signs(outcome)}  {len(outcome.failed):3} failed  {outcome.ran:4} scenarios  {outcome.seconds:5.1f} s"
    line = f"{one.id:{width}}  {noticed}  {verdict}"
    more = [f"  missing  {glob}{_unknown(glob)}" for glob in one.missing]
    more += [f"  beside   {name} ({' and '.join(outcome.failed[name])})" for name in one.beside]
    more += [f"  changed  {name}" for name in one.changed]
    more += [f"  broke    {outcome.broke}"] if outcome.broke else []
    return "\n".join([line, *more])


def _unknown(glob: str) -> str:
    """Says so when no requirement is called that."""
    known = [name for name, requirement in load().requirements.items() if not requirement.retired]
    return "" if any(fits(name, [glob]) for name in known) else f" (no requirement has that id{nearest(glob, known)})"


def _clean_line(clean: Clean) -> str:
    told = f"clean service at {clean.version}: {clean.requests} requests, "
    if not (clean.against or clean.broke):
        return f"{told}nothing speaks against it"
    lines = [f"  against  {name} ({where})" for name, where in clean.against.items()]
    return "\n".join([f"{told}NOT clean", *lines, *([f"  broke    {clean.broke}"] if clean.broke else [])])
