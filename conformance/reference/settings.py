"""How a reference service is set up."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.reference.clock import Clock, SystemClock
from conformance.reference.quirks import ALL


@dataclass(frozen=True)
class Settings:
    """`key` (base64) and `token` both None: no authentication. `latency` is added to every answer, in seconds; `seed` makes ids
    repeatable. `core_quota` bounds the nodes that a pool gets, of each kind. `quirks` are names of `quirks.QUIRKS`."""

    account: str = "testaccount"
    key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    latency: float = 0.0
    seed: int = 0
    core_quota: int = 20
    quirks: frozenset[str] = ALL
    clock: Clock = field(default_factory=SystemClock)
