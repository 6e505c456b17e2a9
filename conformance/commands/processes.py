"""How many processes a command takes, as the user states it."""

from __future__ import annotations

import os

from conformance.target.errors import UserError


def workers(stated: str, beyond: int = 0) -> int:
    """`auto`: as many as there are cores, and so many `beyond` that as wait for others. Raises UserError."""
    if stated == "auto":
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return cores + beyond
    if not stated.isdecimal() or int(stated) < 1:
        raise UserError(f"--workers: a number from 1, or auto, not {stated!r}")
    return int(stated)
