"""What a request must not do: each fault is known by its own rule, when the service takes it and when it refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from request_samples import FORBIDDEN, TASK, TOLERATED, Sender, asked_for, collection, raw_body
from rule_samples import status

from conformance import contract
from conformance.contract import Plane
from conformance.exchange import Exchange
from conformance.rules import RULES, Finding, context_for, findings
from conformance.rules.demands import demands

QUERIES = [
    ("query.unknown-parameter", "nonsense=1"),
    ("query.maxresults-not-a-number", "maxresults=many"),
    ("query.maxresults-below", "maxresults=0"),
    ("query.maxresults-above", "maxresults=1001"),
    ("query.timeout-not-a-number", "timeout=soon"),
    ("query.select-unknown", "$select=id,nonsense"),
    ("query.expand-unknown", "$expand=nonsense"),
]
VERSIONS = [
    ("query.version-absent", None),
    ("query.version-malformed", "latest"),
    ("query.version-malformed", "2016-13-41.3.0"),
    ("query.version-malformed", ""),
    ("query.version-unknown", "2099-01-01.99.0"),
    ("query.version-unknown", "2010-01-01.1.0"),
]
ASKED = ("request.", "query.")
READ_ONLY = "request.read-only"


def about(exchange: Exchange) -> list[Finding]:
    """What the rules about requests find, without the one that asks another question of the same properties."""
    return [f for f in findings(context_for(exchange)) if f.rule.startswith(ASKED) and f.rule != READ_ONLY]


def verdicts(exchange: Exchange) -> dict[str, bool]:
    return {f.rule: f.holds for f in about(exchange)}


@pytest.mark.parametrize(
    ("slug", "send", "body"), [pytest.param(s, f, b, id=f"{s}:{w}".replace(" ", "-")) for s, w, f, b in FORBIDDEN]
)
def test_a_body_that_is_forbidden(slug: str, send: Sender, body: Any) -> None:
    accepted = send(body)
    assert {f.rule for f in findings(context_for(accepted)) if not f.holds and f.rule != READ_ONLY} == {slug}
    assert verdicts(accepted) == {slug: False}
    assert verdicts(send(body, 400)) == {slug: True}
    for other in (401, 403, 404, 409, 412, 413, 429, 500, 503, 0):
        assert verdicts(send(body, other)) == {}, "the reason may have been another one"


def test_a_body_that_is_not_json() -> None:
    assert verdicts(raw_body(b"{", 201)) == {"request.no-json": False}
    assert verdicts(raw_body(b"{", 400)) == {"request.no-json": True}


@pytest.mark.parametrize("name", TOLERATED)
def test_a_body_of_which_nothing_is_said(name: str) -> None:
    send, body = TOLERATED[name]
    assert about(send(body)) == []
    assert about(send(body, 400)) == []


@pytest.mark.parametrize(("slug", "query"), QUERIES)
def test_a_query_that_is_forbidden(slug: str, query: str) -> None:
    assert verdicts(asked_for(query, 200)) == {slug: False}
    assert verdicts(asked_for(query, 400)) == {slug: True}
    assert verdicts(asked_for(query, 404)) == {}


@pytest.mark.parametrize(
    "query",
    [
        "maxresults=1",
        "maxresults=1000",
        "maxresults=%2B10",
        "maxresults=",
        "timeout=60",
        "timeOut=30",
        "TIMEOUT=30",
        "$select=ID,state",
        "$select=virtualMachineConfiguration/nodeAgentSKUId",
        "$select=*",
        "$select=,,",
        "$expand=stats",
        "$expand=Stats,stats",
        "$expand=",
        "$skiptoken=x",
        "$filter=anything",
    ],
)
def test_a_query_of_which_nothing_is_said(query: str) -> None:
    assert about(asked_for(query, 200)) == []


@pytest.mark.parametrize("value", ["yes", "2"])
def test_a_boolean_of_a_query(value: str) -> None:
    base = collection([], {})
    url = base.request.url.split("?")[0].replace("addtaskcollection", "tasks/t/files")
    asked = Exchange(type(base.request)("GET", f"{url}?recursive={value}&api-version=2022-01-01.15.0"), base.response)
    assert verdicts(asked) == {"query.value": False}
    assert verdicts(status(400)(asked)) == {"query.value": True}


@pytest.mark.parametrize(("slug", "version"), VERSIONS)
def test_an_api_version_that_is_none(slug: str, version: str | None) -> None:
    assert verdicts(asked_for("", 200, version)) == {slug: False}
    assert verdicts(asked_for("", 400, version)) == {slug: True}


@pytest.mark.parametrize("version", ["2015-12-01.2.2", "2021-01-01.13.0", "2014-01-01.1.0", "2027-03-01"])
def test_an_api_version_that_the_contract_lacks_may_exist(version: str) -> None:
    assert about(asked_for("maxresults=0&nonsense=1", 200, version)) == []


def test_two_faults_prove_nothing_when_they_are_refused() -> None:
    assert about(asked_for("maxresults=0&nonsense=1", 400)) == []
    assert verdicts(asked_for("maxresults=0&nonsense=1", 200)) == {
        "query.maxresults-below": False,
        "query.unknown-parameter": False,
    }


def test_an_element_that_is_forbidden_and_added() -> None:
    tasks = [{**TASK, "id": "good"}, {"id": "bad"}]
    assert verdicts(collection(tasks, {"good": "Success", "bad": "clienterror"})) == {}
    found = about(collection(tasks, {"good": "Success", "bad": "Success"}))
    assert [(f.rule, f.holds, f.where) for f in found] == [("request.element", False, "/value/1/commandLine")]


def test_a_result_whose_name_is_no_text_is_of_no_element() -> None:
    answer = collection([{"id": "bad"}], {"bad": "Success"})
    odd = answer.response.body.replace(b'"taskId": "bad"', b'"taskId": {"value": "bad"}')
    assert about(replace(answer, response=replace(answer.response, body=odd))) == []


def test_of_two_elements_of_one_id_nobody_knows_which_was_added() -> None:
    assert about(collection([{"id": "a"}, {**TASK, "id": "a"}], {"a": "Success"})) == []


def test_a_collection_that_is_too_long() -> None:
    tasks = [{**TASK, "id": f"t{n}"} for n in range(101)]
    assert verdicts(collection(tasks, {})) == {"request.too-many": False}
    assert verdicts(status(400)(collection(tasks, {}))) == {"request.too-many": True}


def test_a_recording_that_lost_the_body_says_nothing() -> None:
    slug, _, send, body = FORBIDDEN[0]
    base = send(body)
    for lost in (
        type(base.request)(base.request.method, base.request.url, body_known=False),
        type(base.request)(base.request.method, base.request.url, type(base.request.headers)({"Content-Length": "12"})),
    ):
        assert slug not in verdicts(Exchange(lost, base.response))


def _odd() -> Iterator[Any]:
    yield from (None, True, 0, -1, 0.5, 1e308, "", "x", [], [[]], [None], {}, {"": {}}, [{"id": []}], {"id": {}})
    yield {"value": [[], {}, None, {"id": ["x"]}]}


def test_no_body_whatever_breaks_a_rule_itself() -> None:
    """Every property of every request model, at the ends of time."""
    for version in ("2016-02-01.3.0", "2022-01-01.15.0", "2025-06-01"):
        known = contract.at(version, Plane.DATA)
        for operation in known.operations.values():
            shape = demands(version, Plane.DATA).of(operation)
            names = known.models[operation.request].properties if operation.request else ()
            assert (shape is None) == (operation.request is None)
            for value in _odd() if shape is not None else ():
                assert shape is not None
                shape(value)
                shape(dict.fromkeys(names, value))


def test_each_rule_about_requests_has_a_sample() -> None:
    shown = {slug for slug, *_ in FORBIDDEN} | {slug for slug, _ in [*QUERIES, *VERSIONS]}
    elsewhere = {READ_ONLY, "request.no-json", "request.element", "query.value"}
    assert {slug for slug in RULES if slug.startswith(ASKED)} == shown | elsewhere
