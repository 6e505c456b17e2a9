"""A model of an account that follows a trace of exchanges: what later answers must show, given what came before.

`predict` says which answers are acceptable, `observe` judges the one that came and folds it in. Everything is read off the
contract: which operation creates, merges, replaces, deletes or acts on which kind of resource. What others may have changed is
unknown, and nothing is concluded from it.
"""

from conformance.oracle.checks import CHECKS
from conformance.oracle.claims import Claim
from conformance.oracle.model import Account, Finding, Step
from conformance.oracle.observe import observe, predict

__all__ = ["CHECKS", "Account", "Claim", "Finding", "Step", "observe", "predict"]
