"""`docs/coverage.md`: each normative sentence of the documents, the requirements that it became, and what verifies them. Only the
sentences are written by hand (`requirements/data/sentences`); what verifies a requirement is read from the catalogue and the
scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from conformance.requirements import Catalogue
from conformance.requirements.sentences import Document, Sentence, load_sentences

_HEAD = """# What the documents say, and what verifies it

Written by `make coverage` (`batch-conformance requirements --coverage docs/coverage.md`); do not edit it. One row for each
normative sentence, in our own words, of the five documents that the suite rests on. A requirement is verified by rules, which
judge every exchange, and by scenarios, which provoke what is to be seen. What nobody can test from outside says why.
"""
_SHOWN = 2


def write_coverage(path: Path, catalogue: Catalogue, scenarios: Mapping[str, list[str]]) -> str:
    """Write the table; return what to tell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    documents = load_sentences()
    path.write_text(coverage(documents, catalogue, scenarios), encoding="utf-8")
    return f"{path}: {sum(len(document.sentences) for document in documents)} sentences of {len(documents)} documents"


def coverage(documents: tuple[Document, ...], catalogue: Catalogue, scenarios: Mapping[str, list[str]]) -> str:
    blocks = [_HEAD, "\n".join(_totals(documents))]
    blocks += ["\n".join(_document(document, catalogue, scenarios)) for document in documents]
    return "\n\n".join(block.rstrip("\n") for block in blocks) + "\n"


def _totals(documents: tuple[Document, ...]) -> Iterator[str]:
    yield "| document | sentences | tested | not testable |"
    yield "| --- | --- | --- | --- |"
    for document in documents:
        tested = sum(bool(entry.requirements) for entry in document.sentences)
        whole = len(document.sentences)
        yield f"| {document.number} {document.documents[0]} | {whole} | {tested} | {whole - tested} |"


def _document(document: Document, catalogue: Catalogue, scenarios: Mapping[str, list[str]]) -> Iterator[str]:
    reasons = {entry.statement: entry.reason for entry in catalogue.untestable}
    yield f"## {document.number}: {document.documents[0]}"
    yield ""
    yield "| section | sentence | requirement | verified by |"
    yield "| --- | --- | --- | --- |"
    for entry in document.sentences:
        ids = "<br>".join(f"`{name}`" for name in entry.requirements) or "not testable"
        yield f"| {_cell(entry.section)} | {_cell(entry.sentence)} | {ids} | {_verified(entry, catalogue, scenarios, reasons)} |"


def _verified(entry: Sentence, catalogue: Catalogue, scenarios: Mapping[str, list[str]], reasons: Mapping[str, str]) -> str:
    parts = [verified_by(name, catalogue, scenarios) for name in entry.requirements]
    if entry.untestable:
        parts.append(f"{'not all of it: ' if parts else ''}{_cell(reasons.get(entry.untestable, 'no reason is given'))}")
    return "<br>".join(parts)


def verified_by(name: str, catalogue: Catalogue, scenarios: Mapping[str, list[str]]) -> str:
    """The rules of a requirement, the checks of the oracle, and its first scenarios."""
    requirement = catalogue.requirements[name]
    parts = [f"rule {slug}" for slug in requirement.rule] + [f"oracle {check}" for check in requirement.checks]
    tests = [f"`{test.removeprefix('scenarios/')}`" for test in scenarios.get(name, [])]
    parts += tests[:_SHOWN]
    parts += [f"{len(tests) - _SHOWN} more"] if len(tests) > _SHOWN else []
    return _cell(", ".join(parts) or "nothing yet")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
