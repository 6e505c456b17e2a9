"""Whatever a service answers, a rule does not break: every finding is about the exchange."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from rule_samples import GOOD, header, raw, status

from conformance.exchange import Exchange
from conformance.rules import context_for, findings

_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_WITH_JSON = sorted(name for name, one in GOOD.items() if one.response.body.startswith(b"{"))
# the first look at a path of no api-version reads every contract, which takes longer than one example may
_CALM = settings(deadline=None, derandomize=True, database=None)
_STATUSES = st.sampled_from([200, 201, 202, 204, 206, 301, 304, 400, 404, 409, 412, 418, 429, 500, 503])


def suite_errors(exchange: Exchange) -> list[str]:
    return [finding.message for finding in findings(context_for(exchange)) if finding.suite_error]


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for step, value in steps for place in _places(value, (*path, step)))]


def _set(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    inner = tree
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return tree


@_CALM
@given(st.sampled_from(_WITH_JSON), st.data())
def test_any_value_anywhere_in_a_body(name: str, data: st.DataObject) -> None:
    tree = json.loads(GOOD[name].response.body)
    changed = _set(tree, data.draw(st.sampled_from(_places(tree))), data.draw(_VALUES))
    assert suite_errors(raw(json.dumps(changed).encode())(GOOD[name])) == []


@_CALM
@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=40), _STATUSES)
def test_any_bytes_with_any_status(name: str, content: bytes, code: int) -> None:
    assert suite_errors(status(code)(raw(content)(GOOD[name]))) == []


@_CALM
@given(st.sampled_from(sorted(GOOD)), st.data(), st.text(max_size=30))
def test_any_text_in_a_header(name: str, data: st.DataObject, value: str) -> None:
    field = data.draw(st.sampled_from([n for n, _ in GOOD[name].response.headers.fields]))
    assert suite_errors(header(field, value)(GOOD[name])) == []
