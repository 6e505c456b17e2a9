"""Conditional requests: the four headers, their combinations, and what an unmet one answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from conformance.reference.httpdate import parse_http_date
from conformance.reference.instants import etag, to_datetime
from conformance.reference.problem import BatchProblem, invalid_header

_READS = frozenset({"GET", "HEAD"})
# Of each pair the first decides; any other two together are refused (source: "Specifying conditional headers").
_PAIRS = (frozenset({"If-Match", "If-Unmodified-Since"}), frozenset({"If-None-Match", "If-Modified-Since"}))


@dataclass(frozen=True)
class Conditions:
    """The one header that decides, if there is any."""

    header: str = ""
    value: str = ""
    method: str = "GET"

    def check(self, modified: int) -> None:
        """Raises BatchProblem (ConditionNotMet) when the resource, last modified at `modified` ticks, does not meet them."""
        if not self.header or self._met(modified):
            return
        read = self.method in _READS
        raise BatchProblem("ConditionNotMet", status=304 if read and self.header in _PAIRS[1] else 412)

    def _met(self, modified: int) -> bool:
        if self.header in ("If-Match", "If-None-Match"):
            found = self.value.strip() == "*" or etag(modified) in _etags(self.value)
            return found is (self.header == "If-Match")
        limit = _date(self.header, self.value)
        seconds = to_datetime(modified).replace(microsecond=0)
        return seconds > limit if self.header == "If-Modified-Since" else seconds <= limit


def read_conditions(method: str, header: Callable[[str], str | None]) -> Conditions:
    """Raises BatchProblem: a date that is none, or a combination that is not allowed."""
    given = {name: value for pair in _PAIRS for name in sorted(pair) if (value := header(name)) is not None}
    for name, value in given.items():
        if name.endswith("Since"):
            _date(name, value)
    if not given:
        return Conditions()
    if len(given) > 1 and frozenset(given) not in _PAIRS:
        raise BatchProblem("MultipleConditionHeadersNotSupported")
    deciding = next((name for name in given if name.endswith("Match")), next(iter(given)))
    return Conditions(deciding, given[deciding], method)


def _etags(value: str) -> list[str]:
    return [part.strip().removeprefix("W/").strip('"') for part in value.split(",")]


def _date(name: str, value: str) -> datetime:
    parsed = parse_http_date(value)
    if parsed is None:
        raise invalid_header(name, value)
    return parsed
