"""Collects what rules, oracle and scenarios say, then concludes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from conformance.exchange import Exchange
from conformance.exchange.unsteady import Unsteady
from conformance.judge.counting import count
from conformance.judge.evidence import of_oracle, of_rule, of_suite
from conformance.judge.joins import Joins
from conformance.judge.judged import FLAKY, Judged, Traces
from conformance.oracle import Account, Step, observe
from conformance.oracle import Finding as Traced
from conformance.requirements import Catalogue, Evidence, Judgement, Requirement, Verdict
from conformance.rules import Context, Finding, context_for, findings
from conformance.rules.context import plane_of

_KEPT_AGAINST = 20
_KEPT_ERRORS = 1000


class Bench:
    """`targets` are the api-versions of the target by plane, None where each exchange is judged at its own. `told`, when it is a
    list, gets all the evidence against claimed profiles."""

    def __init__(self, catalogue: Catalogue, claims: frozenset[str], targets: Mapping[str, str | None], traces: Traces) -> None:
        self._targets = targets
        self._traces = traces
        self._accounts: dict[Hashable, Account] = {}
        self._claims = claims
        self._known = catalogue.requirements.keys()
        self._held = {r.id: r for r in catalogue.requirements.values() if self._applies(r)}
        self._result = Judged({name: Judgement(name) for name in self._held})
        self._joins = Joins(self._held, self._result.judgements)
        self._blocked: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._errors: set[str] = set()
        self._unsteady = Unsteady()
        self.told: list[Evidence] | None = None

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
        try:
            context = context_for(exchange, self._targets[plane_of(exchange.request)])
        except Exception as error:  # a URL that cannot be taken apart, or data of the contract that is broken
            self._result.exchanges += 1
            self._broke(of_suite("context", f"{type(error).__name__}: {error}", exchange))
            return
        count(self._result, context, self._traces.recording(exchange))
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
            self._broke(of_suite("oracle", finding.message, context.exchange))
            return
        for judgement in self._joins.of_check(context.case, finding.check, finding.operation, finding.property):
            kept = _kept(judgement, finding.holds)
            if kept or (self.told is not None and not finding.holds):
                self._note(judgement, of_oracle(judgement.requirement, context, finding), kept)

    def _note(self, judgement: Judgement, evidence: Evidence, kept: bool) -> None:
        if kept:
            judgement.evidence.append(evidence)
        if self.told is not None and evidence.outcome == "against" and self._held[judgement.requirement].profile in self._claims:
            self.told.append(evidence)

    def _weigh(self, context: Context) -> None:
        known = self._joins.known(context.case)
        against: set[str] = set()
        for finding in findings(context):
            joined = known.get(finding.rule)
            if joined is None:
                joined = self._joins.of_rule(context.case, finding.rule)
            if not finding.holds:
                against.add(finding.rule)
                joined = self._against(context, finding, joined)
            for judgement in joined:
                if finding.holds and judgement.count_for:  # nearly always: a call for each would be a tenth of all the time
                    judgement.count_for += 1
                else:
                    self._weigh_rule(judgement, context, finding)
        for slug in self._unsteady.heard(self._traces.of(context.exchange), context.exchange, against):
            for judgement in known.get(slug, ()):
                judgement.flaky = True

    def _against(self, context: Context, finding: Finding, joined: tuple[Judgement, ...]) -> tuple[Judgement, ...]:
        """The judgements that it speaks against: those that bear on what is wrong at this place too."""
        if finding.suite_error:
            self._broke(of_suite(finding.rule, finding.message, context.exchange))
            self._errors.update(judgement.requirement for judgement in joined)
        return (*joined, *self._joins.at_place(context.case, finding.rule, finding.where))

    def _weigh_rule(self, judgement: Judgement, context: Context, finding: Finding) -> None:
        kept = _kept(judgement, finding.holds)
        if kept or (self.told is not None and not finding.holds):
            self._note(judgement, of_rule(judgement.requirement, context, finding), kept)

    def _broke(self, evidence: Evidence) -> None:
        if len(self._result.suite_errors) < _KEPT_ERRORS:
            self._result.suite_errors.append(evidence)

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
