"""Every operation of every api-version is built, and gives a documented answer also to a poor request."""

from __future__ import annotations

import re

import pytest
from service_calls import VERSIONS, Account

from conformance import contract
from conformance.contract import Operation
from conformance.reference.registry import HANDLERS


def answer_to(account: Account, operation: Operation, body: object) -> str:
    path = re.sub(r"\{\w+\}", "none", operation.path)
    required = [p for p in operation.parameters_in("query") if p.required and p.name != "api-version"]
    query = "&".join(f"{p.name}=2020-01-01T00:00:00Z" for p in required)
    answer = account.send(operation.method, path, body if operation.request else None, query=query)
    if answer.status in operation.success:
        return ""
    if operation.method == "HEAD":
        return "" if answer.status == 404 and not answer.wire.body else f"{operation.id}: HEAD {answer.status}"
    known = contract.errors().get(answer.code)
    documented = known is not None and answer.status in known.statuses and 400 <= answer.status < 500
    return "" if documented else f"{operation.id}: {answer.status} {answer.wire.body!r}"


@pytest.mark.parametrize("body", [None, {}], ids=["no-body", "empty-object"])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_operation_answers_as_documented(version: str, body: object) -> None:
    account = Account(version)
    found = [answer_to(account, operation, body) for operation in account.contract.operations.values()]
    assert len(found) > 50
    assert [problem for problem in found if problem] == []


def test_every_operation_of_every_version_is_built() -> None:
    operations = {name for version in VERSIONS for name in contract.at(version).operations}
    assert operations - HANDLERS.keys() == set()


def test_what_lies_above_is_looked_for_first() -> None:
    account = Account()
    path = "/pools/pool/nodes/none/files/x"
    assert account.send("GET", path).code == "PoolNotFound"
    account.add_pool()
    assert account.send("GET", path).code == "NodeNotFound"
