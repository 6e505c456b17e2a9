"""Tells which requirements no defect fails: `survivors.py [GLOB…] [--report qualification.json…]`.

For maintainers. What was taken down counts, and what the reports of `qualify` say beside it.
"""

from __future__ import annotations

import argparse
from fnmatch import fnmatchcase
from pathlib import Path

from conformance.qualify import kills
from conformance.qualify.report import Qualification
from conformance.requirements import Requirement, load


def killed(reports: list[Path]) -> set[str]:
    found = set(kills.killers(kills.load()))
    for path in reports:
        qualification = Qualification.model_validate_json(path.read_bytes())
        found.update(name for one in qualification.defects for name in one.outcome.failed)
    return found


def line(one: Requirement) -> str:
    lived = f" [{one.since or ''}…{one.until or ''}]" if one.since or one.until else ""
    how = f" rule {','.join(one.rule)}" if one.rule else f" oracle {','.join(one.checks)}" if one.trace else ""
    return f"{one.id} {one.level}{lived}{how}: {one.title}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("glob", nargs="*", default=["*"])
    parser.add_argument("--report", action="append", type=Path, default=[])
    given = parser.parse_args()
    known, count, left = killed(given.report), 0, 0
    for one in load().requirements.values():
        if one.retired or not any(fnmatchcase(one.id, glob) for glob in given.glob):
            continue
        count += 1
        if one.id not in known:
            left += 1
            print(line(one))
    print(f"{left} of {count} requirements survive")


if __name__ == "__main__":
    main()
