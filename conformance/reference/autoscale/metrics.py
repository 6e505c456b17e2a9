"""The methods of a metric: which of its samples a formula gets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from conformance.reference.autoscale.surroundings import SAMPLE_PERIOD, Sample, Surroundings
from conformance.reference.autoscale.values import Interval, TypeMismatch, Value, kind


class TooFew(Exception):
    """There are not as many samples as asked for."""


def call(samples: Sequence[Sample], method: str, arguments: Sequence[Value], surroundings: Surroundings) -> Value:
    """The value of `$metric.method(arguments)`; names and numbers of arguments are already checked."""
    if method == "Count":
        return float(len(samples))
    if method == "GetSamplePeriod":
        return Interval(SAMPLE_PERIOD.total_seconds() * 10_000_000)
    if method == "HistoryBeginTime":
        return _oldest(samples).time
    if method == "GetSamplePercent":
        return _percent(samples, *_span(arguments, surroundings.now))
    return _sample(samples, arguments, surroundings.now)


def latest(samples: Sequence[Sample]) -> float:
    """What a metric is worth where a number is needed."""
    if not samples:
        raise TooFew("there is no sample yet")
    return samples[-1].value


def _sample(samples: Sequence[Sample], arguments: Sequence[Value], now: datetime) -> Value:
    first = arguments[0]
    if isinstance(first, float):
        if len(arguments) > 1 or first < 1:
            raise TypeMismatch("a number of samples is at least 1 and stands alone")
        found = list(samples)[-int(first) :]
    else:
        needed = arguments[-1] if len(arguments) > 1 and isinstance(arguments[-1], float) else None
        start, end = _span(arguments if needed is None else arguments[:-1], now)
        percent = _percent(samples, start, end)
        if needed is not None and percent < needed:
            raise TooFew(f"{percent:g} percent of the samples are there, {needed:g} are needed")
        found = [sample for sample in samples if start <= sample.time <= end]
    if not found:
        raise TooFew("there is no sample in this time")
    return tuple(sample.value for sample in found)


def _percent(samples: Sequence[Sample], start: datetime, end: datetime) -> float:
    possible = (end - start) / SAMPLE_PERIOD
    found = sum(start <= sample.time <= end for sample in samples)
    return min(100.0, 100 * found / possible) if possible >= 1 else 100.0 * min(found, 1)


def _span(arguments: Sequence[Value], now: datetime) -> tuple[datetime, datetime]:
    """Start and end of a time frame; the two ends may come in either order, as in the service's own examples."""
    if len(arguments) > 2:
        raise TypeMismatch("a time frame has a start and an end")
    ends = [_moment(value, now) for value in arguments]
    return (min(ends), max(ends)) if len(ends) == 2 else (ends[0], now)


def _moment(value: Value, now: datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, Interval):
        return now - value.delta
    raise TypeMismatch(f"a {kind(value)} is neither a timestamp nor a timeinterval")


def _oldest(samples: Sequence[Sample]) -> Sample:
    if not samples:
        raise TooFew("there is no sample yet")
    return samples[0]
