"""What qualification is asked, and what it finds. Plain data: it goes between processes as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

Layer = Literal["scenarios", "traffic", "fuzz", "recorded"]
# what scenarios expect; rules and oracle on what scenarios sent; the fuzz alone; the traffic judged as a stranger's recording
LAYERS: Final[tuple[Layer, ...]] = ("scenarios", "traffic", "fuzz", "recorded")


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Job(_Record):
    """One session: the defects that are shown at one api-version. `files` hold defects from elsewhere.

    `most`: so many scenarios for each defect at most, 0 for all that it touches. `first`: stop at the first failure. `plans`: so
    many generated sequences for each family of resources, 0 for none."""

    version: str
    defects: Sequence[str]
    files: Sequence[str] = ()
    workers: int = 1
    most: int = 0
    first: bool = False
    plans: int = 0
    seed: int = 0
    folder: str


class Outcome(_Record):
    """What the suite noticed of one defect. `failed`: requirement → the layers of a run that speak against it; `fuzzed` and
    `recorded`: what fuzzing alone and the recorded traffic alone show. `errors`: requirements about which nothing could be said.

    `touched` scenarios see an answer that differs, `ran` of them were run; `requests` of these, and of the fuzz."""

    defect: str
    version: str
    touched: int = 0
    ran: int = 0
    requests: int = 0
    seconds: float = 0.0
    failed: dict[str, list[Layer]] = {}
    errors: list[str] = []
    fuzzed: list[str] = []
    fuzz_plans: int = 0
    fuzz_requests: int = 0
    recorded: list[str] = []
    broke: str = ""

    @property
    def layers(self) -> list[Layer]:
        """Those that noticed anything."""
        found: set[Layer] = {layer for layers in self.failed.values() for layer in layers}
        found |= {"fuzz"} if self.fuzzed else set()
        found |= {"recorded"} if self.recorded else set()
        return [layer for layer in LAYERS if layer in found]


CLEAN: Final = ""
"""Stands for no defect."""
