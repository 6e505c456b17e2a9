"""Whose fault it is, as a type. Every message is one line that says where, what and what to do."""

from __future__ import annotations


class UserError(Exception):
    """Options, files or the environment are wrong. Commands end with exit code 2."""


class TargetUnreachable(Exception):
    """No HTTP answer came: refused, unknown host, broken TLS, a timeout, or not HTTP. Commands end with exit code 3."""


class BudgetExhausted(Exception):
    """The run may send no further request: it has used up what the target permits."""


class TooSlow(Exception):
    """The target did not get where it had to within the deadline. Slow is not wrong: nothing is concluded."""
