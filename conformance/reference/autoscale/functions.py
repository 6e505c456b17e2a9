"""The predefined functions of the language. Those of a list take any mix of doubles and vectors, joined to one vector."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from conformance.reference.autoscale.surroundings import Surroundings
from conformance.reference.autoscale.values import TypeMismatch, Value, Vector, finite, kind
from conformance.reference.httpdate import parse_http_date


class Stop(Exception):
    """`stop()` was called."""


@dataclass(frozen=True, slots=True)
class Function:
    """`least` and `most` are the numbers of arguments; `most` None means any."""

    least: int
    most: int | None
    apply: Callable[[Sequence[Value], Surroundings], Value]


def _joined(arguments: Sequence[Value]) -> Vector:
    found: list[float] = []
    for value in arguments:
        if not isinstance(value, float | tuple):
            raise TypeMismatch(f"a {kind(value)} is neither a double nor a doubleVec")
        found.extend(value if isinstance(value, tuple) else (value,))
    return tuple(found)


def _of_list(compute: Callable[[Vector], float], least: int = 1) -> Function:
    def apply(arguments: Sequence[Value], _: Surroundings) -> Value:
        values = _joined(arguments)
        if len(values) < least:
            raise TypeMismatch(f"at least {least} values are needed, there are {len(values)}")
        return finite(float(compute(values)))

    return Function(1, None, apply)


def _of_each(compute: Callable[[float], float]) -> Function:
    """Of a double a double; of anything else component by component."""

    def apply(arguments: Sequence[Value], _: Surroundings) -> Value:
        if len(arguments) == 1 and isinstance(arguments[0], float):
            return float(compute(arguments[0]))
        return tuple(float(compute(value)) for value in _joined(arguments))

    return Function(1, None, apply)


def _round(value: float) -> float:
    return math.floor(abs(value) + 0.5) * math.copysign(1, value)


def _number(value: Value) -> float:
    if isinstance(value, float):
        return value
    raise TypeMismatch(f"a {kind(value)} is no double")


def _percentile(arguments: Sequence[Value], _: Surroundings) -> Value:
    values, percent = sorted(_joined(arguments[:1])), _number(arguments[1])
    if not values or not 0 <= percent <= 100:
        raise TypeMismatch("a percentile needs values, and a percentage from 0 to 100")
    place = (len(values) - 1) * percent / 100
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def _val(arguments: Sequence[Value], _: Surroundings) -> Value:
    values, index = _joined(arguments[:1]), _number(arguments[1])
    if not (index.is_integer() and 0 <= index < len(values)):
        raise TypeMismatch(f"a vector of {len(values)} values has no element {index:g}")
    return values[int(index)]


def _time(arguments: Sequence[Value], surroundings: Surroundings) -> Value:
    if not arguments or arguments[0] == "":
        return surroundings.now
    written = arguments[0]
    if not isinstance(written, str):
        raise TypeMismatch(f"a {kind(written)} is no date and time")
    parsed = parse_http_date(written)
    if parsed is not None:
        return parsed
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise TypeMismatch(f"{written!r} is no date and time") from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _stop(_: Sequence[Value], __: Surroundings) -> Value:
    raise Stop


FUNCTIONS: Mapping[str, Function] = {
    "avg": _of_list(statistics.fmean),
    "ceil": _of_each(math.ceil),
    "floor": _of_each(math.floor),
    "len": _of_list(len, least=0),
    "lg": _of_each(math.log2),
    "ln": _of_each(math.log),
    "log": _of_each(math.log10),
    "max": _of_list(max),
    "min": _of_list(min),
    "norm": _of_list(lambda values: math.hypot(*values)),
    "percentile": Function(2, 2, _percentile),
    "rand": Function(0, 0, lambda _, surroundings: float(surroundings.random())),
    "range": _of_list(lambda values: max(values) - min(values)),
    "round": _of_each(_round),
    "std": _of_list(statistics.stdev, least=2),
    "stop": Function(0, 0, _stop),
    "sum": _of_list(math.fsum, least=0),
    "time": Function(0, 1, _time),
    "val": Function(2, 2, _val),
    "vec": Function(1, None, lambda arguments, _: _joined(arguments)),
}
