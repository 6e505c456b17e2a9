"""The data of the defects is sound, each of them shows itself, and where none is nothing is different."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase
from functools import cache
from typing import get_args

import pytest
from defect_calls import BROKEN, SILENT, Caller
from defect_walk import job, walk

from conformance.defects import DEFECTS
from conformance.defects.known import by_id
from conformance.defects.model import Family
from conformance.requirements import catalogue

_SENTENCE = re.compile(r"[A-Za-z0-9$].*[^.]\.")  # a lie may begin with the name of a property


@cache
def _clean() -> Caller:
    return _walked(Caller([]))


def _walked(caller: Caller) -> Caller:
    walk(caller)
    return caller


def test_without_defects_nothing_is_different() -> None:
    assert _clean().transcript == _walked(Caller()).transcript


def test_the_walk_goes_well_without_defects() -> None:
    refused = Counter(answer.status for answer in _clean().answers if not 200 <= answer.status < 300)
    assert refused == Counter({400: 6, 404: 5, 409: 2, 412: 2, 304: 1, 403: 1})


@pytest.mark.parametrize("defect", [name for name, one in DEFECTS.items() if one.panel])
def test_a_defect_shows_itself(defect: str) -> None:
    """Those of the panel; that all of them do, qualification shows (tests/qualify/test_kills.py)."""
    assert _walked(Caller([defect])).transcript != _clean().transcript


def test_each_defect_says_what_it_is() -> None:
    for defect in DEFECTS.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", defect.id), defect.id
        assert _SENTENCE.fullmatch(defect.lie) and _SENTENCE.fullmatch(defect.idea), defect.id
        assert defect.requirements, defect.id


def test_their_requirements_are_in_the_catalogue() -> None:
    known = [requirement.id for requirement in catalogue.load().requirements.values() if not requirement.retired]
    globs = {glob: defect.id for defect in DEFECTS.values() for glob in (*defect.requirements, *defect.consequences)}
    assert {glob: of for glob, of in globs.items() if not any(fnmatchcase(name, glob) for name in known)} == {}


def test_every_family_has_a_defect() -> None:
    assert {defect.family for defect in DEFECTS.values()} == set(get_args(Family))


def test_the_panel_is_spread() -> None:
    panel = Counter(defect.family for defect in DEFECTS.values() if defect.panel)
    assert panel.total() == 20
    assert max(panel.values()) <= 2


def test_two_defects_have_two_names() -> None:
    one = next(iter(DEFECTS.values()))
    with pytest.raises(ValueError, match=one.id):
        by_id([one, one])


def test_several_defects_are_told_together() -> None:
    caller = Caller(["request-id-absent", "error-wrapped"])
    answer = caller.send("GET", "/pools/none")
    assert "request-id" not in answer.headers
    assert answer.json["error"]["code"] == "PoolNotFound"


def test_what_breaks_off_and_what_never_answers() -> None:
    caller = Caller(["empty-collection-crash", "expand-hangs"])
    caller.send("POST", "/jobs", job("one"))
    assert caller.send("POST", "/jobs/one/addtaskcollection", {"value": []}).trouble == BROKEN
    assert caller.send("GET", "/jobs?$expand=stats").trouble == SILENT
    assert caller.send("GET", "/jobs").status == 200


def test_a_bad_signature_stays_bad_when_the_request_is_heard_otherwise() -> None:
    caller = Caller(["select-ignored"])
    wrong = {"authorization": f"SharedKey testaccount:{'A' * 43}="}
    assert caller.send("GET", "/jobs?$select=id", headers=wrong, signed=False).status == 403
    assert caller.send("GET", "/jobs?$select=id").status == 200
