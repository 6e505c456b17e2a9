"""Drives the management plane of the target for scenarios: Batch accounts, and what is done in the background for them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from conformance import contract as contracts
from conformance.contract import Contract, Operation, Plane
from conformance.exchange import Exchange
from conformance.plugin.driver import DEFAULT, Line
from conformance.plugin.expect import Blocked, NotPermitted, error_code
from conformance.plugin.requests import path_of, with_query
from conformance.plugin.spelling import answered
from conformance.target.client import is_management
from conformance.target.config import Management

_JSON_TYPE = "application/json"
_LONGEST_RUN = 12
_LONGEST_NAME = 24


class Accounts:
    """The management plane at one api-version."""

    def __init__(self, line: Line, version: str) -> None:
        self._line = line
        self.version = version
        self.contract: Contract = contracts.at(version, Plane.MANAGEMENT)

    @property
    def place(self) -> Management:
        """The subscription, the resource group and the location for accounts."""
        return self._line.client.target.management

    @property
    def auth(self) -> str:
        return self._line.client.target.management_auth

    @property
    def versions(self) -> tuple[str, ...]:
        """Every api-version of the management plane, oldest first."""
        return tuple(version.name for version in contracts.versions(Plane.MANAGEMENT))

    @property
    def permitted(self) -> bool:
        """Whether the target permits to create accounts."""
        return self._line.client.target.permissions.create_accounts

    def at(self, version: str) -> Accounts:
        """The same target at another api-version of the management plane's contract."""
        return Accounts(self._line, version)

    def new_name(self) -> str:
        """A name that no account has yet: 3 to 24 lower-case letters and digits, by which `sweep` knows that it is ours."""
        run = re.sub(r"[^a-z0-9]", "", self._line.label.lower())[:_LONGEST_RUN]
        source, number = self._line.number()
        return f"bcs{run}{source}{number}"[:_LONGEST_NAME]

    def path(self, operation: str, **path_parameters: str) -> str:
        """The path of an operation; subscription and resource group are the target's unless given. Raises Blocked when this
        api-version lacks the operation."""
        found = self._operation(operation)
        ours = {"subscriptionId": self.place.subscription, "resourceGroupName": self.place.resource_group}
        known = {name: value for name, value in ours.items() if f"{{{name}}}" in found.path}
        return path_of(found, {**known, **path_parameters})

    def call(
        self, operation: str, *, body: Any = None, headers: Mapping[str, str] | None = None, **path_parameters: str
    ) -> Exchange:
        """One operation of the contract, by its id."""
        path = self.path(operation, **path_parameters)
        return self.send(self._operation(operation).method, path, headers=headers, body=body)

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | str | None = None,
        body: Any = None,
        api_version: str | None = DEFAULT,
        authenticate: bool = True,
    ) -> Exchange:
        """Any request. `body` is sent as JSON, `content` as it is; `api_version=None` leaves the parameter out."""
        stated = self.version if api_version == DEFAULT else api_version
        data = json.dumps(body).encode("utf-8") if body is not None else content
        data = data.encode("utf-8") if isinstance(data, str) else data
        fields = {"Content-Type": _JSON_TYPE, **(headers or {})} if data is not None else dict(headers or {})
        created = self._created(method, path)
        whole = with_query(path, {"api-version": stated}) if "api-version=" not in path else path
        return self._line.send(created, method, whole, headers=fields, content=data, authenticate=authenticate)

    def finish(self, exchange: Exchange) -> Exchange:
        """The answer that ends what was begun: what the Location of a 202 answers at last; the exchange itself when it is no 202,
        or names no place of the management plane."""
        address = _address(exchange)
        if exchange.response.status != 202 or not address:
            return exchange
        return self._line.wait(
            lambda: self.send("GET", address), lambda polled: polled.response.status != 202, f"the result at {address}"
        )

    def body(self, **members: Any) -> dict[str, Any]:
        """A valid body for a new account."""
        return {"location": self.place.location, **members}

    def create(self, **members: Any) -> str:
        """The name of a new account that is ready. Raises Blocked when the target does not create it."""
        if not self.permitted:
            raise NotPermitted("the target does not permit to create accounts (permissions.create_accounts, --create-accounts)")
        name = self.new_name()
        ended = self.finish(self.call("BatchAccount_Create", body=self.body(**members), accountName=name))
        if ended.response.status not in {200, 201}:
            raise Blocked(f"no account was created: {told(ended)}")
        return name

    def get(self, name: str) -> dict[str, Any]:
        """Raises Blocked unless it is answered 200."""
        exchange = self.call("BatchAccount_Get", accountName=name)
        if exchange.response.status != 200:
            raise Blocked(f"BatchAccount_Get: {told(exchange)}")
        return answered(exchange)

    def _operation(self, name: str) -> Operation:
        found = self.contract.operations.get(name)
        if found is None:
            raise Blocked(f"management api-version {self.version} has no operation {name}")
        return found

    def _created(self, method: str, path: str) -> str | None:
        """The path whose DELETE removes what this request creates; None when it creates nothing that is not on the ledger yet."""
        match = self.contract.match(method, path)
        creates = match is not None and match.operation.kind == "create" and path not in self._line.ledger
        return path if creates else None


def told(exchange: Exchange) -> str:
    code = error_code(exchange)
    return f"{exchange.request.method} {exchange.request.path} answered {exchange.response.status}{f' {code}' if code else ''}"


def _address(exchange: Exchange) -> str:
    """Only path and query of Location count: no other host ever gets our credentials. Empty when it is none of the plane's."""
    parts = urlsplit(exchange.response.headers.get("Location", ""))
    whole = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return whole if is_management(parts.path) else ""
