"""Finds what the suite left on a target: by name and age, and on the ledgers of runs that crashed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlsplit

from conformance import contract as contracts
from conformance.commands.sweepingaccounts import accounts_of_runs
from conformance.commands.sweepingcertificates import certificates_of_runs
from conformance.contract import Operation
from conformance.exchange import Exchange, NotJson
from conformance.plugin.cleanup import await_gone, removed
from conformance.plugin.requests import deleter, may_fail_later, version_with, with_query
from conformance.plugin.work import close_work, state_folder
from conformance.target import Client, Ledger, Target, TargetUnreachable
from conformance.target.client import is_management
from conformance.target.ledger import ledgers

PREFIX = "bcs-"
_MOST_PAGES = 1000
_CERTIFICATES = "/certificates"


@dataclass(frozen=True)
class Found:
    """Something to delete: the path, when it was created, and which list or ledger says so."""

    path: str
    created: str
    where: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


class Sweeper:
    """`before`: what was created later is left alone."""

    def __init__(self, target: Target, before: datetime) -> None:
        self._target = target
        self._before = before
        self._client = Client(target)
        self._contract = contracts.at(target.api_version)
        self.notes: list[str] = []

    def __enter__(self) -> Sweeper:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def find(self) -> list[Found]:
        found = {one.path: one for one in self._on_ledgers()}
        for listing, template in self._lists():
            found.update((one.path, one) for one in self._listed(listing, template))
        old = (one for one in certificates_of_runs(self._items(_CERTIFICATES), PREFIX) if self._old(one[1]))
        found.update((path, Found(path, created, _CERTIFICATES)) for path, created in old)
        if self._target.management_endpoint:
            left = ((path, created) for path, created in accounts_of_runs(self._client) if self._old(created))
            found.update((path, Found(path, created, "batchAccounts")) for path, created in left)
        return list(found.values())

    def delete(self, found: list[Found]) -> list[str]:
        """Delete; return the paths of what is still there. What something else may use goes last, and is waited for."""
        last = [one for one in found if may_fail_later(one.path)]
        left = [one.path for one in [*(one for one in found if one not in last), *last] if not self._delete(one)]
        waiting = await_gone(self._client, self._target.api_version, (one.path for one in last if one.path not in left))
        self.notes += [f"{path} is not gone yet: something may still use it" for path in waiting]
        left += waiting
        for path in ledgers(state_folder()):
            with Ledger(path, self._target.endpoint) as ledger:
                for one in found:
                    if one.path not in left:
                        ledger.gone(one.path, "swept")
            close_work(path.parent)
        return left

    def _delete(self, one: Found) -> bool:
        exchange = self._client.send("DELETE", self._versioned(one.path))
        if removed(exchange):
            return True
        self.notes.append(f"{one.path} could not be deleted: {exchange.response.status}")
        return False

    def _on_ledgers(self) -> Iterator[Found]:
        for path in ledgers(state_folder()):
            with Ledger(path, self._target.endpoint) as ledger:
                for entry in ledger.leftovers():
                    if entry.endpoint != self._target.endpoint or not self._old(entry.time):
                        continue
                    if is_management(entry.delete) and not self._target.management_endpoint:
                        self.notes.append(f"{entry.delete} was left in the management plane: --management-endpoint reaches it")
                        continue
                    yield Found(entry.delete, entry.time, str(path))

    def _lists(self) -> Iterator[tuple[Operation, str]]:
        """What can be created at the top of an account, listed, and deleted by its id."""
        operations = self._contract.operations.values()
        for create in operations:
            template = deleter(self._contract, create) if create.kind == "create" and "{" not in create.path else None
            listing = next((o for o in operations if o.kind == "list" and o.path == create.path), None)
            if template and listing and re.fullmatch(r"[^{]*/\{\w+Id\}", template):
                yield listing, template

    def _listed(self, listing: Operation, template: str) -> Iterator[Found]:
        for item in self._items(listing.path):
            name, created = str(item.get("id", "")), str(item.get("creationTime", ""))
            if name.startswith(PREFIX) and str(item.get("state")) != "deleting" and self._old(created):
                yield Found(f"{template.partition('{')[0]}{quote(name, safe='')}", created, listing.path)

    def _items(self, path: str) -> Iterator[dict[str, Any]]:
        step: str | None = self._versioned(path)
        for _ in range(_MOST_PAGES):
            if step is None:
                return
            exchange = self._client.send("GET", step)
            body, status = _object(exchange), exchange.response.status
            if body is None and path == "/pools":  # every Batch service has them
                raise TargetUnreachable(f"{self._target.endpoint}: {path} could not be listed, the answer was {status}")
            if body is None:
                self.notes.append(f"{path} could not be listed")
                return
            yield from (item for item in body.get("value") or [] if isinstance(item, dict))
            step = _next(body)

    def _versioned(self, path: str) -> str:
        if is_management(path):
            return with_query(path, {"api-version": self._target.management.api_version})
        # a list and the deletion of what it holds exist at the same api-versions
        return with_query(path, {"api-version": version_with(self._target.api_version, "GET", path)})

    def _old(self, created: str) -> bool:
        """What does not say when it was created is old: only its name is known."""
        try:
            return datetime.fromisoformat(created) <= self._before
        except (ValueError, TypeError):
            return True


def _object(exchange: Exchange) -> dict[str, Any] | None:
    try:
        body = exchange.response.json
    except NotJson:
        return None
    return body if exchange.response.status == 200 and isinstance(body, dict) else None


def _next(body: dict[str, Any]) -> str | None:
    """Only the path of the next page counts: no other host ever gets our credentials."""
    link = body.get("odata.nextLink")
    if not isinstance(link, str):
        return None
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"
