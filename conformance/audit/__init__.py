"""Judges recorded traffic: which exchanges the contract knows, and which requirements they keep or break. Uses no network."""

from conformance.audit.run import audit
from conformance.audit.seen import last_seen, write_seen

__all__ = ["audit", "last_seen", "write_seen"]
