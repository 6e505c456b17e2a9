"""The registry against the catalogue: a slug that no rule has would never be judged."""

from __future__ import annotations

import re

from conformance.contract import Plane, at, versions
from conformance.judge import UNMATCHED
from conformance.requirements import load
from conformance.rules import RULES


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
