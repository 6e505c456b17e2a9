"""Sentences of the documents lead to requirements, and docs/coverage.md shows what verifies these."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conformance.commands.coverage import coverage, verified_by
from conformance.commands.marks import scenarios_by_requirement
from conformance.requirements import CatalogueError, load
from conformance.requirements import catalogue as module
from conformance.requirements.sentences import Document, Sentence, add_unnamed, load_sentences, problems

ROOT = Path(__file__).parents[2]
SEEDS = ["000", "001", "002", "003", "004"]
OLDER = "a sentence for each: `make coverage`"


def test_every_document_has_its_sentences() -> None:
    assert [document.number for document in load_sentences()] == SEEDS
    assert all(document.sentences for document in load_sentences())


def test_every_sentence_leads_to_something_and_every_requirement_of_a_document_is_led_to() -> None:
    assert list(problems(load_sentences(), load())) == [], OLDER


def test_every_sentence_is_verified_by_something() -> None:
    scenarios, known = scenarios_by_requirement(load().requirements), load()
    names = {name for document in load_sentences() for entry in document.sentences for name in entry.requirements}
    assert sorted(name for name in names if verified_by(name, known, scenarios) == "nothing yet") == []


def test_the_table_is_up_to_date() -> None:
    written = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    known = load()
    assert written == coverage(load_sentences(), known, scenarios_by_requirement(known.requirements)), "`make coverage` writes it"


def test_the_numbers_are_those_of_the_documents() -> None:
    shared = os.environ.get("BATCH_SHARED")
    if not shared:
        pytest.skip("BATCH_SHARED (the folder with the documents) is not set")
    assert sorted(path.name[:3] for path in Path(shared, "seeds").glob("*.txt")) == SEEDS


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("documents: [d]\nsentences:\n- {section: s, sentence: S.}\n", "names neither requirements nor"),
        ("documents: [d]\nsentences:\n- {section: s, sentence: S., requirement: [a]}\n", r"sentences\.0\.requirement"),
        ("- a\n", "a mapping with documents and sentences is expected"),
        ("documents: *d\n", r"000\.yaml:1: not YAML"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str) -> None:
    (tmp_path / "sentences").mkdir()
    (tmp_path / "sentences" / "000.yaml").write_text(text)
    monkeypatch.setattr(module, "DATA", tmp_path)
    with pytest.raises(CatalogueError, match=rf"000\.yaml.*{told.removeprefix('000')}" if told[0] != "0" else told):
        load_sentences.__wrapped__()


def test_what_does_not_exist_is_told() -> None:
    entries = [
        Sentence(section="s", sentence="S.", requirements=["pools.no-such-thing"]),
        Sentence(section="s", sentence="T.", untestable="Nobody said this."),
    ]
    told = list(problems((Document(number="000", documents=["no document"], sentences=entries),), load()))
    assert told == [
        "sentences/000.yaml: entry 0: no requirement pools.no-such-thing",
        "sentences/000.yaml: entry 1: untestable.yaml has no statement 'Nobody said this.'",
    ]


def test_what_is_not_led_to_is_added_in_its_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    title, known = "Batch Account - Update", load()
    (tmp_path / "sentences").mkdir()
    monkeypatch.setattr(module, "DATA", tmp_path)
    path = tmp_path / "sentences" / "002.yaml"
    path.write_text("# Why it stands here.\ndocuments: []\n", encoding="utf-8")
    count = add_unnamed(Document(number="002", documents=[title], sentences=[]), known)
    (document,) = load_sentences.__wrapped__()
    assert len(document.sentences) == count > 10
    assert list(problems((document,), known)) == []
    assert path.read_text(encoding="utf-8").startswith("# Why it stands here.\ndocuments:\n- Batch")
    assert add_unnamed(document, known) == 0
    load_sentences.cache_clear()


def test_a_sentence_that_is_only_partly_testable_says_so() -> None:
    known = load()
    untestable = known.untestable[0]
    name = next(r.id for r in known.requirements.values() if r.rule)
    entry = Sentence(section="a | b", sentence="S.", requirements=[name], untestable=untestable.statement)
    table = coverage((Document(number="000", documents=["D"], sentences=[entry]),), known, {name: ["scenarios/x.py::test_a"] * 4})
    assert f"| a \\| b | S. | `{name}` | rule " in table
    assert "`x.py::test_a`, `x.py::test_a`, 2 more<br>not all of it: " in table
    assert "| 000 D | 1 | 1 | 0 |" in table
