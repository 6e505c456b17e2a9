"""The query options of lists: every documented filterable property with every operator, grammar, meaning, selection, paging."""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance import contract
from conformance.contract import Filter, Model, Property
from conformance.reference.odata import (
    ExpandError,
    FilterError,
    Pager,
    SelectError,
    SkipTokenError,
    parse_expand,
    parse_filter,
    parse_select,
    without_unexpanded,
)
from conformance.reference.odata.instant import ticks

OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le", "startswith")
LITERALS = {"string": "'a'", "datetime": "DateTime'2024-05-01T10:00:00Z'", "int": "3", "boolean": "true"}
TABLE = {
    "id": Filter("string", OPERATORS),
    "state": Filter("string", ("eq", "ne")),
    "creationTime": Filter("datetime", OPERATORS[:-1]),
    "info/exitCode": Filter("int", OPERATORS[:-1]),
    "enableAutoScale": Filter("boolean", ("eq", "ne")),
}
LISTS = {
    "supported images": "Account_ListSupportedImages",
    "certificates": "Certificate_List",
    "nodes": "ComputeNode_List",
    "pool node counts": "Account_ListPoolNodeCounts",
    "task files": "File_ListFromTask",
    "node files": "File_ListFromComputeNode",
    "jobs of a job schedule": "Job_ListFromJobSchedule",
    "job schedules": "JobSchedule_List",
    "jobs": "Job_List",
    "pools": "Pool_List",
    "job preparation and release status": "Job_ListPreparationAndReleaseTaskStatus",
    "tasks": "Task_List",
    "pool usage metrics": "Pool_ListUsageMetrics",
}
DERANDOMIZED = settings(derandomize=True, max_examples=60, deadline=None, database=None)


def expression(path: str, operator: str, kind: str) -> str:
    literal = LITERALS[kind]
    return f"startswith({path}, {literal})" if operator == "startswith" else f"{path} {operator} {literal}"


def filterable() -> list[tuple[str, str, Filter]]:
    """Every list, property and rule of the contract, over all api-versions."""
    found = {}
    for version in contract.versions():
        for operation in contract.at(version.name).operations.values():
            for path, rule in operation.filter.items():
                found[operation.id, path] = rule
    return [(operation, path, rule) for (operation, path), rule in sorted(found.items())]


@pytest.mark.parametrize(("operation", "path", "rule"), filterable())
def test_the_contract_decides_which_operator_a_property_takes(operation: str, path: str, rule: Filter) -> None:
    for operator in OPERATORS:
        text = expression(path, operator, rule.type)
        if operator in rule.operators:
            parse_filter(text, {path: rule})
        else:
            with pytest.raises(FilterError, match="does not apply"):
                parse_filter(text, {path: rule})


@pytest.mark.parametrize(("operation", "path", "rule"), filterable())
def test_a_literal_of_another_type_is_refused(operation: str, path: str, rule: Filter) -> None:
    for kind in LITERALS.keys() - {rule.type}:
        with pytest.raises(FilterError, match="is of type"):
            parse_filter(expression(path, rule.operators[0], kind), {path: rule})


def test_every_row_of_the_facts_is_in_the_contract_and_accepted() -> None:
    shared = os.environ.get("BATCH_SHARED")
    if not shared:
        pytest.skip("BATCH_SHARED is not set: the table of filterable properties is not at hand")
    with (Path(shared) / "facts" / "odata-filters.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 70
    rules = {(operation, path): rule for operation, path, rule in filterable()}
    for row in rows:
        rule = rules[LISTS[row["list"]], row["property"]]
        assert (rule.type, set(rule.operators)) == (row["type"], set(row["operators"].split()))


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "id", "id eq", "id eq 'a' and", "id eq 'a' id eq 'b'", "(id eq 'a'", "id eq 'a')", "id eq 'a", "eq 'a'",
        "'a' eq id", "id == 'a'", "id eq id", "id eq null", "not id eq 'a'", "startswith(id 'a')", "startswith(id, 'a'",
        "startswith('a', id)", "contains(id, 'a')", "startswith(id, 'a') eq true", "info/exitCode eq 1.5", "info/exitCode eq +1",
        "creationTime gt DateTime'yesterday'", "creationTime gt DateTime'2024-13-01'", "creationTime gt '2024-01-01'",
        "id eq 'a' AND id eq 'b'", "id EQ 'a'", "unknown eq 'a'", "ID eq 'a'", "info eq 1", "id/state eq 'a'", "id eq 'a' # b",
        "(" * 51 + "id eq 'a'" + ")" * 51,
    ],
)  # fmt: skip
def test_bad_filters(text: str) -> None:
    with pytest.raises(FilterError):
        parse_filter(text, TABLE)


