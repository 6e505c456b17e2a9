"""What may go wrong with a recording."""

from __future__ import annotations


class Leaks(Exception):
    """A recording would hold a secret. Nothing is written then. The message says where, never what."""


class NotRecorded(Exception):
    """A request that the recording lacks: the scenario is another one than the one that was recorded, or the suite is."""
