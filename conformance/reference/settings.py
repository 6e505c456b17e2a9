"""How a reference service is set up."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.reference.clock import Clock, SystemClock
from conformance.reference.quirks import ALL


@dataclass(frozen=True)
class Settings:
    """`key` (base64) and `token` both None: no authentication. `latency` is added to every answer, in seconds; `seed` makes ids
    repeatable. `core_quota` bounds the nodes that a pool gets, of each kind. `quirks` are names of `quirks.QUIRKS`.

    The management plane knows one `subscription` and its `resource_groups`, wants `management_token` if there is one, and lets a
    region have `account_quota` accounts."""

    account: str = "testaccount"
    key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    management_token: str | None = field(default=None, repr=False)
    latency: float = 0.0
    seed: int = 0
    core_quota: int = 20
    subscription: str = "00000000-0000-0000-0000-000000000000"
    resource_groups: tuple[str, ...] = ("conformance", "default")
    account_quota: int = 100
    quirks: frozenset[str] = ALL
    clock: Clock = field(default_factory=SystemClock)
