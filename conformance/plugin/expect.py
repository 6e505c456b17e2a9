"""What a scenario says about requirements, and the ways in which it can end without saying anything."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import pytest

from conformance.exchange import Exchange, NotJson, curl
from conformance.requirements import Evidence, ExchangeSummary
from conformance.target.client import is_management


class Blocked(pytest.skip.Exception):  # type: ignore[misc, name-defined]  # a class variable, not a class, for mypy
    """A precondition broke, so nothing can be concluded. pytest counts the scenario as skipped. `by` is the answer to a valid
    request that had to succeed, where one was not served."""

    def __init__(self, msg: str | None = None, *more: bool, by: Exchange | None = None, **named: bool) -> None:
        super().__init__(msg, *more, **named)
        self.by = by


class NotPermitted(pytest.skip.Exception):  # type: ignore[misc, name-defined]
    """The target's permissions rule the scenario out."""


class NotHeld(AssertionError):
    """A requirement does not hold: the target's fault."""


class Expect:
    """Records evidence of one scenario. Raises NotHeld when a requirement does not hold.

    `ids` are the requirements that the scenario is marked with, `live` those of them that are judged in this run: evidence about
    the others is dropped (they do not hold at the target's api-version, or were not asked for). `command` judges the target
    again.
    """

    def __init__(
        self,
        by: str,
        ids: Collection[str],
        live: Collection[str],
        scrub: Callable[[str], str],
        command: str = "batch-conformance run",
    ) -> None:
        self._by = by
        self._ids = frozenset(ids)
        self._live = frozenset(live)
        self._scrub = scrub
        self._command = command
        self.evidence: list[Evidence] = []

    def __call__(
        self,
        requirement: str,
        holds: bool,
        *,
        expected: object = "",
        actual: object = "",
        exchange: Exchange | None = None,
        message: str = "",
    ) -> None:
        if requirement not in self._ids:
            raise ValueError(f"the scenario is not marked with the requirement {requirement!r}")
        if requirement not in self._live:
            return
        found = Evidence(
            requirement,
            "scenario",
            self._by,
            "for" if holds else "against",
            message=self._scrub(message),
            expected=self._scrub(_text(expected)),
            actual=self._scrub(_text(actual)),
            exchange=summary(exchange) if exchange else None,
            reproduce=self._scrub(self._again(requirement, exchange)) if not holds else "",
        )
        self.evidence.append(found)
        if not holds:
            raise NotHeld(explain(found))

    def _again(self, requirement: str, exchange: Exchange | None) -> str:
        """The whole scenario again; and the request that showed it, for a look at the answer alone."""
        scenario = f"{self._command} --requirement {requirement}"
        return f"{scenario}\n{curl(exchange)}" if exchange else scenario

    def equal(self, requirement: str, actual: object, expected: object, exchange: Exchange | None = None, what: str = "") -> None:
        self(requirement, actual == expected, expected=expected, actual=actual, exchange=exchange, message=what)

    def status(self, requirement: str, exchange: Exchange, status: int | Collection[int]) -> None:
        wanted = {status} if isinstance(status, int) else set(status)
        holds = exchange.response.status in wanted
        expected = "status " + " or ".join(map(str, sorted(wanted)))
        self(requirement, holds, expected=expected, actual=_answer(exchange), exchange=exchange)

    def error(
        self, requirement: str, exchange: Exchange, status: int | Collection[int], code: str | Collection[str] | None = None
    ) -> None:
        """The answer is an error with this status and, unless None, this error code.

        Raises Blocked when the status is right and no code can be read: rules say so of each such answer."""
        statuses = {status} if isinstance(status, int) else set(status)
        codes = {code} if isinstance(code, str) else set(code or ())
        if codes and exchange.response.status in statuses and error_code(exchange) is None:
            raise Blocked(f"an error {exchange.response.status} without a code to read")
        holds = exchange.response.status in statuses and (not codes or error_code(exchange) in codes)
        expected = " or ".join(map(str, sorted(statuses))) + (f" with code {' or '.join(sorted(codes))}" if codes else "")
        self(requirement, holds, expected=expected, actual=_answer(exchange), exchange=exchange)


def error_code(exchange: Exchange) -> str | None:
    """The `code` of an error body, None when there is none; in the management plane it stands one level deeper."""
    try:
        body = exchange.response.json
    except NotJson:
        return None
    if is_management(exchange.request.path) and isinstance(body, dict):
        body = body.get("error")
    code = body.get("code") if isinstance(body, dict) else None
    return code if isinstance(code, str) else None


def summary(exchange: Exchange) -> ExchangeSummary:
    request = exchange.request
    return ExchangeSummary(request.method, request.url, exchange.response.status, exchange.index, exchange.source)


def explain(evidence: Evidence) -> str:
    """What pytest shows of evidence against."""
    lines = [f"{evidence.requirement} does not hold" + (f": {evidence.message}" if evidence.message else "")]
    lines += [f"  expected: {evidence.expected}", f"  actual:   {evidence.actual}"]
    if evidence.exchange:
        lines.append(f"  request:  {evidence.exchange.method} {evidence.exchange.url} -> {evidence.exchange.status}")
    if evidence.reproduce:
        lines.append(f"  {evidence.reproduce}")
    return "\n".join(lines)


def _answer(exchange: Exchange) -> str:
    code = error_code(exchange)
    return f"{exchange.response.status} with code {code}" if code else f"{exchange.response.status}"


def _text(value: Any, longest: int = 2000) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"
