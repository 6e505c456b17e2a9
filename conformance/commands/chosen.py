"""Which defects a user chooses of those that are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.target.config import nearest
from conformance.target.errors import UserError

if TYPE_CHECKING:
    from conformance.defects import Defect

_LIST = "--list tells every defect"


def chosen(
    ids: Sequence[str], families: Sequence[str], requirements: Sequence[str], files: Sequence[Path], part: str
) -> list[Defect]:
    """Raises UserError when a word fits nothing, or nothing fits all of them."""
    from conformance.commands.seeded import known_defects
    from conformance.qualify import kills
    from conformance.qualify.declared import fits

    number, parts = _part(part)
    known = known_defects(files)
    _check("--defect", ids, known)
    _check("--family", families, {one.family for one in known.values()})
    taken = kills.load()
    failing = {name: {*one.requirements, *(taken[name].failed if name in taken else ())} for name, one in known.items()}
    _check_requirements(requirements, {each for one in failing.values() for each in one})
    found = [
        one
        for name, one in known.items()
        if (not ids or fits(name, ids))
        and (not families or fits(one.family, families))
        and (not requirements or any(fits(each, requirements) for each in failing[name]))
    ]
    if not found:
        raise UserError("no defect is what all of the options ask for; `batch-conformance qualify --list` tells every one")
    _check_versions(found)
    if number > len(found):
        raise UserError(f"--part {part}: nothing is in it, as the options choose {len(found)}")
    return found[number - 1 :: parts]


def _check(option: str, globs: Sequence[str], known: Mapping[str, Defect] | set[str]) -> None:
    from conformance.qualify.declared import fits

    for glob in globs:
        if not any(fits(name, [glob]) for name in known):
            raise UserError(f"{option}: nothing fits {glob!r}{nearest(glob, known)}; {_LIST}")


def _check_requirements(globs: Sequence[str], failed: set[str]) -> None:
    from conformance.qualify import kills
    from conformance.qualify.declared import fits
    from conformance.requirements import load

    unkilled = kills.unkilled()
    for glob in globs:
        if any(fits(name, [glob]) for name in failed):
            continue
        reason = next((reason for name, reason in unkilled.items() if fits(name, [glob])), "")
        if reason:
            raise UserError(f"--requirement: no defect fails what fits {glob!r}: {reason}")
        known = [name for name, one in load().requirements.items() if not one.retired]
        raise UserError(f"--requirement: no defect fails what fits {glob!r}{nearest(glob, known)}; {_LIST}")


def _check_versions(defects: Iterable[Defect]) -> None:
    from conformance.contract import Plane, versions

    known = [one.name for one in versions(Plane.DATA)]
    for one in defects:
        if one.at not in known:
            raise UserError(f"defect {one.id}: unknown api-version {one.at!r}{nearest(str(one.at), known)}")


def _part(stated: str) -> tuple[int, int]:
    number, slash, parts = stated.partition("/")
    if not (slash and number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
        raise UserError(f"--part: K/N, such as 2/5 for the second of five parts, not {stated!r}")
    return int(number), int(parts)
