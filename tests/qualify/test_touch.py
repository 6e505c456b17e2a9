"""Which scenarios could notice a defect is found without a service: a lie is tried on what was asked and answered."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from conformance.defects import Defect
from conformance.defects.answers import member, no_header, simply
from conformance.defects.model import Ask, Break, Maker, Silence
from conformance.defects.requests import deaf_to_parameter
from conformance.defects.stored import after
from conformance.qualify.touch import spread, touched
from conformance.reference.wire import WireAnswer, WireRequest

SHOWN = (
    WireRequest("GET", "/pools/one", "api-version=2022-01-01.15.0&$select=id", [], b"", "http://x"),
    WireAnswer(200, [("ETag", "0x1")], b'{"id":"one","state":"active"}'),
)
CHANGED = (WireRequest("PATCH", "/pools/one", "", [], b"{}", "http://x"), WireAnswer(200, [("ETag", "0x2")]))
HEARD = {"shown": [SHOWN], "changed": [CHANGED], "both": [SHOWN, CHANGED]}


def of(make: Maker) -> Defect:
    return Defect("a-lie", "It lies.", "status", (), "", make)


async def silent(asked: WireRequest, ask: Ask) -> WireAnswer:
    raise Silence


async def breaking(asked: WireRequest, ask: Ask) -> WireAnswer:
    if asked.method == "PATCH":
        raise Break
    return await ask(asked)


async def again(asked: WireRequest, ask: Ask) -> WireAnswer:
    await ask(asked)
    return await ask(asked)


async def unasked(asked: WireRequest, ask: Ask) -> WireAnswer:
    return CHANGED[1] if asked.method == "PATCH" else await ask(asked)


async def equal(asked: WireRequest, ask: Ask) -> WireAnswer:
    return replace(await ask(replace(asked)))


@pytest.mark.parametrize(
    ("make", "sources"),
    [
        (no_header("GET /pools/{}", "ETag"), {"shown", "both"}),
        (no_header("* /...", "ETag"), {"shown", "changed", "both"}),
        (no_header("* /...", "Location"), set()),
        (member("GET /pools/{}", "state", "active"), set()),
        (member("GET /pools/{}", "state", "gone"), {"shown", "both"}),
        (deaf_to_parameter("* /...", "$select"), {"shown", "both"}),
        (deaf_to_parameter("* /...", "$expand"), set()),
        (after("PATCH /pools/{}", lambda changed: None), {"changed", "both"}),
        (simply(silent), {"shown", "changed", "both"}),
        (simply(breaking), {"changed", "both"}),
        (simply(equal), set()),
        (simply(again), {"shown", "changed", "both"}),
        (simply(unasked), {"changed", "both"}),
    ],
)
def test_a_source_is_touched_when_the_lie_would_change_anything_of_it(make: Maker, sources: set[str]) -> None:
    assert set(touched([of(make)], HEARD)) == sources


def test_it_is_told_by_which_kind_of_request_first() -> None:
    assert touched([of(no_header("* /...", "ETag"))], HEARD) == {
        "shown": "GET /pools/{}",
        "changed": "PATCH /pools/{}",
        "both": "GET /pools/{}",
    }


def test_several_defects_touch_what_any_of_them_does() -> None:
    lies = [of(member("GET /pools/{}", "state", "gone")), of(after("PATCH /pools/{}", lambda changed: None))]
    assert set(touched(lies, HEARD)) == set(HEARD)


@pytest.mark.parametrize(("count", "most"), [(0, 4), (3, 4), (4, 4), (5, 4), (100, 7)])
def test_a_choice_is_spread_evenly_and_has_nothing_twice(count: int, most: int) -> None:
    chosen = spread(range(count), most)
    assert len(chosen) == len(set(chosen)) == min(count, most)
    gaps = {later - one for one, later in pairwise(chosen)}
    assert not gaps or max(gaps) - min(gaps) <= 1
