"""`requirements`: the listing, its filters, and what verifies what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.audit import write_seen
from conformance.cli import call
from conformance.commands import requirements as command
from conformance.commands.marks import scenarios_by_requirement
from conformance.commands.requirements import Format, Selection, as_json, as_markdown, as_text, rows, unknown, untestable
from conformance.requirements import Catalogue, Requirement, Source, Untestable, load

SOURCE = Source(document="Batch REST", section="Pools | limits")


def _requirement(name: str, level: str = "MUST", **more: object) -> Requirement:
    stated = {"id": name, "level": level, "profile": name.partition(".")[0], "title": f"Sentence of {name}.", "source": SOURCE}
    return Requirement.model_validate({**stated, **more})


SEEN = {"recording": "a.yaml", "date": "2022-09-01", "api_version": "2022-01-01.15.0"}
ENTRIES = [
    _requirement("pools.get.status", rule=["status.success"], operations=["Pool_Get"], seen=SEEN),
    _requirement("pools.patch.keeps-a", since="2016-02-01.3.0"),
    _requirement("pools.patch.keeps-b", "SHOULD", until="2023-11-01.18.0"),
    _requirement("jobs.get.status", "MAY", retired=True),
]
CATALOGUE = Catalogue({r.id: r for r in ENTRIES}, (Untestable(statement="It is fast.", source=SOURCE, reason="No number."),))
SCENARIOS = {"pools.patch.keeps-a": ["scenarios/pools/test_patch.py::test_keeps"]}


def _listed(**selection: tuple[str, ...]) -> list[str]:
    return [row.id for row in rows(CATALOGUE, Selection(**selection), SCENARIOS)]


def test_filters() -> None:
    assert len(_listed()) == 4
    assert _listed(profiles=("jobs",)) == ["jobs.get.status"]
    assert _listed(levels=("MUST", "MAY")) == ["pools.get.status", "pools.patch.keeps-a", "jobs.get.status"]
    assert _listed(ids=("*.patch.*",), levels=("SHOULD",)) == ["pools.patch.keeps-b"]


@pytest.mark.parametrize(
    ("selection", "problem"),
    [
        (Selection(profiles=("pool",)), "unknown profile pool; the catalogue has jobs, pools"),
        (Selection(levels=("SHALL",)), "unknown level SHALL"),
        (Selection(ids=("pools.*", "polls.*")), "no requirement fits polls.*"),
        (Selection(ids=("pools.*",)), ""),
        (Selection(), ""),
    ],
)
def test_what_does_not_exist_is_told(selection: Selection, problem: str) -> None:
    assert problem in unknown(CATALOGUE, selection)
    assert bool(unknown(CATALOGUE, selection)) == bool(problem)


def test_text_says_what_verifies_each() -> None:
    text = as_text(rows(CATALOGUE, Selection(), SCENARIOS))
    assert "pools.get.status  [MUST] pools" in text
    assert "verified by: rule status.success" in text
    assert "verified by: 1 scenario" in text
    assert "verified by: nothing yet" in text
    assert "versions: 2016-02-01.3.0 to last" in text and "versions: first to 2023-11-01.18.0" in text
    assert "live service: 2022-09-01 at 2022-01-01.15.0 (a.yaml)" in text and "live service: not in a recording" in text
    assert "(retired)" in text
    verified = "1 verified by a rule, 0 by the oracle, 1 by a scenario, 2 by nothing yet."
    assert text.endswith(f"4 requirements: 2 MUST, 1 SHOULD, 1 MAY; {verified}")


def test_json_has_every_field() -> None:
    first, second, *_ = json.loads(as_json(rows(CATALOGUE, Selection(), SCENARIOS)))
    assert first["id"] == "pools.get.status" and first["rules"] == ["status.success"] and first["seen"] == SEEN
    assert first["source"] == SOURCE.model_dump() and first["versions"] == "all"
    assert second["scenarios"] == SCENARIOS["pools.patch.keeps-a"]


def test_markdown_is_a_table() -> None:
    head, line, *body = as_markdown(rows(CATALOGUE, Selection(), SCENARIOS)).splitlines()
    assert head.count("|") == line.count("|") == 8
    assert body[0].replace("\\|", "").count("|") == 8
    assert "Pools \\| limits" in body[0]


def test_untestable_statements() -> None:
    assert "It is fast." in untestable(CATALOGUE, Format.TEXT) and "No number." in untestable(CATALOGUE, Format.TEXT)
    assert json.loads(untestable(CATALOGUE, Format.JSON))[0]["reason"] == "No number."
    assert untestable(CATALOGUE, Format.MARKDOWN).splitlines()[2].startswith("| It is fast. | Batch REST, Pools \\| limits |")
    assert "empty" in untestable(Catalogue({}, ()), Format.TEXT)


MARKED = """
import pytest
from scenarios.tables import SHARED, helper
KEPT = ["pools.starred.a", "pools.starred.b"]
NAMES = ("a", "b")
pytestmark = pytest.mark.requirement("pools.module.x")

@pytest.mark.requirement("pools.one.x", "pools.two.x")
def test_plain(): ...

@pytest.mark.requirement(*KEPT)
async def test_starred(): ...

