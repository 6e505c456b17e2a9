"""What another tool reports is credited to a defect only when the defect changed what the failed check looks at."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from peer.attribution import about, changes
from peer.schemathesis_cli import Found, document
from peer.table import rendered, table
from peer.trials import CLEAN, TOOLS, Trial
from peer.witness import CASE, witnessed

from conformance.defects import DEFECTS
from conformance.defects.answers import no_header, status
from conformance.defects.model import Maker
from conformance.defects.requests import deaf_to_parameter
from conformance.defects.where import EVERYTHING
from conformance.reference.app import create_app
from conformance.reference.wire import WireAnswer, WireRequest

VERSION = "2022-01-01.15.0"


def noted(maker: Maker, query: str = "maxresults=1") -> list[str]:
    """What the lie is noted to have changed of one answer."""
    service = create_app().state.service
    notes = StringIO()

    async def ask(asked: WireRequest) -> WireAnswer:
        return WireAnswer(200, [("request-id", "1")], b"{}")

    lie = witnessed(maker(service), service, notes)

    async def tell() -> WireAnswer:
        return await lie(WireRequest("GET", "/pools", query, [(CASE, "a")], b"", "http://x"), ask)

    asyncio.run(tell())
    return [name for line in notes.getvalue().splitlines() for name in json.loads(line)["changed"]]


@pytest.mark.parametrize(
    ("maker", "changed"),
    [
        (status(EVERYTHING, 200, 202), ["status"]),
        (status(EVERYTHING, 404, 202), []),
        (no_header(EVERYTHING, "request-id"), ["headers"]),
        (deaf_to_parameter(EVERYTHING, "maxresults"), ["heard"]),
    ],
)
def test_what_a_lie_changes_is_noted(maker: Maker, changed: list[str]) -> None:
    assert noted(maker) == changed


def test_a_failure_is_the_defects_if_the_check_looks_at_what_it_changed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.write_text('{"case": "a", "changed": ["headers"]}\n{"case": "b", "changed": ["stored"]}\n', encoding="utf-8")
    changed = changes(notes)
    headers, rejected = Found("MissingHeaders", "GET /pools", ("a",)), Found("RejectedPositiveData", "GET /pools", ("a",))
    later, elsewhere = Found("UseAfterFree", "GET /pools", ("c", "b")), Found("UseAfterFree", "GET /pools", ("c",))
    assert about([headers, rejected, later, elsewhere], changed) == [headers, later]


def test_the_document_asks_for_no_signature(tmp_path: Path) -> None:
    path = document(VERSION, tmp_path / "openapi.json")
    read = json.loads(path.read_text(encoding="utf-8"))
    assert "security" not in read and len(read["paths"]) > 40


def test_the_table_counts_what_is_found_and_what_is_false() -> None:
    defect = next(one for one in DEFECTS.values() if one.id == "pool-delete-200")
    clean = [Trial(tool, CLEAN, 1, told=("A at X",) if tool == "st" else ()) for tool in TOOLS]
    st = Trial("st", defect.id, 1, "--max-time=10", 100, 10.0, told=("A at X", "B at Y", "C at Z"), changed=("A at X", "B at Y"))
    whole = Trial("whole", defect.id, 1, "", 100, 10.0, told=(defect.requirements[0], "pools.get.answers-200"))
    made = table([clean], [[st, replace(whole, tool="fuzz", told=()), whole]])
    text = rendered(made, VERSION, 2)
    assert "| pool-delete-200 | status | **found**, 2 false | 100 | 10 | - | 100 | 10 | **found**, 1 false | 100 | 10 |" in text
    assert "| whole suite | 1 | 0 | 1 | 10 | 10 |" in text
    assert "pools.get.answers-200 (pool-delete-200, whole suite)" in text
