"""Waiting for what is to be judged ends, by the target's own clock, also when it never comes."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate
from typing import Any, cast

import pytest

from conformance.plugin.driver import Batch, Line
from conformance.target import TooSlow

_MOST = 100


class _Line:
    """Of a target whose clock moves by a minute with each answer, or that tells no time."""

    def __init__(self, dated: bool) -> None:
        self.date = ""
        self.asked = 0
        self._dated = dated

    def fetch(self) -> int:
        self.asked += 1
        self.date = formatdate(self.asked * 60, usegmt=True) if self._dated else ""
        return self.asked

    def wait(self, fetch: Callable[[], Any], until: Callable[[Any], bool], what: str) -> Any:
        while not until(value := fetch()):
            if self.asked == _MOST:
                raise TooSlow(what)
        return value


def _outcome(line: _Line, wanted: int) -> int:
    return Batch(cast(Line, line), "2022-01-01.15.0").outcome(line.fetch, lambda value: value == wanted, "it comes")


def test_what_comes_is_returned_when_it_is_there() -> None:
    assert _outcome(_Line(dated=True), 3) == 3


def test_what_never_comes_is_returned_as_it_is_after_twenty_minutes() -> None:
    assert _outcome(_Line(dated=True), -1) == 22


def test_a_target_that_tells_no_time_is_too_slow() -> None:
    with pytest.raises(TooSlow):
        _outcome(_Line(dated=False), -1)
