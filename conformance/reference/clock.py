"""Time, injected: the service asks a clock, so tests never sleep; and what falls due later, in order."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from typing import Protocol

from conformance.reference.instants import TICKS_PER_SECOND, from_unix

# in seconds of the service's own time
_MOMENT, _FIRST_PAUSE, _LONGEST_PAUSE, _LONGER = 0.4, 2.0, 15.0, 1.5


class Clock(Protocol):
    def now(self) -> int:
        """The present instant of the service's own time, in ticks: what it writes into every answer."""
        ...

    def wall(self) -> int:
        """The present instant of the world, in ticks: what signatures are dated by."""
        ...

    def real(self, seconds: float) -> float:
        """How long so many seconds of the service's own time last for who waits for them."""
        ...

    def asked(self, request: str) -> None:
        """To be told of every request before it is handled."""
        ...


class SystemClock:
    """The machine's clock. The service's own time begins with it and runs `speed` times as fast, so that a minute is a minute in
    everything that it answers, and passes sooner."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._start = time.time()

    def now(self) -> int:
        return from_unix(self._start + (time.time() - self._start) * self._speed)

    def wall(self) -> int:
        return from_unix(time.time())

    def real(self, seconds: float) -> float:
        return seconds / self._speed if self._speed else seconds

    def asked(self, request: str) -> None:
        pass


class SteppingClock:
    """Moves with the requests and not with the world, so that the same requests are answered with the same times. Each request
    takes a moment; one that asks the same again, as who waits for something does, finds that more and more time has passed."""

    def __init__(self, start: int = from_unix(1_767_225_600), wall: Callable[[], float] = time.time) -> None:
        self._now = start
        self._wall = wall
        self._last = ""
        self._pause = _FIRST_PAUSE

    def now(self) -> int:
        return self._now

    def wall(self) -> int:
        return from_unix(self._wall())

    def real(self, seconds: float) -> float:
        return 0.0

    def asked(self, request: str) -> None:
        again = request == self._last
        self._pause = min(self._pause * _LONGER, _LONGEST_PAUSE) if again else _FIRST_PAUSE
        self._last = request
        self._now += round((self._pause if again else _MOMENT) * TICKS_PER_SECOND)


class ManualClock:
    """Stands still until a test moves it."""

    def __init__(self, start: int = from_unix(1_700_000_000)) -> None:
        self._now = start

    def now(self) -> int:
        return self._now

    def wall(self) -> int:
        return self._now

    def real(self, seconds: float) -> float:
        return seconds

    def asked(self, request: str) -> None:
        pass

    def advance(self, seconds: float) -> None:
        self._now += round(seconds * TICKS_PER_SECOND)


class Agenda:
    """Events that fall due. Nothing runs by itself: `run(now)` fires what is due, oldest first, each with its own instant."""

    def __init__(self) -> None:
        self._events: list[tuple[int, int, Callable[[int], None]]] = []
        self._count = 0

    def after(self, now: int, seconds: float, event: Callable[[int], None]) -> None:
        """Fire `event` when `seconds` have passed since `now`."""
        self.at(now + round(seconds * TICKS_PER_SECOND), event)

    def at(self, due: int, event: Callable[[int], None]) -> None:
        """Fire `event` at an instant, in ticks; one that is past counts as now."""
        self._count += 1
        heapq.heappush(self._events, (due, self._count, event))

    def run(self, now: int) -> None:
        while self._events and self._events[0][0] <= now:
            due, _, event = heapq.heappop(self._events)
            event(due)
