"""What can be wrong with a formula."""

from __future__ import annotations


class FormulaError(ValueError):
    """`reason` is a sentence for the client, `position` counts characters of the formula from 0."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} (at position {position})")
        self.reason = reason
        self.position = position


class FormulaTooLong(FormulaError):
    """More bytes or statements than a formula may have."""


class FormulaSyntaxError(FormulaError):
    """The formula is not well-formed, or names what does not exist."""


class FormulaEvaluationError(FormulaError):
    """The formula is well-formed but has no value here and now."""


class InsufficientSamples(FormulaEvaluationError):
    """The samples that the formula asks for are not there."""
