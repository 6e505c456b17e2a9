"""Mutated recordings: operators damage recorded exchanges one at a time, and what speaks against the damaged trace is counted."""

from conformance.qualify.recordings.measure import mutate
from conformance.qualify.recordings.model import Damage, MutationReport, Operator, Place, Survivor, Tally
from conformance.qualify.recordings.operators import OPERATORS
from conformance.qualify.recordings.table import HEAD, rows

__all__ = ["HEAD", "OPERATORS", "Damage", "MutationReport", "Operator", "Place", "Survivor", "Tally", "mutate", "rows"]