RESOURCE: dict[str, Any] = {
    "id": "pool-7",
    "state": "active",
    "creationTime": "2024-05-01T10:00:00.1234567Z",
    "info": {"exitCode": -1},
    "enableAutoScale": False,
}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("id eq 'pool-7'", True),
        ("id eq 'Pool-7'", False),
        ("id ne 'Pool-7'", True),
        ("id gt 'pool-10'", True),
        ("id le 'pool-10'", False),
        ("startswith(id,'pool-')", True),
        ("startswith( id , 'ool' )", False),
        ("startswith(id, '')", True),
        ("creationTime eq DateTime'2024-05-01T10:00:00.1234567Z'", True),
        ("creationTime gt datetime'2024-05-01T10:00:00.1234566Z'", True),
        ("creationTime gt 2024-05-01T10:00:00.1234567Z", False),
        ("creationTime ge 2024-05-01", True),
        ("creationTime lt 2024-05-01T10:01Z", True),
        ("creationTime lt DateTime'2024-05-01T12:00:00+02:00'", False),
        ("creationTime lt DateTime'2024-05-01T12:00:01+02:00'", True),
        ("info/exitCode eq -1", True),
        ("info/exitCode lt 0", True),
        ("enableAutoScale eq false", True),
        ("enableAutoScale ne false", False),
        ("state eq 'x' and id eq 'pool-7' or enableAutoScale eq false", True),
        ("state eq 'x' and (id eq 'pool-7' or enableAutoScale eq false)", False),
        ("(((state eq 'active')))", True),
    ],
)
def test_what_a_filter_selects(text: str, matches: bool) -> None:
    assert parse_filter(text, TABLE).matches(RESOURCE) is matches


@pytest.mark.parametrize(("path", "operator"), [(path, operator) for path, rule in TABLE.items() for operator in rule.operators])
def test_an_absent_property_only_satisfies_ne(path: str, operator: str) -> None:
    condition = parse_filter(expression(path, operator, TABLE[path].type), TABLE)
    assert condition.matches({}) is (operator == "ne")


def test_false_is_not_zero() -> None:
    assert not parse_filter("info/exitCode eq 0", TABLE).matches({"info": {"exitCode": False}})


@DERANDOMIZED
@given(st.text(max_size=20))
def test_any_text_can_be_a_literal(text: str) -> None:
    literal = "'" + text.replace("'", "''") + "'"
    assert parse_filter(f"id eq {literal}", TABLE).matches({"id": text})
    assert not parse_filter(f"id eq {literal}", TABLE).matches({"id": text + "x"})


@DERANDOMIZED
@given(st.text(alphabet=" ()',/aeinqdorst-:Z0T", max_size=30))
def test_any_expression_is_parsed_or_refused(text: str) -> None:
    try:
        assert parse_filter(text, TABLE).matches(RESOURCE) in (True, False)
    except FilterError as error:
        assert error.reason
        assert error.option == "$filter"


@DERANDOMIZED
@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-10, 10))
def test_instants_keep_their_order(moment: datetime, microseconds: int) -> None:
    other = moment + timedelta(microseconds=microseconds)
    first, second = (ticks(m.replace(tzinfo=UTC).isoformat()) for m in (moment, other))
    assert first is not None
    assert second is not None
    assert second - first == microseconds * 10


def model(name: str, *properties: Property) -> Model:
    return Model(name, {each.name: each for each in properties})


