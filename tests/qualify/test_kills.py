"""What was taken down covers the catalogue: a MUST that no defect fails, or a defect that nothing notices, breaks the build."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conformance.defects import DEFECTS, Defect
from conformance.qualify import kills
from conformance.qualify.campaign import Campaign
from conformance.qualify.declared import ALWAYS, fits
from conformance.qualify.document import Known, by_requirement
from conformance.qualify.kills import Kill
from conformance.qualify.model import LAYERS, Outcome
from conformance.qualify.report import Gathering
from conformance.report.provenance import qualified
from conformance.requirements import load

ROOT = Path(__file__).parents[2]
CATALOGUE = {name: one for name, one in load().requirements.items() if not one.retired}
TAKEN_DOWN = kills.load()
KILLERS = kills.killers(TAKEN_DOWN)
UNKILLED = kills.unkilled()
FAMILIES = 20
NOTHING = Gathering(Campaign([]))


def declaring(requirement: str) -> list[Defect]:
    """The defects that fail it, and that say so: not by a consequence."""
    return [DEFECTS[name] for name in KILLERS.get(requirement, ()) if fits(requirement, DEFECTS[name].requirements)]


def test_each_defect_was_taken_down_and_none_that_is_no_more() -> None:
    assert TAKEN_DOWN.keys() == DEFECTS.keys()


@pytest.mark.parametrize("level", ["MUST", "SHOULD"])
def test_each_requirement_is_failed_by_a_defect_or_has_a_reason(level: str) -> None:
    names = {name for name, one in CATALOGUE.items() if one.level == level}
    assert sorted(names - KILLERS.keys() - UNKILLED.keys()) == []


def test_each_requirement_that_is_failed_is_declared_by_one_that_does() -> None:
    assert sorted(name for name in KILLERS if not declaring(name)) == []


def test_a_reason_is_given_only_for_what_is_known_and_not_failed() -> None:
    assert UNKILLED.keys() <= CATALOGUE.keys()
    assert sorted(UNKILLED.keys() & KILLERS.keys()) == []
    assert all(len(reason) > 20 for reason in UNKILLED.values())


def test_each_defect_fails_what_it_declares_and_nothing_else() -> None:
    for name, defect in DEFECTS.items():
        failed = TAKEN_DOWN[name].failed
        assert failed and failed.keys() <= CATALOGUE.keys(), name
        assert [glob for glob in defect.requirements if not any(fits(one, [glob]) for one in failed)] == [], name
        assert [one for one in failed if not fits(one, (*defect.requirements, *defect.consequences, *ALWAYS))] == [], name


def test_there_are_enough_defects_in_every_family() -> None:
    assert len(DEFECTS) >= 200
    assert len({one.family for one in DEFECTS.values()}) >= FAMILIES


def test_the_published_figure_is_the_one_that_was_taken_down() -> None:
    published = qualified()
    assert published is not None
    assert (published.defects, published.noticed) == (len(TAKEN_DOWN), sum(bool(one.failed) for one in TAKEN_DOWN.values()))
    musts = [name for name, one in CATALOGUE.items() if one.level == "MUST"]
    assert (published.must, published.must_killed) == (len(musts), sum(name in KILLERS for name in musts))
    assert f"{published.noticed} of {published.defects}" in (ROOT / "README.md").read_text(encoding="utf-8")
    shoulds = [name for name, one in CATALOGUE.items() if one.level == "SHOULD"]
    assert (published.should, published.should_killed) == (len(shoulds), sum(name in KILLERS for name in shoulds))
    levels = f"{published.must_killed:,} of {published.must:,} MUST and {published.should_killed} of {published.should} SHOULD"
    assert levels in (ROOT / "README.md").read_text(encoding="utf-8")
    document = (ROOT / "docs" / "qualification.md").read_text(encoding="utf-8")
    assert f"{published.noticed} of {published.defects} defects are noticed" in document
    assert published.date in document


def test_what_is_published_of_the_layers_is_what_was_taken_down() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    document = (ROOT / "docs" / "qualification.md").read_text(encoding="utf-8")
    by_layer = [sum(layer in one.layers for one in TAKEN_DOWN.values()) for layer in LAYERS]
    assert f"| all | {len(TAKEN_DOWN)} | {len(TAKEN_DOWN)} | {' | '.join(map(str, by_layer))} |" in document.splitlines()
    told = [int(line.split()[0]) for line in readme.splitlines() if re.fullmatch(r" +\d+ by .*", line)]
    assert told == by_layer


def test_the_table_of_requirements_has_what_was_taken_down() -> None:
    known = Known(list(CATALOGUE.values()), DEFECTS, TAKEN_DOWN, UNKILLED)
    rows = [line for line in by_requirement(known, NOTHING.concluded()).splitlines() if line.startswith("|")]
    published = (ROOT / "docs" / "qualification-requirements.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in published if line.startswith("|")] == rows


def test_what_is_taken_down_is_written_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "data" / "kills.yaml"
    known = {"gone": Kill(failed={"a": ["traffic"]}, fuzzed=False, recorded=False)}
    made = kills.renewed(known, [Outcome(defect="new", version="v", failed={"b": ["scenarios"]}, fuzzed=["b"])], ["new", "other"])
    kills.write(made, path)
    assert kills.load(path) == {"new": Kill(failed={"b": ["scenarios"]}, fuzzed=True, recorded=False)}
    assert kills.load(path)["new"].layers == {"scenarios", "fuzz"}
    assert kills.load(tmp_path / "nothing.yaml") == {} and kills.unkilled(tmp_path / "nothing.yaml") == {}
