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
    """What is wrong with a file or an entry, in plain words, from the error that reading it raised."""
    text = " ".join(str(error).split())
    match error:
        case KeyError():
            return f"it lacks {error}"
        case RecursionError():
            return "nested too deeply"
        case OSError():
            return error.strerror or text
        case AttributeError():
            return _OTHER_TYPE
        case TypeError() if not text.startswith("a body is"):
            return _OTHER_TYPE
        case _:
            return text


_OTHER_TYPE = "a value in it is not of the type that belongs there"
