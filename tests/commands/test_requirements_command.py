"""`requirements`: the listing, its filters, and what verifies what."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from conformance.audit import write_seen
from conformance.cli import call
from conformance.commands import requirements as command
from conformance.commands.marks import marked, scenarios_by_requirement
from conformance.commands.requirements import Format, Selection, as_json, as_markdown, as_text, rows, unknown, untestable
from conformance.requirements import Catalogue, Requirement, Source, Untestable

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
    assert text.endswith("4 requirements: 2 MUST, 1 SHOULD, 1 MAY; 1 verified by a rule, 1 by a scenario, 2 by nothing yet.")


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
KEPT = ["pools.patch.keeps-a", "pools.patch.keeps-b"]
NAMES = ("a", "b")
pytestmark = pytest.mark.requirement("module.x")

@pytest.mark.requirement("one.x", "two.x")
def test_plain(): ...

@pytest.mark.requirement(*KEPT)
async def test_starred(): ...

@pytest.mark.parametrize("n", [pytest.param(n, marks=pytest.mark.requirement(f"pools.{n}.clears")) for n in NAMES])
def test_each(n): ...

@pytest.mark.requirement("class.x")
class TestGroup:
    def test_in(self): ...
    def helper(self): ...

CASES = [pytest.param(1, marks=[pytest.mark.requirement("case.x")])]
@pytest.mark.parametrize("n", CASES)
def test_cases(n): ...

@pytest.mark.slow("not.an.id")
def test_other(): ...
"""


def test_marks_are_found_wherever_pytest_takes_them() -> None:
    found = {test: ids - {"module.x"} for test, ids in marked(ast.parse(MARKED))}
    assert found == {
        "test_plain": {"one.x", "two.x"},
        "test_starred": {"pools.patch.keeps-a", "pools.patch.keeps-b"},
        "test_each": {"pools.*.clears"},
        "TestGroup::test_in": {"class.x"},
        "test_cases": {"case.x"},
        "test_other": set(),
    }
    assert all("module.x" in ids for _, ids in marked(ast.parse(MARKED)))


def test_scenarios_are_found_by_requirement(tmp_path: Path) -> None:
    path = tmp_path / "scenarios" / "pools" / "test_patch.py"
    path.parent.mkdir(parents=True)
    path.write_text(MARKED)
    found = scenarios_by_requirement(["pools.patch.keeps-a", "pools.start-task.clears", "none.x"], tmp_path / "scenarios")
    assert found == {
        "pools.patch.keeps-a": ["scenarios/pools/test_patch.py::test_starred"],
        "pools.start-task.clears": ["scenarios/pools/test_patch.py::test_each"],
        "none.x": [],
    }


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
