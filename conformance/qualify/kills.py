"""Which requirements each defect fails, as it was last taken down: `data/kills.yaml`, which a command writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from conformance.qualify.model import Layer, Outcome
from conformance.report.write import replace_whole

DATA: Final = Path(__file__).parent / "data"
KILLS: Final = DATA / "kills.yaml"
UNKILLED: Final = DATA / "unkilled.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Kill(BaseModel):
    """`failed`: requirement → layers of a run; `fuzzed`, `recorded`: whether fuzzing alone and recorded traffic alone show it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    failed: dict[str, list[Layer]]
    fuzzed: bool
    recorded: bool

    @property
    def layers(self) -> set[Layer]:
        found: set[Layer] = {layer for layers in self.failed.values() for layer in layers}
        more: list[tuple[bool, Layer]] = [(self.fuzzed, "fuzz"), (self.recorded, "recorded")]
        return found.union(layer for noticed, layer in more if noticed)


def load(path: Path = KILLS) -> dict[str, Kill]:
    """By defect; empty when nothing was taken down."""
    if not path.exists():
        return {}
    raw = yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}
    return {name: Kill.model_validate(one) for name, one in raw.items()}


def unkilled(path: Path = UNKILLED) -> dict[str, str]:
    """Requirement → why no defect fails it."""
    if not path.exists():
        return {}
    raw = yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}
    return {name: str(reason) for reason, names in raw.items() for name in names}


def renewed(known: Mapping[str, Kill], outcomes: Iterable[Outcome], existing: Iterable[str]) -> dict[str, Kill]:
    """With these outcomes, and without defects that are no more."""
    found = dict(known)
    for one in outcomes:
        found[one.defect] = Kill(failed=one.failed, fuzzed=bool(one.fuzzed), recorded=bool(one.recorded))
    return {name: found[name] for name in sorted(found) if name in set(existing)}


def write(kills: Mapping[str, Kill], path: Path = KILLS) -> None:
    head = "# Written by `batch-conformance qualify --update`. Which requirements each defect fails, and in which layers.\n"
    text = yaml.safe_dump({name: one.model_dump() for name, one in kills.items()}, width=130, sort_keys=True)
    path.parent.mkdir(exist_ok=True)
    replace_whole(path, head + text)


def killers(kills: Mapping[str, Kill]) -> dict[str, list[str]]:
    """Requirement → the defects that fail it."""
    found: dict[str, list[str]] = {}
    for defect, one in kills.items():
        for name in one.failed:
            found.setdefault(name, []).append(defect)
    return found
