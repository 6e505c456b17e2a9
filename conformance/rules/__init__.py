"""Pure checks of one exchange against the contract. Rules know no requirement: the judge joins their slugs to the catalogue."""

from conformance.rules.context import context_for
from conformance.rules.model import Context, Finding, Problem, Rule
from conformance.rules.registry import RULES, findings

__all__ = ["RULES", "Context", "Finding", "Problem", "Rule", "context_for", "findings"]
