"""All rules, and what they find in one exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from conformance.rules import (
    accepted,
    arm,
    body,
    consistency,
    content,
    errors,
    headers,
    identity,
    paging,
    phases,
    query,
    request,
    results,
    secrets,
    status,
)
from conformance.rules.model import Case, Context, Finding, Problem, Rule

_MODULES = (
    status,
    headers,
    identity,
    content,
    body,
    consistency,
    phases,
    errors,
    arm,
    paging,
    request,
    accepted,
    query,
    secrets,
    results,
)

RULES: Mapping[str, Rule] = {rule.slug: rule for module in _MODULES for rule in module.RULES}
"""By slug, in the order in which a reader would ask."""

_HOLDS: Mapping[str, Finding] = {slug: Finding(slug, True) for slug in RULES}


def findings(context: Context) -> list[Finding]:
    """What every rule that applies finds. Never raises: a rule that breaks yields a finding with `suite_error`."""
    if context.foreign:
        return []
    found: list[Finding] = []
    for rule in _applicable(context.case):
        try:
            problems = rule.check(context)
        except Exception as error:
            found.append(_broken(rule.slug, error))
            continue
        if problems:
            found.extend(_against(rule.slug, problem) for problem in problems)
        elif problems is not None:
            found.append(_HOLDS[rule.slug])
    return found


@lru_cache(maxsize=16384)
def _applicable(case: Case) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES.values() if rule.when(case))


def _against(slug: str, problem: Problem) -> Finding:
    return Finding(slug, False, problem.message, problem.expected, problem.actual, problem.where)


def _broken(slug: str, error: Exception) -> Finding:
    places = list(_places(error))
    where = places[-1] if places else ""
    return Finding(slug, False, f"the rule broke: {type(error).__name__}: {error}", where=where, suite_error=True)


def _places(error: Exception) -> Iterator[str]:
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        yield f"{code.co_name}:{step.tb_lineno}"
        step = step.tb_next
