"""What a simulated command line does: `exit N` ends it with that code, `sleep N` makes it last that many seconds, and `$NAME`
stands for an environment setting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from conformance.reference.durations import parse_duration
from conformance.reference.wire import Json

_EXIT = re.compile(r"\bexit\s+(?:/b\s+)?(-?\d{1,10})\b", re.IGNORECASE)
_SLEEP = re.compile(r"\bsleep\s+(\d{1,9}(?:\.\d+)?)\b", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(\w+)|\$\{(\w+)\}")
_SHORTEST = 1.0
_FOREVER = timedelta(days=36_500)


@dataclass(frozen=True)
class Course:
    """How long one attempt lasts, in seconds, and how it ends; `exit_code` is None when its time runs out first."""

    seconds: float
    exit_code: int | None


def environment(job: Json, task: Json) -> dict[str, str]:
    """The settings of a job with those of one of its tasks, which go before."""
    settings = [*job.get("commonEnvironmentSettings", ()), *task.get("environmentSettings", ())]
    return {setting["name"]: setting.get("value", "") for setting in settings}


def course(command_line: str, longest: str | None = None, variables: Mapping[str, str] | None = None) -> Course:
    """`longest` is the greatest wall clock time, a duration."""
    known = variables or {}
    command_line = _VARIABLE.sub(lambda found: known.get(found[1] or found[2], found[0]), command_line)
    ends, sleeps = _EXIT.search(command_line), _SLEEP.search(command_line)
    seconds = max(_SHORTEST, float(sleeps[1])) if sleeps else _SHORTEST
    limit = seconds_of(longest)
    if limit is not None and seconds > limit:
        return Course(limit, None)
    return Course(seconds, int(ends[1]) if ends else 0)


def seconds_of(duration: str | None) -> float | None:
    """None when there is no limit, or one that is as good as none."""
    parsed = parse_duration(duration) if duration else None
    return parsed.total_seconds() if parsed is not None and parsed < _FOREVER else None


def attempts(constraints: Json) -> float:
    """How often a command is tried at most."""
    retries = int(constraints.get("maxTaskRetryCount", 0))
    return float("inf") if retries < 0 else retries + 1
