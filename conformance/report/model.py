"""`report.json`, the contract between runs. What stands here is read by other tools: fields are added, never renamed or removed
within one `schema_version`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

VerdictName = Literal["untested", "not-claimed", "not-permitted", "passed", "failed", "error"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Qualified(_Record):
    """What the suite noticed of seeded defects when it was last qualified: of so many `defects`, so many; and how many of the
    requirements of each level at least one defect fails."""

    date: str
    suite: str
    defects: int
    noticed: int
    must: int
    must_killed: int
    should: int
    should_killed: int


class Suite(_Record):
    """Which suite judged. `commit` is null outside of a git clone."""

    name: str
    version: str
    commit: str | None = None
    qualified: Qualified | None = None


class Target(_Record):
    """What was judged, without secrets. `profiles` are those it claims; `management_api_version` is None without that plane.
    `embedded`: the suite's own reference service, started for the run."""

    endpoint: str
    api_version: str
    auth: str
    profiles: list[str]
    management_api_version: str | None = None
    embedded: bool = False


class Counts(_Record):
    """How many requirements of one level got which verdict."""

    passed: int = 0
    failed: int = 0
    untested: int = 0
    not_claimed: int = 0
    not_permitted: int = 0
    error: int = 0


class Summary(_Record):
    """`conformant`: no MUST of a claimed profile failed or ended in an error, and nothing kept the suite from its end."""

    conformant: bool
    must: Counts
    should: Counts
    may: Counts = Counts()


class ProfileSummary(_Record):
    id: str
    claimed: bool
    conformant: bool
    must: Counts
    should: Counts
    may: Counts = Counts()


class SourceRef(_Record):
    document: str
    section: str


class SeenRef(_Record):
    """When the live service was last seen to do what the requirement says."""

    recording: str
    date: str
    api_version: str


class AcceptedBehaviour(_Record):
    behaviour: str
    documents: list[str]


class ExchangeRef(_Record):
    """`index` is the exchange's place in the trace (-1: unknown), `source` the recording and place, or the test."""

    method: str
    url: str
    status: int
    index: int
    source: str = ""


class EvidenceRecord(_Record):
    """`blocked` evidence proves nothing: a precondition broke. `error` is the suite's or the transport's fault. `stale`: it comes
    from a recording that is older than the run accepted."""

    kind: Literal["scenario", "rule", "oracle", "fuzz"]
    by: str
    outcome: Literal["for", "against", "error", "blocked", "not-permitted"]
    message: str
    expected: str
    actual: str
    exchange: ExchangeRef | None
    reproduce: str
    stale: bool = False


class RequirementRecord(_Record):
    """`evidence` holds the first observation for, and the first 20 against; the counts count all of them. Where documents
    disagree, `ambiguity` lists what is accepted and `choice` says what this target does. `flaky`: it failed, and the same request
    was also answered as it should be."""

    id: str
    level: Literal["MUST", "SHOULD", "MAY"]
    profile: str
    title: str
    source: SourceRef
    verdict: VerdictName
    evidence: list[EvidenceRecord]
    reason: str = ""
    count_for: int = 0
    count_against: int = 0
    flaky: bool = False
    seen: SeenRef | None = None
    ambiguity: list[AcceptedBehaviour] = []
    choice: str = ""


class Unmatched(_Record):
    """Exchanges that name no operation of the contract, grouped by the reason and the shape of the request."""

    plane: str
    reason: str
    request: str
    count: int
    first: str


class VersionNote(_Record):
    """Exchanges at an api-version that the contract lacks, and the one they were judged by."""

    plane: str
    api_version: str
    judged_by: str
    exchanges: int


class PlaneTotals(_Record):
    plane: str
    exchanges: int
    matched: int


class BrokenPlace(_Record):
    place: str
    problem: str


class TraceNote(_Record):
    """All that was exchanged with one account at one host, in order of time; `first` and `last` where the exchanges say."""

    host: str
    account: str
    exchanges: int
    recordings: int
    first: datetime | None = None
    last: datetime | None = None


class Audit(_Record):
    """What an audit of recordings adds: what was read, and what of it could be judged. `operations` and `requirements` are those
    that were exercised. Of `broken`, `skipped`, `accounts` (the traces, the longest first) and `senseless` (recordings of which
    not one exchange names an operation, and why), the first 100 are listed."""

    recordings: int
    traces: int
    planes: list[PlaneTotals]
    operations: dict[str, int]
    unmatched: list[Unmatched]
    versions: list[VersionNote]
    broken: list[BrokenPlace]
    skipped: list[BrokenPlace] = []
    broken_count: int = 0
    skipped_count: int = 0
    accounts: list[TraceNote] = []
    senseless: list[BrokenPlace] = []
    senseless_count: int = 0
    requirements: list[str] = []


class Recording(_Record):
    """What was replayed: when it was made, by which version of the suite. `stale`: it is older than what was asked for, and so is
    all the evidence from it."""

    folder: str
    recorded: datetime
    suite: str
    commit: str | None = None
    age_days: float
    stale: bool = False


class FuzzFailure(_Record):
    """One cause that generated requests brought to light. `id` names it for `replay`; `requirements` are all that it violated and
    `operations` those that showed it, with how often. `shrunk`: no shorter sequence shows it; `flaky`: it did not come again."""

    id: str
    requirement: str
    level: str
    by: str
    message: str
    count: int
    steps: int
    shrunk: bool
    flaky: bool
    requirements: dict[str, int]
    operations: dict[str, int]


class Fuzz(_Record):
    """What was generated: sequences of requests, requests in all (those that shrank failures too), seconds of all processes
    together, and why it ended early where it did."""

    seed: int
    sequences: int
    requests: int
    seconds: float
    stopped: list[str] = []
    failures: list[FuzzFailure] = []


class Report(_Record):
    """`suite_errors` counts failures of the suite itself, also those that bear on no single requirement; `notes` tell them."""

    schema_version: Literal[1] = 1
    suite: Suite
    target: Target
    started: datetime
    finished: datetime
    duration_s: float
    exchanges: int
    seed: int | None
    summary: Summary
    profiles: list[ProfileSummary]
    requirements: list[RequirementRecord]
    notes: list[str] = []
    suite_errors: int = 0
    audit: Audit | None = None
    recording: Recording | None = None
    fuzz: Fuzz | None = None
