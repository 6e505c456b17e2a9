"""Sentences of the catalogue are ours: no run of eight words is one of the documents'."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.requirements import load
from conformance.requirements.sentences import load_sentences

RUN = 8


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9.$_-]+", text.lower())
    return (tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))


def test_the_detector_sees_a_copy() -> None:
    sentence = "The quick brown fox jumps over the lazy dog at noon"
    assert set(_runs(sentence)) & set(_runs(f"He said: {sentence.upper()}!"))
    assert not set(_runs(sentence)) & set(_runs("A lazy dog sleeps while the quick brown fox jumps over nothing"))


def test_no_sentence_is_copied() -> None:
    shared = os.environ.get("BATCH_SHARED")
    if not shared:
        pytest.skip("BATCH_SHARED (the folder with the documents) is not set")
    documents = [*Path(shared, "seeds").glob("*.txt"), Path(shared, "facts", "rules-of-the-service.md")]
    theirs = {run for document in documents for run in _runs(document.read_text(encoding="utf-8"))}
    assert theirs
    catalogue = load()
    ours = {r.id: r.title for r in catalogue.requirements.values()}
    ours |= {u.statement: f"{u.statement} {u.reason}" for u in catalogue.untestable}
    ours |= {f"{d.number}: {entry.sentence}": entry.sentence for d in load_sentences() for entry in d.sentences}
    assert [name for name, text in ours.items() if theirs & set(_runs(text))] == []
