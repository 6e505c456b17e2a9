"""Exchanges and evidence of scenarios, with the catalogue and the target's claims, become verdicts.

Pure: no clock, socket or file. The one place where rules, oracle and requirements meet: a rule's slug or a check of the oracle,
and an operation's id, select the requirements that a finding is about. Each exchange is judged at its own api-version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from conformance.contract import Plane
from conformance.exchange import Exchange
from conformance.exchange.curl import curl
from conformance.exchange.outline import outline
from conformance.exchange.unsteady import Unsteady
from conformance.oracle import Account, Step, observe
from conformance.oracle import Finding as Traced
from conformance.requirements import Catalogue, Evidence, ExchangeSummary, Judgement, Requirement, Trace, Verdict
from conformance.requirements.index import ByOperation
from conformance.requirements.verdict import Outcome
from conformance.rules import Context, Finding, context_for, findings
from conformance.rules.context import plane_of
from conformance.rules.model import Case

FLAKY = "flaky: the same request, sent again with no write between, was answered both ways"
UNMATCHED = "unmatched"
"""Stands for the operation id of an exchange that names no operation of its api-version."""

_KEPT_AGAINST = 20
_KEPT_ERRORS = 1000
# of a trace without end, so many kinds are told apart, and the rest is counted together
_KINDS = 1000
_REST = "of other kinds"


@dataclass(frozen=True)
class Unmatched:
    """A kind of exchange that names no operation of the contract, and why. `request` is its outline."""

    plane: Plane
    why: str
    request: str


@dataclass
class Seen:
    """Where a kind of exchange was first seen, and how often."""

    first: str
    count: int = 0


@dataclass
class Heard:
    """How many exchanges a recording has, how many of them name an operation, and why the first of the others does not."""

    exchanges: int = 0
    matched: int = 0
    why: str = ""


@dataclass(frozen=True)
class StandIn:
    """The contract lacks the api-version that was stated: another one judged."""

    plane: Plane
    stated: str
    judged_by: str


@dataclass(frozen=True)
class Traces:
    """How exchanges belong together for the oracle: which trace each is of, and in which recording it stands. `whole`: a trace
    has all that was done to what it creates."""

    of: Callable[[Exchange], Hashable]
    recording: Callable[[Exchange], str]
    whole: bool


def _by_source(exchange: Exchange) -> str:
    return exchange.source


RUN = Traces(of=_by_source, recording=_by_source, whole=True)
"""A run of the suite: what a scenario creates, nobody else touches."""


@dataclass
class Judged:
    """What was concluded. `judgements` has every requirement that applies, in the order of the catalogue. `suite_errors` are
    the first 1000 failures of the suite itself; those that bear on a requirement have also made it an error. `operations` counts
    exchanges, `recordings` is by name. Nothing here grows with the length of a trace."""

    judgements: dict[str, Judgement] = field(default_factory=dict)
    exchanges: int = 0
    planes: Counter[Plane] = field(default_factory=Counter)
    matched: Counter[Plane] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    unmatched: dict[Unmatched, Seen] = field(default_factory=dict)
    recordings: dict[str, Heard] = field(default_factory=dict)
    stand_ins: Counter[StandIn] = field(default_factory=Counter)
    suite_errors: list[Evidence] = field(default_factory=list)


def judge(
    exchanges: Iterable[Exchange],
    *,
    catalogue: Catalogue,
    claims: frozenset[str],
    api_version: str | None = None,
    management_version: str | None = None,
    evidence: Iterable[Evidence] = (),
    traces: Traces = RUN,
) -> Judged:
    """Judge a run or a recording.

    With `api_version` only the requirements that hold at it are judged (a run against a target); without, all of them, each on
    the exchanges of those versions for which it holds (an audit). `management_version` is the same for the management plane.
    `claims` are the profiles that the target claims: the others' requirements stay not-claimed, whatever was seen. `traces` says
    which exchanges the oracle takes together.
    """
    bench = _Bench(catalogue, claims, {Plane.DATA: api_version, Plane.MANAGEMENT: management_version}, traces)
    stated = list(evidence)
    for one in stated:
        if one.kind == "fuzz":  # shrunk, and so the best to look at: it comes before what else speaks against a requirement
            bench.admit(one)
    for exchange in exchanges:
        bench.hear(exchange)
    for one in stated:
        if one.kind != "fuzz":
            bench.admit(one)
    return bench.conclude()


def summary(exchange: Exchange) -> ExchangeSummary:
    return ExchangeSummary(
        exchange.request.method, exchange.request.url, exchange.response.status, exchange.index, exchange.source
    )


class Watch:
    """Judges a run while it goes on: says of each exchange at once what it contradicts. It keeps no verdicts."""

    def __init__(
        self,
        catalogue: Catalogue,
        claims: frozenset[str],
        api_version: str | None,
        management_version: str | None,
        traces: Traces = RUN,
    ) -> None:
        self._bench = _Bench(catalogue, claims, {Plane.DATA: api_version, Plane.MANAGEMENT: management_version}, traces)
        self._bench.told = []

    def hear(self, exchange: Exchange) -> list[Evidence]:
        """The evidence against requirements of claimed profiles that the exchange gives, alone or with those before it. What the
        suite itself broke on is of no requirement, or has the outcome `error`."""
        bench = self._bench
        bench.told = []
        known = len(bench.suite_errors)
        bench.hear(exchange)
        return [*bench.told, *bench.suite_errors[known:]]

    def forget(self) -> None:
        """What follows is told of nothing before it."""
        self._bench.forget()


class _Bench:
    """Collects, then concludes. `told`, when it is a list, gets all the evidence against claimed profiles."""

    def __init__(self, catalogue: Catalogue, claims: frozenset[str], targets: Mapping[str, str | None], traces: Traces) -> None:
        self._targets = targets
        self._traces = traces
        self._accounts: dict[Hashable, Account] = {}
        self._claims = claims
        self._known = catalogue.requirements.keys()
        self._held = {r.id: r for r in catalogue.requirements.values() if self._applies(r)}
        by_rule: dict[str, list[Requirement]] = {}
        for requirement in self._held.values():
            for slug in requirement.rule:
                by_rule.setdefault(slug, []).append(requirement)
        self._by_rule = {slug: ByOperation(requirements) for slug, requirements in by_rule.items()}
        # slugs of which some requirement is about certain properties only
        self._narrowed = frozenset(slug for r in self._held.values() if r.properties for slug in r.rule)
        self._by_check: dict[str, list[tuple[Requirement, Trace]]] = {}
        for requirement in self._held.values():
            for trace in requirement.trace:
                for check in trace.checks:
                    self._by_check.setdefault(check, []).append((requirement, trace))
        self._traced: dict[tuple[str, str, str, str], tuple[Judgement, ...]] = {}
        self._joins: dict[Case, dict[str, tuple[Judgement, ...]]] = {}
        self._same: dict[tuple[str, str], dict[str, tuple[Judgement, ...]]] = {}
        self._blocked: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._errors: set[str] = set()
        self.told: list[Evidence] | None = None
        self._unsteady = Unsteady()
        self._result = Judged({name: Judgement(name) for name in self._held})

    @property
    def suite_errors(self) -> list[Evidence]:
        return self._result.suite_errors

    def forget(self) -> None:
        self._accounts.clear()
        self._result.recordings.clear()

    def _applies(self, requirement: Requirement) -> bool:
        target = self._targets[requirement.plane]
        return not requirement.retired and (target is None or requirement.holds_at(target))

    def hear(self, exchange: Exchange) -> None:
        result = self._result
        result.exchanges += 1
        try:
            context = context_for(exchange, self._targets[plane_of(exchange.request)])
        except Exception as error:  # a URL that cannot be taken apart, or data of the contract that is broken
            self._broke(_suite_error("", "context", f"{type(error).__name__}: {error}", exchange))
            return
        self._count(context)
        self._weigh(context)
        if not context.foreign:
            for traced in self._follow(context):
                self._weigh_traced(context, traced)

    def _follow(self, context: Context) -> list[Traced]:
        """What the exchange says together with those before it."""
        exchange, traces = context.exchange, self._traces
        name = (traces.of(exchange), context.contract.version.plane)
        account = self._accounts.get(name)
        if account is None:
            account = self._accounts[name] = Account(traces.whole)
        step = Step(exchange, context.contract, context.operation, context.path_parameters, traces.recording(exchange))
        return observe(account, step)

    def _weigh_traced(self, context: Context, finding: Traced) -> None:
        if finding.suite_error:
            self._broke(_suite_error("", "oracle", finding.message, context.exchange))
            return
        for judgement in self._joined_traced(context.case, finding):
            kept = _kept(judgement, finding.holds)
            if kept or (self.told is not None and not finding.holds):
                self._note(judgement, _traced_evidence(judgement.requirement, context, finding), kept)

    def _note(self, judgement: Judgement, evidence: Evidence, kept: bool) -> None:
        if kept:
            judgement.evidence.append(evidence)
        if self.told is not None and evidence.outcome == "against" and self._held[judgement.requirement].profile in self._claims:
            self.told.append(evidence)

    def _joined_traced(self, case: Case, finding: Traced) -> tuple[Judgement, ...]:
        version = case.contract.version
        key = (finding.check, finding.operation, finding.property, version.name)
        joined = self._traced.get(key)
        if joined is None:
            joined = self._traced[key] = tuple(
                self._result.judgements[r.id]
                for r, trace in self._by_check.get(finding.check, ())
                if r.plane == version.plane and trace.covers(finding.operation, finding.property) and r.holds_at(version.name)
            )
        return joined

    def _count(self, context: Context) -> None:
        result, exchange = self._result, context.exchange
        plane = context.contract.version.plane
        result.planes[plane] += 1
        stated = exchange.api_version
        if stated is not None and not context.case.exact:
            stand_in = StandIn(plane, stated, context.contract.version.name)
            full = len(result.stand_ins) >= _KINDS and stand_in not in result.stand_ins
            result.stand_ins[replace(stand_in, stated=_REST) if full else stand_in] += 1
        why = "" if context.operation is not None and not context.foreign else _why_unmatched(context)
        name = self._traces.recording(exchange)
        heard = result.recordings.get(name) or result.recordings.setdefault(name, Heard())
        heard.exchanges += 1
        heard.matched += not why
        heard.why = heard.why or why
        if why:
            kind = Unmatched(plane, why, outline(exchange.request.method, exchange.request.url))
            if len(result.unmatched) >= _KINDS and kind not in result.unmatched:
                kind = Unmatched(plane, "", _REST)
            result.unmatched.setdefault(kind, Seen(exchange.source)).count += 1
        elif context.operation is not None:
            result.matched[plane] += 1
            result.operations[context.operation.id] += 1

    def _weigh(self, context: Context) -> None:
        joins = self._joins.get(context.case) or self._joins_of(context.case)
        against: set[str] = set()
        for finding in findings(context):
            slug = finding.rule
            joined = joins.get(slug)
            if joined is None:
                joined = joins[slug] = self._joined(context.case, slug)
            if finding.suite_error:
                self._broke(_suite_error("", slug, finding.message, context.exchange))
                self._errors.update(judgement.requirement for judgement in joined)
            holds = finding.holds
            if not holds:
                against.add(slug)
                joined = self._with_narrowed(joined, context.case, finding)
            for judgement in joined:
                if holds and judgement.count_for:  # nearly always: a call for each would be a tenth of all the time
                    judgement.count_for += 1
                else:
                    kept = _kept(judgement, holds)
                    if kept or (self.told is not None and not holds):
                        self._note(judgement, _evidence(judgement.requirement, context, finding), kept)
        for slug in self._unsteady.heard(self._traces.of(context.exchange), context.exchange, against):
            for judgement in joins.get(slug, ()):
                judgement.flaky = True

    def _with_narrowed(self, joined: tuple[Judgement, ...], case: Case, finding: Finding) -> tuple[Judgement, ...]:
        """And the judgements that only what is wrong at this place bears on."""
        if not finding.where or finding.rule not in self._narrowed:
            return joined
        return (*joined, *self._joined(case, finding.rule, finding.where))

    def _joins_of(self, case: Case) -> dict[str, tuple[Judgement, ...]]:
        """Shared by the cases of an operation at a version: the status makes no difference."""
        operation = case.operation.id if case.operation else UNMATCHED
        return self._joins.setdefault(case, self._same.setdefault((case.contract.version.name, operation), {}))

    def _broke(self, evidence: Evidence) -> None:
        if len(self._result.suite_errors) < _KEPT_ERRORS:
            self._result.suite_errors.append(evidence)

    def _joined(self, case: Case, slug: str, where: str | None = None) -> tuple[Judgement, ...]:
        """The judgements that a finding bears on: wherever it is, or those of the requirements about this place."""
        version = case.contract.version
        operation = case.operation.id if case.operation else UNMATCHED
        return tuple(
            self._result.judgements[r.id]
            for r in (self._by_rule[slug].covering(operation) if slug in self._by_rule else ())
            if r.plane == version.plane
            and r.holds_at(version.name)
            and (r.concerns(where) if where is not None else not r.properties)
        )

    def admit(self, evidence: Evidence) -> None:
        """Evidence of a scenario. What concerns a requirement that does not hold at the target's api-version is left out."""
        name = evidence.requirement
        judgement = self._result.judgements.get(name)
        if judgement is None:
            if name not in self._known:
                self._broke(evidence)
            return
        if evidence.outcome in ("for", "against", "error"):
            kept = _kept(judgement, evidence.outcome == "for")
        else:
            reasons = self._blocked if evidence.outcome == "blocked" else self._refused
            kept = name not in reasons
            reasons.setdefault(name, evidence.message)
        if evidence.outcome == "error":
            self._errors.add(name)
            self._broke(evidence)
        if kept:
            judgement.evidence.append(evidence)

    def conclude(self) -> Judged:
        for name, judgement in self._result.judgements.items():
            judgement.verdict, judgement.reason = self._verdict(self._held[name], judgement)
        return self._result

    def _verdict(self, requirement: Requirement, judgement: Judgement) -> tuple[Verdict, str]:
        name = requirement.id
        if requirement.profile not in self._claims:
            return Verdict.NOT_CLAIMED, f"the profile {requirement.profile} is not claimed"
        if name in self._errors:
            return Verdict.ERROR, "the suite or the transport broke"
        if judgement.count_against:
            return Verdict.FAILED, FLAKY if judgement.flaky else ""
        if judgement.count_for:
            return Verdict.PASSED, ""
        if name in self._refused:
            return Verdict.NOT_PERMITTED, self._refused[name]
        if name in self._blocked:
            return Verdict.UNTESTED, f"blocked: {self._blocked[name]}"
        return Verdict.UNTESTED, _why_untested(requirement)


