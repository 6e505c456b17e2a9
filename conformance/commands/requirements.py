"""`batch-conformance requirements`: the catalogue, and what verifies each entry."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

import typer

from conformance.commands.marks import scenarios_by_requirement
from conformance.requirements import Catalogue, Requirement, load


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@dataclass(frozen=True)
class Row:
    """One requirement as it is listed. `since` and `until` are inclusive; None: no bound. `seen` is null when no recording of the
    live service shows it."""

    id: str
    level: str
    profile: str
    plane: str
    since: str | None
    until: str | None
    title: str
    source: Mapping[str, str]
    rules: list[str]
    checks: list[str]
    operations: list[str]
    properties: list[str]
    scenarios: list[str]
    seen: Mapping[str, str] | None
    ambiguity: list[Mapping[str, object]]
    retired: bool

    @property
    def versions(self) -> str:
        if self.since is None and self.until is None:
            return "all"
        return f"{self.since or 'first'} to {self.until or 'last'}"

    @property
    def verified_by(self) -> str:
        parts = [f"rule {slug}" for slug in self.rules] + [f"oracle {check}" for check in self.checks]
        parts += [_plural(len(self.scenarios), "scenario")] * bool(self.scenarios)
        return ", ".join(parts) or "nothing yet"


@dataclass(frozen=True)
class Selection:
    """Which entries are listed; an empty tuple means any. `ids` are globs."""

    profiles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def takes(self, requirement: Requirement) -> bool:
        return (
            (not self.profiles or requirement.profile in self.profiles)
            and (not self.levels or requirement.level in self.levels)
            and (not self.ids or any(fnmatchcase(requirement.id, glob) for glob in self.ids))
        )


def rows(catalogue: Catalogue, selection: Selection, scenarios: Mapping[str, list[str]]) -> list[Row]:
    return [_row(r, scenarios.get(r.id, [])) for r in catalogue.requirements.values() if selection.takes(r)]


def _row(requirement: Requirement, scenarios: list[str]) -> Row:
    stated = requirement.model_dump(mode="json", exclude={"rule", "trace"})
    return Row(**stated, rules=requirement.rule, checks=requirement.checks, scenarios=scenarios)


def as_text(listed: list[Row]) -> str:
    blocks = [_block(row) for row in listed]
    return "\n".join([*blocks, _totals(listed)])


def _block(row: Row) -> str:
    title = textwrap.fill(row.title, 80, initial_indent="    ", subsequent_indent="    ")
    seen = f"{row.seen['date']} at {row.seen['api_version']} ({row.seen['recording']})" if row.seen else "not in a recording"
    lines = [
        f"{row.id}  [{row.level}] {row.profile}{'  (retired)' if row.retired else ''}",
        title,
        f"    versions: {row.versions}; source: {row.source['document']}, {row.source['section']}",
        f"    verified by: {row.verified_by}",
        f"    live service: {seen}",
    ]
    return "\n".join(lines) + "\n"


def _totals(listed: list[Row]) -> str:
    levels = ", ".join(f"{sum(row.level == level for row in listed)} {level}" for level in ("MUST", "SHOULD", "MAY"))
    by_rule, by_scenario = sum(bool(row.rules) for row in listed), sum(bool(row.scenarios) for row in listed)
    by_oracle = sum(bool(row.checks) for row in listed)
    neither = sum(not (row.rules or row.checks or row.scenarios) for row in listed)
    verified = f"{by_rule} verified by a rule, {by_oracle} by the oracle, {by_scenario} by a scenario, {neither} by nothing yet"
    return f"{_plural(len(listed), 'requirement')}: {levels}; {verified}."


def as_markdown(listed: list[Row]) -> str:
    head = ["| id | level | profile | versions | requirement | source | verified by |", "| --- " * 7 + "|"]
    lines = [
        _cells(
            row.id, row.level, row.profile, row.versions, row.title, "{document}, {section}".format(**row.source), row.verified_by
        )
        for row in listed
    ]
    return "\n".join([*head, *lines, "", _totals(listed)])


def _cells(*texts: str) -> str:
    return "| " + " | ".join(" ".join(text.split()).replace("|", "\\|") for text in texts) + " |"


def as_json(listed: list[Row]) -> str:
    return json.dumps([{**asdict(row), "versions": row.versions} for row in listed], indent=1, ensure_ascii=False)


_RENDER: Mapping[Format, Callable[[list[Row]], str]] = {
    Format.TEXT: as_text,
    Format.JSON: as_json,
    Format.MARKDOWN: as_markdown,
}


def untestable(catalogue: Catalogue, form: Format) -> str:
    """The normative sentences that cannot be tested from outside, and why."""
    if form is Format.JSON:
        return json.dumps([entry.model_dump(mode="json") for entry in catalogue.untestable], indent=1, ensure_ascii=False)
    lines = [(e.statement, f"{e.source.document}, {e.source.section}", e.reason) for e in catalogue.untestable]
    if form is Format.MARKDOWN:
        return "\n".join(["| statement | source | reason |", "| --- | --- | --- |", *(_cells(*line) for line in lines)])
    return "\n".join(_plain(lines)) or "The list of untestable statements is empty."


def _plain(lines: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    for statement, source, reason in lines:
        yield textwrap.fill(f"* {statement}", 80, subsequent_indent="  ")
        yield textwrap.fill(f"  ({source}) {reason}", 80, subsequent_indent="  ") + "\n"


def requirements(
    profile: Annotated[list[str] | None, typer.Option(help="Only this profile; may be repeated.")] = None,
    level: Annotated[list[str] | None, typer.Option(help="Only MUST, SHOULD or MAY; may be repeated.")] = None,
    requirement: Annotated[list[str] | None, typer.Option(help="Only ids that fit this glob; may be repeated.")] = None,
    form: Annotated[Format, typer.Option("--format", help="text, json or markdown.")] = Format.TEXT,
    untestable_only: Annotated[
        bool, typer.Option("--untestable", help="The statements that cannot be tested from outside, and why.")
    ] = False,
    update_seen: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="For maintainers: write seen.yaml from recordings of the live service."),
    ] = None,
    coverage: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="For maintainers: write the table of sentences, requirements and what verifies them."),
    ] = None,
    add_sentences: Annotated[
        bool, typer.Option("--add-sentences", help="For maintainers: a sentence for each requirement of a document without one.")
    ] = False,
) -> None:
    """List the catalogue: what must hold, where it is written, and what verifies it."""
    catalogue = load()
    if update_seen:
        typer.echo(renew_seen(catalogue, update_seen))
        return
    if add_sentences:
        typer.echo(complete_sentences(catalogue))
    if coverage:
        typer.echo(renew_coverage(catalogue, coverage))
    if add_sentences or coverage:
        return
    if untestable_only:
        typer.echo(untestable(catalogue, form))
        return
    selection = Selection(tuple(profile or ()), tuple(name.upper() for name in level or ()), tuple(requirement or ()))
    problem = unknown(catalogue, selection)
    if problem:
        from conformance.target.errors import UserError

        raise UserError(problem)
    typer.echo(_RENDER[form](rows(catalogue, selection, scenarios_by_requirement(catalogue.requirements))))


def renew_seen(catalogue: Catalogue, paths: list[str]) -> str:
    """Write anew when the live service was last seen to do what each requirement says; returns what to tell."""
    from conformance.audit import last_seen, write_seen

    absent = [path for path in paths if not Path(path).exists()]
    if absent:
        from conformance.target.errors import UserError

        raise UserError(f"--update-seen {absent[0]}: no such file or folder; seen.yaml is left as it is")
    seen = last_seen(paths, catalogue)
    return f"{write_seen(seen)}: {len(seen)} of {_plural(len(catalogue.requirements), 'requirement')} seen"


def renew_coverage(catalogue: Catalogue, path: Path) -> str:
    from conformance.commands.coverage import write_coverage

    return write_coverage(path, catalogue, scenarios_by_requirement(catalogue.requirements))


def complete_sentences(catalogue: Catalogue) -> str:
    """Requirements that cite a document, and that no sentence leads to yet, are added with their own title."""
    from conformance.requirements.sentences import add_unnamed, load_sentences

    return f"{_plural(sum(add_unnamed(document, catalogue) for document in load_sentences()), 'sentence')} added"


def unknown(catalogue: Catalogue, selection: Selection) -> str:
    """What the user asked for that does not exist, in one line; empty when all does."""
    profiles = {r.profile for r in catalogue.requirements.values()}
    wrong = [p for p in selection.profiles if p not in profiles]
    if wrong:
        return f"unknown profile {', '.join(wrong)}; the catalogue has {', '.join(sorted(profiles))}"
    levels = [name for name in selection.levels if name not in {"MUST", "SHOULD", "MAY"}]
    if levels:
        return f"unknown level {', '.join(levels)}; there are MUST, SHOULD and MAY"
    strange = [glob for glob in selection.ids if not any(fnmatchcase(name, glob) for name in catalogue.requirements)]
    return f"no requirement fits {', '.join(strange)}" if strange else ""


def _plural(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