@pytest.mark.parametrize("n", [pytest.param(n, marks=pytest.mark.requirement(f"pools.is.{n}-clears")) for n in NAMES])
def test_each(n): ...

@pytest.mark.requirement("pools.class.x")
class TestGroup:
    def test_in(self): ...
    def helper(self): ...

def _cases(template):
    return [pytest.param(n, marks=pytest.mark.requirement(template.format(n))) for n in NAMES]

@pytest.mark.parametrize("n", _cases("pools.cases.keeps-{}"))
def test_cases(n): ...

def _one(name):
    wanted = f"pools.errors.{name}"
    return pytest.param(name, marks=pytest.mark.requirement(*[wanted, f"{wanted}-code"]))

@pytest.mark.parametrize("n", [_one("wrong")])
def test_codes(n): ...

@pytest.mark.parametrize("n", [pytest.param(s, marks=pytest.mark.requirement(s)) for s in SHARED])
def test_shared(n):
    helper()
"""
TABLES = """
SHARED = {"pools.shared.x": 1}
def helper(): ...
"""
VERIFIED = {
    "pools.one.x": ["test_plain"],
    "pools.two.x": ["test_plain"],
    "pools.starred.a": ["test_starred"],
    "pools.starred.b": ["test_starred"],
    "pools.is.a-clears": ["test_each"],
    "pools.is.c-clears": [],
    "pools.class.x": ["TestGroup::test_in"],
    "pools.cases.keeps-a": ["test_cases"],
    "pools.cases.keeps-z": [],
    "pools.errors.wrong": ["test_codes"],
    "pools.errors.wrong-code": ["test_codes"],
    "pools.errors.other": [],
    "pools.shared.x": ["test_shared"],
    "pools.none.x": [],
}
TESTS = ["test_plain", "test_starred", "test_each", "TestGroup::test_in", "test_cases", "test_codes", "test_shared"]


def _tree(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        path = folder / "scenarios" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder / "scenarios"


def test_marks_are_found_wherever_pytest_takes_them(tmp_path: Path) -> None:
    found = scenarios_by_requirement(VERIFIED, _tree(tmp_path, test_a=MARKED, tables=TABLES))
    assert found == {name: [f"scenarios/test_a.py::{test}" for test in tests] for name, tests in VERIFIED.items()}


def test_a_mark_of_the_module_is_that_of_each_test(tmp_path: Path) -> None:
    found = scenarios_by_requirement(["pools.module.x"], _tree(tmp_path, test_a=MARKED, tables=TABLES))
    assert found == {"pools.module.x": [f"scenarios/test_a.py::{test}" for test in TESTS]}


def test_what_is_not_marked_verifies_nothing(tmp_path: Path) -> None:
    text = 'import pytest\n@pytest.mark.slow("pools.one.x")\ndef test_a():\n    print("pools.one.x")\n'
    assert scenarios_by_requirement(["pools.one.x"], _tree(tmp_path, test_a=text)) == {"pools.one.x": []}


def test_every_requirement_without_a_rule_has_a_scenario_or_is_retired() -> None:
    """In the project itself."""
    catalogue = load()
    found = scenarios_by_requirement(catalogue.requirements)
    assert [r.id for r in catalogue.requirements.values() if not (r.rule or r.trace or r.retired or found[r.id])] == []


@pytest.mark.parametrize(
    ("arguments", "code", "shown"),
    [
        ([], 0, "4 requirements"),
        (["--level", "must"], 0, "2 requirements: 2 MUST"),
        (["--requirement", "jobs.*", "--format", "json"], 0, '"id": "jobs.get.status"'),
        (["--untestable"], 0, "It is fast."),
        (["--profile", "pool"], 2, "unknown profile pool"),
    ],
)
def test_the_command(
    arguments: list[str], code: int, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "load", lambda: CATALOGUE)
    assert call(["requirements", *arguments]) == code
    printed = capsys.readouterr()
    assert shown in (printed.err if code else printed.out)
    assert len(printed.err.splitlines()) == bool(code)


def test_seen_is_written_from_recordings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The real file stays as it is: the command is pointed at another folder."""
    monkeypatch.setattr(command, "load", lambda: CATALOGUE)
    monkeypatch.setattr("conformance.audit.write_seen", lambda seen: write_seen(seen, tmp_path))
    recordings = Path(__file__).parent.parent / "fixtures" / "recordings" / "good"
    assert call(["requirements", "--update-seen", str(recordings)]) == 0
    assert "0 of 4 requirements seen" in capsys.readouterr().out
    assert (tmp_path / "seen.yaml").read_text().endswith("{}\n")


def test_a_scenario_verifies_no_more_than_it_is_marked_with() -> None:
    """Its ids have two gaps, and hundreds would fit."""
    found = scenarios_by_requirement(load().requirements)
    named = [name for name, scenarios in found.items() if "scenarios/tasks/test_missing.py::test_task" in scenarios]
    assert len(named) > 3
    assert [name for name in named if not name.endswith(".missing-refused")] == []


def test_recordings_that_are_not_there_leave_seen_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written: list[object] = []
    monkeypatch.setattr("conformance.audit.write_seen", written.append)
    assert call(["requirements", "--update-seen", "nosuch"]) == 2
    assert "no such file or folder" in capsys.readouterr().err
    assert written == []
