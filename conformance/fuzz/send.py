"""Sends a plan: fills in what only the run knows, and hands on every exchange. What was answered is not looked at, but for the
ETags and addresses that later steps ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from conformance.exchange import Exchange, NotJson
from conformance.fuzz.plan import ABSENT, OF_ANSWERS, TOKEN, Plan, Step, of_step


class NotSent(Exception):
    """A step that may not be sent: it would cost what the target does not permit."""


class Wire(Protocol):
    """How steps reach the target: through the one recording client, the ledger and the budget."""

    def send(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], content: bytes | None, versioned: bool
    ) -> Exchange:
        """One request; `path` is encoded. Raises NotSent, TargetUnreachable (no answer) and BudgetExhausted."""

    def follow(self, path_and_query: str) -> Exchange:
        """Asks an address that an answer told of, until it tells how the operation ended."""

    def name(self, kind: str, number: int) -> str:
        """What a token of a resource stands for: the same for the same token of one plan."""


@dataclass
class Sent:
    """What became of a plan: the last answer of each step that was sent, and how many steps were left out."""

    exchanges: list[Exchange] = field(default_factory=list)
    skipped: int = 0


def send(plan: Plan, wire: Wire, begin: Callable[[int], object]) -> Sent:
    """Send every step in order; `begin` is told the number of each before. A step that needs an answer which did not come, or
    that the target does not permit, is left out. Raises TargetUnreachable and BudgetExhausted."""
    sent = Sent()
    answers: dict[int, Exchange] = {}
    for number, step in enumerate(plan.steps):
        begin(number)
        try:
            exchange = _one(step, wire, answers)
        except (NotSent, LookupError):
            sent.skipped += 1
            continue
        answers[number] = exchange
        sent.exchanges.append(exchange)
    return sent


def _one(step: Step, wire: Wire, answers: Mapping[int, Exchange]) -> Exchange:
    known = {(kind, number): _value(kind, number, wire, answers) for kind, number in of_step(step)}
    whole = TOKEN.fullmatch(step.path)
    if whole is not None and whole[1] == "location":
        return wire.follow(known[whole[1], whole[2]])
    path = known[whole[1], whole[2]] if whole is not None else _text(step.path, known, encode=True)
    query = {name: _text(value, known) for name, value in step.query.items()}
    headers = {name: _text(value, known) for name, value in step.headers.items()}
    return wire.send(step.method, path, query, headers, _content(step, known), step.versioned and whole is None)


def _content(step: Step, known: Mapping[tuple[str, str], str]) -> bytes | None:
    if step.content is not None:
        return _text(step.content, known).encode("utf-8", "surrogatepass")
    if step.body is ABSENT:
        return None
    return json.dumps(_filled(step.body, known)).encode("ascii")


def _value(kind: str, number: str, wire: Wire, answers: Mapping[int, Exchange]) -> str:
    """Raises LookupError when an answer does not tell it."""
    if kind not in OF_ANSWERS:
        return wire.name(kind, int(number or 0))
    response = answers[int(number or -1)].response
    match kind:
        case "etag":
            return response.headers["ETag"]
        case "modified":
            return response.headers["Last-Modified"]
        case "location":
            return _address(response.headers["Location"])
        case _:
            return _next_link(answers[int(number)])


def _next_link(exchange: Exchange) -> str:
    try:
        body = exchange.response.json
    except NotJson:
        raise LookupError("no JSON") from None
    link = body.get("odata.nextLink", body.get("nextLink")) if isinstance(body, dict) else None
    if not isinstance(link, str):
        raise LookupError("no next page")
    return _address(link)


def _address(url: str) -> str:
    """Path and query only: no other host ever gets a request of ours."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise LookupError(url) from None
    if not parts.path.startswith("/"):
        raise LookupError(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _text(text: str, known: Mapping[tuple[str, str], str], *, encode: bool = False) -> str:
    def value(match: Any) -> str:
        found = known[match[1], match[2] or ""]
        return quote(found, safe="") if encode else found

    return TOKEN.sub(value, text) if "<<" in text else text


def _filled(value: Any, known: Mapping[tuple[str, str], str]) -> Any:
    if isinstance(value, str):
        return _text(value, known)
    if isinstance(value, list):
        return [_filled(element, known) for element in value]
    if isinstance(value, dict):
        return {_text(name, known): _filled(member, known) for name, member in value.items()}
    return value
