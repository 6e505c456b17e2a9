"""What can be wrong with recorded traffic: the user gave it, so each message is one line that says where and what."""

from __future__ import annotations

from dataclasses import dataclass


class BrokenRecording(Exception):
    """A recording, or one entry of it, cannot be read as exchanges."""


@dataclass(frozen=True)
class BrokenEntry:
    """The same as a value, for readers that go on: `place` is `file`, `file:line` or `file#position`."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


def explain(error: Exception) -> str:
    """What is wrong with an entry, from the error that reading it raised."""
    return f"it lacks {error}" if isinstance(error, KeyError) else " ".join(str(error).split())
