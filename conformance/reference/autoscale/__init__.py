"""Batch's autoscale formula language: enough of it to tell a good formula from a bad one and to evaluate it.

- `check(formula, naming)` raises `FormulaTooLong` or `FormulaSyntaxError` (syntax, unknown names, wrong number of arguments).
- `evaluate(formula, surroundings, naming)` → `Outcome` (targets, node deallocation option, `results` as the service writes it);
  raises the same, or `FormulaEvaluationError` when a well-formed formula cannot be computed (types, too few samples).
- `Naming.CLASSIC` is for api-versions whose pools have `targetDedicated`, `Naming.NODES` for `targetDedicatedNodes`.

Each error is a `FormulaError` with `reason` and `position` (characters from the start, from 0).
"""

from conformance.reference.autoscale.errors import (
    FormulaError,
    FormulaEvaluationError,
    FormulaSyntaxError,
    FormulaTooLong,
    InsufficientSamples,
)
from conformance.reference.autoscale.evaluate import Outcome, check, evaluate
from conformance.reference.autoscale.names import Naming
from conformance.reference.autoscale.surroundings import Sample, Surroundings

__all__ = [
    "FormulaError",
    "FormulaEvaluationError",
    "FormulaSyntaxError",
    "FormulaTooLong",
    "InsufficientSamples",
    "Naming",
    "Outcome",
    "Sample",
    "Surroundings",
    "check",
    "evaluate",
]
