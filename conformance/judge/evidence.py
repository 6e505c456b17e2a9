"""Turns what a rule, the oracle or the suite itself says of an exchange into evidence for people."""

from __future__ import annotations

from conformance.exchange import Exchange
from conformance.exchange.curl import curl
from conformance.oracle import Finding as Traced
from conformance.requirements import Evidence, ExchangeSummary
from conformance.requirements.verdict import Outcome
from conformance.rules import Context, Finding


def summary(exchange: Exchange) -> ExchangeSummary:
    return ExchangeSummary(
        exchange.request.method, exchange.request.url, exchange.response.status, exchange.index, exchange.source
    )


def of_rule(requirement: str, context: Context, finding: Finding) -> Evidence:
    outcome: Outcome = "error" if finding.suite_error else "for" if finding.holds else "against"
    return Evidence(
        requirement=requirement,
        kind="rule",
        by=finding.rule,
        outcome=outcome,
        message=f"{finding.message} ({finding.where})" if finding.where else finding.message,
        expected=finding.expected,
        actual=finding.actual,
        exchange=summary(context.exchange),
        reproduce="" if finding.holds else curl(context.exchange),
    )


def of_oracle(requirement: str, context: Context, finding: Traced) -> Evidence:
    steps = [curl(e) for e in (finding.earlier, context.exchange) if e is not None]
    return Evidence(
        requirement=requirement,
        kind="oracle",
        by=finding.check,
        outcome="for" if finding.holds else "against",
        message=finding.message,
        expected=finding.expected,
        actual=finding.actual,
        exchange=summary(context.exchange),
        reproduce="" if finding.holds else "\n".join(steps),
    )


def of_suite(by: str, message: str, exchange: Exchange) -> Evidence:
    """The suite itself broke, on nobody's requirement."""
    return Evidence("", "rule", by, "error", message, exchange=summary(exchange))
