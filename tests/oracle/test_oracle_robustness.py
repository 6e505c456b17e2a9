"""Whatever stands in an exchange, the oracle does not break; the same trace says the same; what it keeps is bounded."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle_bodies import NEW_POOL, job, pool, task
from oracle_tapes import ACCOUNTS, ARM_HOST, HOST, Tape, follow, step
from oracle_traces import TRACES, good, new_pool

from conformance.exchange import Exchange, Headers
from conformance.oracle import Account, Finding, observe, predict

_CALM = settings(deadline=None, derandomize=True, database=None, max_examples=60)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_STATUSES = st.sampled_from([0, 100, 200, 201, 202, 204, 206, 301, 304, 400, 404, 409, 412, 418, 429, 500, 503, 999])
_ALL = {(name, label): exchange for name in TRACES for label, exchange in good(name).items()}
_WITH_REQUEST = sorted(key for key, exchange in _ALL.items() if exchange.request.body)
_WITH_ANSWER = sorted(key for key, exchange in _ALL.items() if exchange.response.body)


def _request(exchange: Exchange, content: bytes) -> Exchange:
    return replace(exchange, request=replace(exchange.request, body=content))


def _answer(exchange: Exchange, content: bytes) -> Exchange:
    return replace(exchange, response=replace(exchange.response, body=content))


def _broken(trace: str, label: str, change: Callable[[Exchange], Exchange]) -> list[str]:
    """What breaks when one exchange of a good trace is another."""
    exchanges = {**good(trace), label: change(_ALL[trace, label])}
    account, said = Account(True), []
    for exchange in exchanges.values():
        predict(account, step(exchange))
        said += [finding.message for finding in observe(account, step(exchange)) if finding.suite_error]
    return said


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for name, value in steps for place in _places(value, (*path, name)))]


def _set(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    inner = tree
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return tree


def _anywhere(content: bytes, value: Any, data: st.DataObject) -> bytes:
    tree = json.loads(content)
    return json.dumps(_set(tree, data.draw(st.sampled_from(_places(tree))), value)).encode()


@_CALM
@given(st.sampled_from(sorted(_ALL)), _VALUES, _VALUES, _STATUSES)
def test_any_json_with_any_status(key: tuple[str, str], sent: Any, shown: Any, code: int) -> None:
    def change(base: Exchange) -> Exchange:
        base = _request(_answer(base, json.dumps(shown).encode()), json.dumps(sent).encode())
        return replace(base, response=replace(base.response, status=code))

    assert _broken(*key, change) == []


@settings(_CALM, max_examples=200)
@given(st.sampled_from(_WITH_ANSWER), _VALUES, st.data())
def test_any_value_anywhere_in_an_answer(key: tuple[str, str], value: Any, data: st.DataObject) -> None:
    assert _broken(*key, lambda base: _answer(base, _anywhere(base.response.body, value, data))) == []


@settings(_CALM, max_examples=200)
@given(st.sampled_from(_WITH_REQUEST), _VALUES, st.data())
def test_any_value_anywhere_in_a_request(key: tuple[str, str], value: Any, data: st.DataObject) -> None:
    assert _broken(*key, lambda base: _request(base, _anywhere(base.request.body, value, data))) == []


@_CALM
@given(st.sampled_from(sorted(_ALL)), st.binary(max_size=30), st.binary(max_size=30))
def test_any_bytes(key: tuple[str, str], sent: bytes, shown: bytes) -> None:
    assert _broken(*key, lambda base: _request(_answer(base, shown), sent)) == []


_ANSWERED = ["ETag", "Last-Modified", "Date", "Location", "Azure-AsyncOperation"]
_ASKED = ["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"]
# dates that parse and are none: a year beyond all, an offset of a day
_TEXT = st.text(max_size=30) | st.sampled_from(["Thu, 01 Jan 99999 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 +2359", "//[", "-0"])


@_CALM
@given(st.sampled_from(sorted(_ALL)), st.sampled_from(_ANSWERED), st.sampled_from(_ASKED), _TEXT)
def test_any_text_in_a_header(key: tuple[str, str], answered: str, asked: str, value: str) -> None:
    def change(base: Exchange) -> Exchange:
        headers = Headers({**dict(base.response.headers.fields), answered: value})
        return replace(
            base,
            request=replace(base.request, headers=Headers({asked: value})),
            response=replace(base.response, headers=headers),
        )

    assert _broken(*key, change) == []


@_CALM
@given(_TEXT, _TEXT)
def test_any_query(select: str, filter_: str) -> None:
    tape = new_pool().get("read", "/pools/p", pool(1))
    for place, exchange in enumerate([*tape.exchanges.values()]):
        query = f"&$select={select}&$filter={filter_}&$skiptoken={select}".replace("#", "")
        tape.exchanges[str(place)] = replace(exchange, request=replace(exchange.request, url=exchange.request.url + query))
    assert [finding.message for finding in follow(tape.exchanges.values()) if finding.suite_error] == []


@pytest.mark.parametrize("place", ["//[", "https://[::1", "https://host:port/x", ""])
def test_an_address_that_is_none(place: str) -> None:
    answered = Headers({"Location": place})
    exchanges = [replace(e, response=replace(e.response, headers=answered)) for e in good("account").values()]
    tape = Tape().get("list", "/pools", {"value": [], "odata.nextLink": place})
    assert [f.message for f in follow([*exchanges, *tape.exchanges.values()]) if f.suite_error] == []


def _told(found: list[Finding]) -> list[tuple[Any, ...]]:
    return [(f.check, f.holds, f.operation, f.property, f.message, f.expected, f.actual) for f in found]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", TRACES)
def test_the_same_trace_says_the_same(name: str, whole: bool) -> None:
    first = _told(follow(good(name).values(), whole=whole))
    follow(good("pools").values(), whole=whole)
    assert _told(follow(good(name).values(), whole=whole)) == first


@pytest.mark.parametrize("name", TRACES)
def test_exchanges_are_left_as_they_are(name: str) -> None:
    exchanges = good(name)
    before = {label: _bodies(exchange) for label, exchange in exchanges.items()}
    follow(exchanges.values())
    assert {label: _bodies(exchange) for label, exchange in exchanges.items()} == before


def _bodies(exchange: Exchange) -> str:
    """As they are after somebody has looked into them."""
    return json.dumps([one.json if one.body else None for one in (exchange.request, exchange.response)])


def _size(account: Account) -> dict[str, int]:
    """How much an account keeps."""
    resources = list(account.resources.values())
    return {
        "resources": len(resources),
        "past": max(len(resource.past) for resource in resources),
        "pending": max(len(resource.pending) + len(resource.unknown) for resource in resources),
        "told": max(len(resource.seen or ()) + len(resource.sent) + len(resource.fixed) for resource in resources),
        "moments": max(len(resource.moments) for resource in resources),
        "listings": len(account.listings),
        "promises": len(account.promises),
    }


def _grow(account: Account, rounds: int, begin: int = 0) -> None:
    for number in range(begin, begin + rounds):
        tape = Tape().ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": []}, edition=number + 2)
        tape.get("read", "/pools/p", pool(number + 2, metadata=None))
        link = {"odata.nextLink": f"{HOST}/jobs?$skiptoken={number}&api-version={tape.version}"}
        tape.get("list", f"/jobs?maxresults={number}", {"value": [job(1)], **link})
        place = {"Location": f"{ARM_HOST}{ACCOUNTS}/acme/operationResults/{number}?api-version=2024-07-01"}
        tape.ask("put", "PUT", f"{ACCOUNTS}/acme", 202, sent={"location": "westeurope"}, headers=place)
        follow(tape.exchanges.values(), account=account)


def test_memory_grows_with_the_resources_and_not_with_the_trace() -> None:
    account = Account(True)
    follow(new_pool().exchanges.values(), account=account)
    _grow(account, 300)
    before = _size(account)
    _grow(account, 300, 300)
    assert _size(account) == before
    assert before["past"] <= 8
    assert before["listings"] <= 256
    assert before["promises"] <= 256


def test_a_list_that_is_read_to_its_end_is_forgotten() -> None:
    account = Account(True)
    follow(good("pools").values(), account=account)
    assert account.listings == {}


def test_an_operation_that_ended_is_forgotten() -> None:
    account = Account(True)
    follow(good("account").values(), account=account)
    assert account.promises == {}


def test_many_tasks_are_each_one_resource() -> None:
    account = Account(True)
    names = [f"t{number}" for number in range(50)]
    tape = Tape().ask("add", "POST", "/jobs", 201, sent={"id": "j", "poolInfo": {"poolId": "p"}}, edition=1)
    for turn in range(3):
        tape.get(f"list {turn}", "/jobs/j/tasks", {"value": [task(1, name) for name in names]})
    follow(tape.exchanges.values(), account=account)
    assert _size(account)["resources"] == 51


def test_where_the_oracle_breaks_it_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("no reason")

    account = Account(True)
    follow(new_pool().exchanges.values(), account=account)
    with monkeypatch.context() as patched:
        # the package has a function of the module's name
        patched.setattr(importlib.import_module("conformance.oracle.observe"), "show", broken)
        (found,) = follow(Tape().get("read", "/pools/p", pool(1)).exchanges.values(), account=account)
    assert found.suite_error
    assert not found.holds
    assert "ZeroDivisionError: no reason" in found.message
    assert found.operation == "Pool_Get"
    after = Tape().get("read", "/pools/p", pool(1)).ask("add", "POST", "/pools", 409, {"code": "PoolExists"}, sent=NEW_POOL)
    assert all(finding.holds for finding in follow(after.exchanges.values(), account=account))
