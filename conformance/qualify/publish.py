"""Writes what a qualification found: files of the run, and, for maintainers, what is kept in the repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from conformance.defects import DEFECTS
from conformance.qualify import kills
from conformance.qualify.model import LAYERS
from conformance.qualify.report import Qualification

JSON: Final = "qualification.json"
_NAMES: Final[Mapping[str, str]] = {
    "scenarios": "scenarios",
    "traffic": "rules and oracle on their traffic",
    "fuzz": "the fuzz alone",
    "recorded": "recorded traffic alone",
}


def write(found: Qualification, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _whole(folder / JSON, found.model_dump_json(indent=1))


def take_down(found: Qualification) -> None:
    outcomes = [one.outcome for one in found.defects if not one.outcome.broke]
    kills.write(kills.renewed(kills.load(), outcomes, DEFECTS))


def summary(found: Qualification) -> str:
    """What stands at the end of the output."""
    count, killed = len(found.defects), sum(one.killed for one in found.defects)
    lines = ["", f"{killed} of {count} defects noticed, {sum(one.as_declared for one in found.defects)} as declared."]
    lines += [f"  {_NAMES[layer]}: {found.by_layer(layer)}" for layer in LAYERS]
    wrong = [one.version for one in found.clean if one.against or one.broke]
    if found.clean:
        lines.append(f"Clean service: {'NOT clean at ' + ', '.join(wrong) if wrong else 'nothing speaks against it'}.")
    verdict = "QUALIFIED" if found.as_declared else "NOT QUALIFIED"
    return "\n".join([*lines, f"{verdict} in {found.seconds:.0f} s with {found.workers} processes."])


def _whole(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
