"""Which sentences of the documents became which requirements: `data/sentences/<number of the document>.yaml`.

A sentence, in our own words and in the order of the document, names the requirements that it became, or the statement of
`untestable.yaml` that says why nobody can test it, or both where a part of it can be tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from conformance.requirements import catalogue
from conformance.requirements.catalogue import Catalogue, CatalogueError

FOLDER = "sentences"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sentence(_Record):
    section: str
    sentence: str
    requirements: list[str] = []
    untestable: str = ""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Sentence:
        if not self.requirements and not self.untestable:
            raise ValueError("names neither requirements nor an untestable statement")
        return self


class Document(_Record):
    """`documents` are the titles by which the sources of requirements cite it; the first is the one to show."""

    number: str
    documents: list[str]
    sentences: list[Sentence]


@cache
def load_sentences() -> tuple[Document, ...]:
    """Raises CatalogueError, which names the file and the entry."""
    return tuple(_read(path) for path in sorted((catalogue.DATA / FOLDER).glob("*.yaml")))


def problems(documents: tuple[Document, ...], known: Catalogue) -> Iterator[str]:
    """Ids and statements that do not exist, and requirements of a document that none of its sentences names."""
    statements = {entry.statement for entry in known.untestable}
    for document in documents:
        place = f"{FOLDER}/{document.number}.yaml"
        for position, entry in enumerate(document.sentences):
            for name in entry.requirements:
                if name not in known.requirements or known.requirements[name].retired:
                    yield f"{place}: entry {position}: no requirement {name}"
            if entry.untestable and entry.untestable not in statements:
                yield f"{place}: entry {position}: untestable.yaml has no statement {entry.untestable!r}"
        missing = unnamed(document, known)
        yield from (f"{place}: no sentence leads to {entry.requirements or entry.untestable}" for entry in missing)


def unnamed(document: Document, known: Catalogue) -> list[Sentence]:
    """An entry for each requirement and each untestable statement of the document that no sentence names yet."""
    named = {name for entry in document.sentences for name in entry.requirements}
    told = {entry.untestable for entry in document.sentences}
    found = [
        Sentence(section=r.source.section, sentence=r.title, requirements=[r.id])
        for r in known.requirements.values()
        if r.source.document in document.documents and not r.retired and r.id not in named
    ]
    found += [
        Sentence(section=u.source.section, sentence=u.statement, untestable=u.statement)
        for u in known.untestable
        if u.source.document in document.documents and u.statement not in told
    ]
    return found


def add_unnamed(document: Document, known: Catalogue) -> int:
    """Write those entries into the file of the document, each behind the last one of its section; returns how many."""
    new = unnamed(document, known)
    if not new:
        return 0
    by_section: dict[str, list[Sentence]] = {}
    for entry in (*document.sentences, *new):
        by_section.setdefault(entry.section, []).append(entry)
    whole = [entry for entries in by_section.values() for entry in entries]
    path = catalogue.DATA / FOLDER / f"{document.number}.yaml"
    lines = [*_comment(path), "documents:", *(f"- {_flow(title)}" for title in document.documents), "sentences:"]
    lines += [f"- {_flow(entry.model_dump(exclude_defaults=True))}" for entry in whole]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    load_sentences.cache_clear()
    return len(new)


def _comment(path: Path) -> list[str]:
    """What stands above the data."""
    if not path.is_file():
        return []
    return list(takewhile(lambda line: line.startswith("#"), path.read_text(encoding="utf-8").splitlines()))


def _flow(value: Any) -> str:
    """One line of YAML."""
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=True, width=10**6)
    return str(text).removesuffix("...\n").rstrip("\n")


def _read(path: Path) -> Document:
    raw: Any = catalogue.read_yaml(path)
    if not isinstance(raw, dict):
        raise CatalogueError(f"{path}: a mapping with documents and sentences is expected")
    try:
        return Document.model_validate({"number": path.stem, **raw})
    except ValidationError as error:
        first = error.errors()[0]
        raise CatalogueError(f"{path}: {'.'.join(str(step) for step in first['loc'])}: {first['msg']}") from error