MODELS = {
    "Pool": model(
        "Pool", Property("id", "string"), Property("run", "object", ref="Run"), Property("pairs", "array", items="Pair")
    ),
    "Run": model("Run", Property("results", "string"), Property("timestamp", "string")),
    "Pair": model("Pair", Property("name", "string"), Property("value", "string")),
}
POOL = {
    "odata.metadata": "m",
    "id": "p",
    "run": {"results": "r", "timestamp": "t"},
    "pairs": [{"name": "n", "value": "v"}],
    "stats": {"url": "u"},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id", {"id": "p"}),
        ("run, id", {"id": "p", "run": POOL["run"]}),
        ("run/results", {"run": {"results": "r"}}),
        ("run/results,run", {"run": POOL["run"]}),
        ("run,run/results", {"run": POOL["run"]}),
        ("run/results,run/timestamp,id", {"id": "p", "run": POOL["run"]}),
        ("pairs/value", {"pairs": [{"value": "v"}]}),
    ],
)
def test_select(text: str, expected: dict[str, Any]) -> None:
    selected = parse_select(text, MODELS["Pool"], MODELS).apply(POOL)
    assert selected == {"odata.metadata": "m", **expected}
    assert list(selected) == [name for name in POOL if name in selected]


@pytest.mark.parametrize("text", ["", "id,", "nothing", "Id", "id/run", "run/nothing", "run/", "*", "odata.metadata"])
def test_bad_selects(text: str) -> None:
    with pytest.raises(SelectError):
        parse_select(text, MODELS["Pool"], MODELS)


def test_expand() -> None:
    expanded = parse_expand("stats", {"stats"})
    assert without_unexpanded(POOL, expanded, {"stats"}) == POOL
    assert without_unexpanded(POOL, (), {"stats"}).keys() == POOL.keys() - {"stats"}
    for text in ("", "run", "stats,run", "Stats"):
        with pytest.raises(ExpandError):
            parse_expand(text, {"stats"})


PAGER = Pager(b"a secret")
keys = st.sets(st.text(max_size=8), max_size=12)


def all_pages(items: set[str], limit: int) -> list[list[str]]:
    pages, token = [], None
    while True:
        shown, token = PAGER.page(items, key=str, limit=limit, token=token, scope="pools")
        pages.append(shown)
        if token is None:
            return pages


@DERANDOMIZED
@given(keys, st.integers(1, 5))
def test_pages_hold_every_item_once_in_order(items: set[str], limit: int) -> None:
    pages = all_pages(items, limit)
    assert [item for page in pages for item in page] == sorted(items)
    assert all(len(page) == limit for page in pages[:-1])
    assert len(pages) == max(1, -(-len(items) // limit))


@DERANDOMIZED
@given(keys.filter(lambda found: len(found) > 1), keys, st.data())
def test_pages_are_stable_when_items_come_and_go(items: set[str], others: set[str], data: st.DataObject) -> None:
    limit = data.draw(st.integers(1, len(items) - 1))
    first, token = PAGER.page(items, key=str, limit=limit, scope="pools")
    later = (items | others) - set(data.draw(st.sets(st.sampled_from(sorted(items)))))
    rest, _ = PAGER.page(later, key=str, limit=100, token=token, scope="pools")
    assert rest == sorted(item for item in later if item > first[-1])


def test_a_token_of_another_list_or_secret_is_refused() -> None:
    _, token = PAGER.page("abc", key=str, limit=1, scope="pools")
    for pager, scope in ((PAGER, "jobs"), (Pager(b"another"), "pools")):
        with pytest.raises(SkipTokenError):
            pager.page("abc", key=str, limit=1, token=token, scope=scope)


@DERANDOMIZED
@given(st.data())
def test_a_changed_token_is_refused(data: st.DataObject) -> None:
    _, token = PAGER.page("abc", key=str, limit=1, scope="pools")
    assert token is not None
    position = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=300).filter(lambda c: c != token[position]))
    with pytest.raises(SkipTokenError):
        PAGER.page("abc", key=str, limit=1, token=token[:position] + letter + token[position + 1 :], scope="pools")


@pytest.mark.parametrize("token", ["", "x", "====", "é", "AAAA", "a b"])
def test_a_made_up_token_is_refused(token: str) -> None:
    with pytest.raises(SkipTokenError):
        PAGER.page("abc", key=str, limit=1, token=token, scope="pools")
