"""Which requirements a finding is about: a rule's slug or a check of the oracle, with an operation's id, selects them."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.contract import Plane
from conformance.judge.judged import UNMATCHED
from conformance.requirements import Judgement, Requirement, Trace
from conformance.requirements.index import ByOperation
from conformance.rules.model import Case

_Joined = tuple[Judgement, ...]


class Joins:
    """Looks up the judgements of `held` requirements, by name; each question is worked out once."""

    def __init__(self, held: Mapping[str, Requirement], judgements: Mapping[str, Judgement]) -> None:
        self._judgements = judgements
        by_rule: dict[str, list[Requirement]] = {}
        for requirement in held.values():
            for slug in requirement.rule:
                by_rule.setdefault(slug, []).append(requirement)
        self._by_rule = {slug: ByOperation(requirements) for slug, requirements in by_rule.items()}
        # slugs of which some requirement is about certain properties only
        self._narrowed = frozenset(slug for r in held.values() if r.properties for slug in r.rule)
        self._by_check: dict[str, list[tuple[Requirement, Trace]]] = {}
        for requirement in held.values():
            for trace in requirement.trace:
                for check in trace.checks:
                    self._by_check.setdefault(check, []).append((requirement, trace))
        self._traced: dict[tuple[str, str, str, str], _Joined] = {}
        self._cases: dict[Case, dict[str, _Joined]] = {}
        self._same: dict[tuple[Plane, str, str], dict[str, _Joined]] = {}

    def known(self, case: Case) -> dict[str, _Joined]:
        """What was worked out by slug, to be looked into before `of_rule` is asked. Shared by the cases of an operation at a
        version: the status makes no difference."""
        found = self._cases.get(case)
        if found is None:
            version = case.contract.version  # both planes may have one of the same name
            found = self._cases[case] = self._same.setdefault((version.plane, version.name, _operation(case)), {})
        return found

    def of_rule(self, case: Case, slug: str) -> _Joined:
        """The judgements that a finding bears on, wherever it is."""
        known = self.known(case)
        if slug not in known:
            known[slug] = tuple(self._judgements[r.id] for r in self._covering(case, slug) if not r.properties)
        return known[slug]

    def at_place(self, case: Case, slug: str, where: str) -> _Joined:
        """Those of the requirements about this place only."""
        if not where or slug not in self._narrowed:
            return ()
        return tuple(self._judgements[r.id] for r in self._covering(case, slug) if r.concerns(where))

    def of_check(self, case: Case, check: str, operation: str, member: str) -> _Joined:
        """The judgements that a check of the oracle bears on. The operation is that of the claim, not always the case's."""
        version = case.contract.version
        key = (check, operation, member, version.name)
        joined = self._traced.get(key)
        if joined is None:
            joined = self._traced[key] = tuple(
                self._judgements[r.id]
                for r, trace in self._by_check.get(check, ())
                if r.plane == version.plane and trace.covers(operation, member) and r.holds_at(version.name)
            )
        return joined

    def _covering(self, case: Case, slug: str) -> list[Requirement]:
        version = case.contract.version
        requirements = self._by_rule[slug].covering(_operation(case)) if slug in self._by_rule else ()
        return [r for r in requirements if r.plane == version.plane and r.holds_at(version.name)]


def _operation(case: Case) -> str:
    return case.operation.id if case.operation else UNMATCHED
