"""The values of the language (double, vector, string, timestamp, time interval) and what operators do with them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A time interval in units of 100 nanoseconds."""

    ticks: float

    @property
    def delta(self) -> timedelta:
        return timedelta(microseconds=self.ticks / 10)


Vector = tuple[float, ...]
Value = float | Vector | str | datetime | Interval


class TypeMismatch(Exception):
    """The operator or function does not take these values."""


_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARISON: Mapping[str, Callable[..., bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def unary(sign: str, value: Value) -> Value:
    """`-` of a double, vector or interval, `!` of a double."""
    if isinstance(value, float):
        return -value if sign == "-" else float(value == 0)
    if sign == "-" and isinstance(value, Interval):
        return Interval(-value.ticks)
    if sign == "-" and isinstance(value, tuple):
        return tuple(-each for each in value)
    raise TypeMismatch(f"{sign!r} does not apply to a {kind(value)}")


def binary(sign: str, left: Value, right: Value) -> Value:
    """The value of `left sign right`, without `&&` and `||`."""
    if sign in _COMPARISON:
        if type(left) is type(right) and not isinstance(left, tuple):
            return float(_COMPARISON[sign](left, right))
    elif isinstance(left, float | tuple) and isinstance(right, float | tuple):
        return _numbers(sign, left, right)
    else:
        value = _times(sign, left, right)
        if value is not None:
            return value
    raise TypeMismatch(f"{sign!r} does not apply to a {kind(left)} and a {kind(right)}")


def truth(value: Value) -> bool:
    if isinstance(value, float):
        return value != 0
    raise TypeMismatch(f"a {kind(value)} is neither true nor false")


def kind(value: Value) -> str:
    """The language's name for the type of a value."""
    names = {float: "double", tuple: "doubleVec", str: "string", datetime: "timestamp", Interval: "timeinterval"}
    return names[type(value)]


def text(value: Value) -> str:
    """A value as it stands in the results of a run."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, tuple):
        return "[" + ",".join(text(each) for each in value) + "]"
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Interval):
        return f"{value.ticks / 10_000_000:.15g}s"
    return value


def _numbers(sign: str, left: float | Vector, right: float | Vector) -> float | Vector:
    apply = _ARITHMETIC[sign]
    if isinstance(left, float):
        if isinstance(right, float):
            return finite(apply(left, right))
        raise TypeMismatch(f"{sign!r} does not apply to a double and a doubleVec")
    others = (right,) * len(left) if isinstance(right, float) else right
    if len(left) != len(others):
        raise TypeMismatch(f"{sign!r} needs vectors of one length")
    return tuple(finite(apply(a, b)) for a, b in zip(left, others, strict=True))


def _times(sign: str, left: Value, right: Value) -> Value | None:
    match left, sign, right:
        case Interval(), ("+" | "-"), Interval():
            return Interval(finite(_ARITHMETIC[sign](left.ticks, right.ticks)))
        case Interval(), ("*" | "/"), float():
            return Interval(finite(_ARITHMETIC[sign](left.ticks, right)))
        case float(), "*", Interval():
            return Interval(finite(left * right.ticks))
        case datetime(), ("+" | "-"), Interval():
            return left + right.delta if sign == "+" else left - right.delta
        case Interval(), "+", datetime():
            return right + left.delta
        case datetime(), "-", datetime():
            return Interval((left - right) / timedelta(microseconds=1) * 10)
        case _:
            return None


def finite(value: float) -> float:
    """The value itself; infinity and NaN are none."""
    if not math.isfinite(value):
        raise OverflowError("the number is too large")
    return value
