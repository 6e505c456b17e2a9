"""The registry against the catalogue: a slug that no rule has would never be judged."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.contract import Plane, at, versions
from conformance.judge import UNMATCHED
from conformance.requirements import Requirement, load
from conformance.rules import RULES
from conformance.rules.context import case_for
from conformance.rules.model import Case


def test_slugs_are_slugs() -> None:
    assert [slug for slug in RULES if not re.fullmatch(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+", slug)] == []
    assert all(rule.slug == slug and rule.title for slug, rule in RULES.items())


def test_the_catalogue_refers_to_rules_that_exist() -> None:
    assert [(r.id, slug) for r in load().requirements.values() for slug in r.rule if slug not in RULES] == []


def test_the_catalogue_refers_to_operations_that_exist() -> None:
    for requirement in load().requirements.values():
        plane = Plane(requirement.plane)
        held = [v.name for v in versions(plane) if requirement.holds_at(v.name)]
        known = {UNMATCHED} | {o for v in held for o in at(v, plane).operations}
        useless = [
            p
            for p in requirement.operations
            if not any(requirement.model_copy(update={"operations": [p]}).covers(o) for o in known)
        ]
        assert useless == [], requirement.id


def _cases(requirement: Requirement) -> Iterator[Case]:
    """Every documented success of its operations, a 304, and an error, at every api-version for which it holds; and at one that
    the contract lacks."""
    plane = Plane(requirement.plane)
    for version in (v.name for v in versions(plane) if requirement.holds_at(v.name)):
        for operation in at(version, plane).operations.values():
            if requirement.covers(operation.id):
                for status in (*operation.success, 304, 404):
                    yield case_for(plane, version, operation.id, operation.method, status, True, False)
                yield case_for(plane, version, operation.id, operation.method, 200, False, False)
        if requirement.covers(UNMATCHED):
            yield case_for(plane, version, None, "GET", 200, True, False)
            yield case_for(plane, version, None, "GET", 200, True, True)


def test_some_rule_of_a_requirement_can_apply_to_its_operations() -> None:
    """Else it would stay untested for ever."""
    referring = [r for r in load().requirements.values() if r.rule and not r.retired]
    assert [r.id for r in referring if not any(RULES[slug].when(case) for case in _cases(r) for slug in r.rule)] == []
