"""How a reference service is set up."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.reference.clock import Clock, SystemClock


@dataclass(frozen=True)
class Settings:
    """`key` (base64) and `token` both None: no authentication. `speed` is how many seconds of the service's life pass in one
    second; `latency` is added to every answer, in seconds; `seed` makes ids repeatable. `core_quota` bounds the nodes that a
    pool gets, of each kind."""

    account: str = "testaccount"
    key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    speed: float = 1.0
    latency: float = 0.0
    seed: int = 0
    core_quota: int = 20
    clock: Clock = field(default_factory=SystemClock)
