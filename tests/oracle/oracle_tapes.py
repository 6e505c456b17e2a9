"""Traces for the oracle: a tape of exchanges, and the changes that make a mutant of one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.oracle import Account, Finding, Step, observe
from conformance.rules import context_for

Change = Callable[[Exchange], Exchange]

HOST = "https://acme.westeurope.batch.azure.com"
ARM_HOST = "https://management.azure.com"
ACCOUNTS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts"
VERSION, OLD_VERSION, ARM_VERSION = "2024-07-01.20.0", "2022-01-01.15.0", "2024-07-01"
_BASE = datetime(2024, 8, 1, 12, tzinfo=UTC)


def instant(second: int) -> str:
    return (_BASE + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(second: int) -> str:
    """An instant as a header shows it."""
    return format_datetime(_BASE + timedelta(seconds=second), usegmt=True)


def etag(edition: int) -> str:
    return f"0x8DC{edition:012X}"


def marks(edition: int) -> dict[str, str]:
    """The headers of a write that made an edition: it was made in the second of its number."""
    return {"ETag": etag(edition), "Last-Modified": day(edition)}


def dated(edition: int) -> dict[str, str]:
    """The same as a body shows it."""
    return {"eTag": etag(edition), "lastModified": instant(edition)}


@dataclass
class Tape:
    """Exchanges by label. `second` is when the next one is answered."""

    version: str = VERSION
    source: str = "one"
    second: int = 100
    exchanges: dict[str, Exchange] = field(default_factory=dict)

    def ask(
        self,
        label: str,
        method: str,
        target: str,
        status: int,
        shown: object = None,
        *,
        sent: object = None,
        edition: int | None = None,
        headers: Mapping[str, str] | None = None,
        asks: Mapping[str, str] | None = None,
        version: str | None = None,
    ) -> Tape:
        managed = "/providers/" in target
        stated = version or (ARM_VERSION if managed else self.version)
        url = f"{ARM_HOST if managed else HOST}{target}{'&' if '?' in target else '?'}api-version={stated}"
        answered = {"Date": day(self.second), **(marks(edition) if edition is not None else {}), **(headers or {})}
        assert label not in self.exchanges, label
        self.exchanges[label] = Exchange(
            Request(method, url, Headers(asks or {}), b"" if sent is None else json.dumps(sent).encode()),
            Response(status, Headers(answered), b"" if shown is None else json.dumps(shown).encode()),
            len(self.exchanges),
            self.source,
        )
        self.second += 1
        return self

    def get(self, label: str, target: str, shown: object, **more: Any) -> Tape:
        return self.ask(label, "GET", target, 200, shown, **more)

    def missing(self, label: str, method: str, target: str, code: str, **more: Any) -> Tape:
        return self.ask(label, method, target, 404, {"code": code}, **more)


def step(exchange: Exchange, recording: str | None = None) -> Step:
    context = context_for(exchange)
    return Step(
        exchange,
        context.contract,
        context.operation,
        context.path_parameters,
        exchange.source if recording is None else recording,
    )


def follow(exchanges: Iterable[Exchange], *, whole: bool = True, account: Account | None = None) -> list[Finding]:
    account = Account(whole) if account is None else account
    return [finding for exchange in exchanges for finding in observe(account, step(exchange))]


def contradicted(found: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(f.check, f.property, f.message) for f in found if not f.holds]


def held(found: Iterable[Finding]) -> Counter[str]:
    return Counter(f.check for f in found if f.holds)


# what a mutant changes of one exchange


def status(code: int, body: object = None) -> Change:
    content = b"" if body is None else json.dumps(body).encode()
    return lambda base: replace(base, response=replace(base.response, status=code, body=content))


def shows(edit: Callable[[dict[str, Any]], object]) -> Change:
    """Edit the JSON body of the answer in place."""

    def change(base: Exchange) -> Exchange:
        tree = json.loads(base.response.body)
        edit(tree)
        return replace(base, response=replace(base.response, body=json.dumps(tree).encode()))

    return change


def member(path: str, value: object) -> Change:
    """Set the member at a path like `a/0/b` of the answer's body; None removes it."""

    def edit(tree: Any) -> None:
        *steps, last = path.split("/")
        for name in steps:
            tree = tree[int(name)] if isinstance(tree, list) else tree[name]
        if value is not None:
            tree[last] = value
        elif isinstance(tree, list):
            del tree[int(last)]
        else:
            tree.pop(last, None)

    return shows(edit)


def header(name: str, value: str) -> Change:
    def change(base: Exchange) -> Exchange:
        kept = {known: old for known, old in base.response.headers.fields if known.lower() != name.lower()}
        return replace(base, response=replace(base.response, headers=Headers({**kept, name: value})))

    return change


def unknown_request(base: Exchange) -> Exchange:
    """As a recording that did not keep the request's body."""
    return replace(base, request=replace(base.request, body=b"", body_known=False))


def chain(*changes: Change) -> Change:
    def change(base: Exchange) -> Exchange:
        for one in changes:
            base = one(base)
        return base

    return change
