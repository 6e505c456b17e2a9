"""The endpoint under test: its configuration, and the one client that talks to it and records every exchange."""

from conformance.target.client import Client, Recorder
from conformance.target.config import Budget, Pacing, Permissions, Target, Timeouts, load_target
from conformance.target.errors import BudgetExhausted, TargetUnreachable, TooSlow, UserError
from conformance.target.ledger import Entry, Ledger
from conformance.target.scrub import Scrubber

__all__ = [
    "Budget",
    "BudgetExhausted",
    "Client",
    "Entry",
    "Ledger",
    "Pacing",
    "Permissions",
    "Recorder",
    "Scrubber",
    "Target",
    "TargetUnreachable",
    "Timeouts",
    "TooSlow",
    "UserError",
    "load_target",
]
