"""What a formula can see of the pool when it runs: time, targets, samples of metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SAMPLE_PERIOD = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement of a metric."""

    time: datetime
    value: float


def _half() -> float:
    return 0.5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`now` is in UTC; `samples` maps a metric's name without `$` to its samples, oldest first; a metric without samples has
    none yet. `random` is what `rand()` returns."""

    now: datetime
    target_dedicated: int = 0
    target_low_priority: int = 0
    samples: Mapping[str, Sequence[Sample]] = field(default_factory=dict)
    random: Callable[[], float] = _half
