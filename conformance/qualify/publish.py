"""Writes what a qualification found: files of the run, and, for maintainers, what is kept in the repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from conformance.defects import DEFECTS
from conformance.qualify import kills
from conformance.qualify.document import Known, by_requirement, document
from conformance.qualify.model import LAYERS, Layer
from conformance.qualify.report import Qualification
from conformance.report.model import Qualified
from conformance.report.provenance import QUALIFIED
from conformance.report.write import replace_whole
from conformance.requirements import load

JSON: Final = "qualification.json"
MARKDOWN: Final = "qualification.md"
REQUIREMENTS: Final = "qualification-requirements.md"
DOCS: Final = Path(__file__).parents[2] / "docs"
_NAMES: Final[Mapping[Layer, str]] = {
    "scenarios": "what scenarios expect",
    "traffic": "rules and oracle on the scenarios' traffic",
    "fuzz": "the fuzz alone",
    "recorded": "recorded traffic alone",
}


def write(found: Qualification, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    replace_whole(folder / JSON, found.model_dump_json(indent=1))
    replace_whole(folder / "summary.txt", summary(found) + "\n")


def take_down(found: Qualification, whole: bool) -> None:
    """What fails now becomes what has to fail. When it is about everything (`whole`), it is published, too."""
    outcomes = [one.outcome for one in found.defects if not one.outcome.broke]
    kept = kills.renewed(kills.load(), outcomes, DEFECTS)
    kills.write(kept)
    if not whole:
        return
    requirements = [one for one in load().requirements.values() if not one.retired]
    known = Known(requirements, DEFECTS, kept, kills.unkilled())
    replace_whole(DOCS / MARKDOWN, document(known, found))
    replace_whole(DOCS / REQUIREMENTS, by_requirement(known, found))
    must, should = known.count("MUST"), known.count("SHOULD")
    qualified = Qualified(
        date=f"{found.finished:%Y-%m-%d}",
        suite=found.suite,
        defects=len(kept),
        noticed=known.noticed,
        must=must[2],
        must_killed=must[0],
        should=should[2],
        should_killed=should[0],
    )
    replace_whole(QUALIFIED, qualified.model_dump_json(indent=1) + "\n")


def summary(found: Qualification) -> str:
    """What stands at the end of the output."""
    lines: list[str] = []
    if found.defects:
        count, killed = len(found.defects), sum(one.killed for one in found.defects)
        lines.append(f"{killed} of {count} defects noticed, {sum(one.as_declared for one in found.defects)} as declared:")
        lines += [f"  {found.by_layer(layer):4} by {_NAMES[layer]}" for layer in LAYERS]
    if found.clean:
        wrong = [one.version for one in found.clean if one.against or one.broke]
        lines.append(f"Clean service: {'NOT clean at ' + ', '.join(wrong) if wrong else 'nothing speaks against it'}.")
    for one in found.recordings:
        rate = f"{100 * one.noticed / max(1, one.tried):.1f} %"
        told = f"Damaged recordings of {one.name}: {one.noticed} of {one.tried} damages noticed ({rate})"
        lines.append(f"{told}, {one.false_alarms} harmless ones.")
    verdict = "QUALIFIED" if found.as_declared else "NOT QUALIFIED"
    took = f" in {found.seconds:.0f} s with {found.workers} processes" if found.defects else ""
    aside = ", damaged recordings aside" if took and found.recordings else ""
    return "\n".join([*lines, f"{verdict}{took}{aside}."])