def _kept(judgement: Judgement, holds: bool) -> bool:
    """Counts one observation, and says whether it is one of those that are kept."""
    if holds:
        judgement.count_for += 1
        return judgement.count_for == 1
    judgement.count_against += 1
    return judgement.count_against <= _KEPT_AGAINST


def _why_untested(requirement: Requirement) -> str:
    if requirement.trace and not requirement.rule:
        return "no trace showed it"
    if not requirement.rule:
        return "no scenario judged it"
    return f"no exchange of {_listed(requirement.operations)} showed it"


def _listed(names: Sequence[str], longest: int = 4) -> str:
    shown = ", ".join(names[:longest])
    return shown if len(names) <= longest else f"{shown} and {len(names) - longest} more"


def _why_unmatched(context: Context) -> str:
    """Empty for an exchange that names an operation and was answered by the service."""
    if context.foreign:
        return context.foreign
    if context.operation is not None:
        return ""
    if context.case.known_elsewhere:
        return f"not an operation of api-version {context.contract.version.name}, but of another one"
    if context.case.arm:
        return "the contract of the management plane covers accounts only"
    return "no api-version has such an operation"


def _evidence(requirement: str, context: Context, finding: Finding) -> Evidence:
    outcome: Outcome = "error" if finding.suite_error else "for" if finding.holds else "against"
    return Evidence(
        requirement=requirement,
        kind="rule",
        by=finding.rule,
        outcome=outcome,
        message=f"{finding.message} ({finding.where})" if finding.where else finding.message,
        expected=finding.expected,
        actual=finding.actual,
        exchange=summary(context.exchange),
        reproduce="" if finding.holds else curl(context.exchange),
    )


def _traced_evidence(requirement: str, context: Context, finding: Traced) -> Evidence:
    steps = [curl(e) for e in (finding.earlier, context.exchange) if e is not None]
    return Evidence(
        requirement=requirement,
        kind="oracle",
        by=finding.check,
        outcome="for" if finding.holds else "against",
        message=finding.message,
        expected=finding.expected,
        actual=finding.actual,
        exchange=summary(context.exchange),
        reproduce="" if finding.holds else "\n".join(steps),
    )


def _suite_error(requirement: str, by: str, message: str, exchange: Exchange) -> Evidence:
    return Evidence(requirement, "rule", by, "error", message, exchange=summary(exchange))
