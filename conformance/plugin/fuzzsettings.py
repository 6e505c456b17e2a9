"""How much is fuzzed, and what: for a run, and each family's share of it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conformance.target import UserError

EXAMPLES: Final = 300
# of all processes together; the embedded service answers at once
SECONDS, SECONDS_EMBEDDED = 60.0, 18.0
# on the average a plan sends some ten requests, those that clean up after it among them; shrinking sends more
REQUESTS_OF_A_PLAN: Final = 20
_FOR_SHRINKING: Final = 300
MANAGEMENT: Final = "management"
# parts of the whole, by how much there is to say to each
SHARES: Final[Mapping[str, float]] = {
    "pools": 0.22,
    "jobs": 0.2,
    "tasks": 0.18,
    "job-schedules": 0.16,
    "certificates": 0.06,
    "nodes": 0.07,
    "files": 0.03,
    "applications": 0.02,
    "accounts": 0.02,
    MANAGEMENT: 0.04,
}
FAMILIES: Final = tuple(name for name in SHARES if name != MANAGEMENT)


@dataclass(frozen=True)
class Fuzz:
    """`examples` plans in all, 0 for none; `seconds` in all; `only`: no scenarios; `spec`: the document to generate from, if it
    is not the contract's own. `families` are those that are fuzzed, each with its share of the whole."""

    examples: int = EXAMPLES
    seconds: float = SECONDS
    seed: int = 0
    only: bool = False
    spec: Path | None = None
    families: tuple[str, ...] = tuple(SHARES)

    @property
    def requests(self) -> int:
        """At most so many are sent, but for what removes things again."""
        return sum(self.requests_of(family) for family in self.families)

    def share(self, family: str) -> float:
        return SHARES[family] / sum(SHARES[one] for one in {*self.families, family})

    def plans_of(self, family: str) -> int:
        return max(1, round(self.examples * self.share(family))) if self.examples else 0

    def requests_of(self, family: str) -> int:
        """Enough for shrinking, too, when the plans are few."""
        return self.plans_of(family) * REQUESTS_OF_A_PLAN + (_FOR_SHRINKING if self.examples else 0)

    def seconds_of(self, family: str) -> float:
        return self.seconds * self.share(family)


NONE: Final = Fuzz(examples=0)


def fuzz_of(options: Namespace, *, idle: bool) -> Fuzz:
    """`idle`: the run fuzzes only if it is asked to. Raises UserError."""
    embedded = bool(getattr(options, "batch_embedded", False)) and not getattr(options, "batch_fuzz_only", False)
    examples = getattr(options, "batch_fuzz_examples", None)
    seconds = getattr(options, "batch_fuzz_time", None)
    only = bool(getattr(options, "batch_fuzz_only", False))
    spec = getattr(options, "batch_spec", None)
    if only and examples == 0:
        raise UserError("--fuzz-only and --fuzz-examples 0: nothing would be done")
    default = 0 if idle and not only and spec is None and seconds is None else EXAMPLES
    made = Fuzz(
        examples=default if examples is None else examples,
        # who states a number of examples wants them all
        seconds=seconds or (86_400.0 if examples is not None else SECONDS_EMBEDDED if embedded else SECONDS),
        seed=getattr(options, "batch_seed", None) or 0,
        only=only,
        spec=Path(spec) if spec else None,
    )
    if made.spec is not None:
        from conformance.fuzz.document import DocumentError, read

        try:
            read(made.spec)
        except DocumentError as error:
            raise UserError(f"--spec {error}") from None
    return made


def check_spec(spec: Path, version: str) -> None:
    """Raises UserError when nothing can be generated from the user's document. Before a run is better than in it."""
    from conformance import contract
    from conformance.fuzz.document import DocumentError, describe, read

    at = contract.at(version)
    try:
        document = describe(read(spec), at, str(spec))
    except DocumentError as error:
        raise UserError(f"--spec {error}") from None
    if all(one.known is None for one in document.operations):
        some = document.operations[0]
        raise UserError(
            f"--spec {spec}: none of its {len(document.operations)} operations is one of the Batch service at {version}: "
            f"{some.method} {some.path}, for example, is not; paths begin with /pools, /jobs and so on"
        )
