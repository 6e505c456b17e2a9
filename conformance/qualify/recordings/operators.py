"""All operators, in the order in which they are told."""

from __future__ import annotations

from conformance.qualify.recordings import bodies, errors, harmless, headers, lists, results, shapes, statuses, traces, values
from conformance.qualify.recordings.model import Operator

OPERATORS: tuple[Operator, ...] = (
    *statuses.OPERATORS,
    *headers.OPERATORS,
    *errors.OPERATORS,
    *shapes.OPERATORS,
    *values.OPERATORS,
    *lists.OPERATORS,
    *results.OPERATORS,
    *bodies.OPERATORS,
    *traces.OPERATORS,
    *harmless.OPERATORS,
)
