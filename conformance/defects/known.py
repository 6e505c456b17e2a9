"""Every defect that comes with the suite, by id, and those of files from elsewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from conformance.defects import families
from conformance.defects.model import Defect

# it names a folder of its own while it is shown
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class DefectFileError(Exception):
    """A file with defects is no such file. The message says which, and what is wrong."""


def _all() -> Iterable[Defect]:
    for module in iter_modules(families.__path__):
        yield from import_module(f"{families.__name__}.{module.name}").DEFECTS


def by_id(defects: Iterable[Defect]) -> Mapping[str, Defect]:
    """Raises ValueError when two have the same id."""
    found: dict[str, Defect] = {}
    for defect in defects:
        if defect.id in found:
            raise ValueError(f"two defects are called {defect.id}")
        found[defect.id] = defect
    return found


DEFECTS = by_id(_all())


def gathered(files: Iterable[str | Path] = ()) -> Mapping[str, Defect]:
    """Those of the suite, and those of Python files that have a `DEFECTS` of their own. Raises DefectFileError."""
    found = dict(DEFECTS)
    for file in files:
        for defect in _of_file(Path(file)):
            if defect.id in found:
                raise DefectFileError(f"{file}: there is a defect {defect.id} already")
            found[defect.id] = defect
    return found


def _of_file(path: Path) -> tuple[Defect, ...]:
    given = getattr(_module(path), "DEFECTS", None)
    if not isinstance(given, list | tuple) or not all(isinstance(one, Defect) for one in given):
        raise DefectFileError(f"{path}: it needs a tuple DEFECTS of conformance.defects.Defect")
    for one in given:
        if wrong := _wrong(one):
            raise DefectFileError(f"{path}: defect {one.id!r}: {wrong}")
    return tuple(given)


def _wrong(defect: Defect) -> str:
    """What a type checker would have said."""
    if not isinstance(defect.id, str) or not _ID.fullmatch(defect.id):
        return "an id is made of letters, digits, - . and _"
    for name in ("requirements", "consequences"):
        given = getattr(defect, name)
        if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
            return f"{name} is a tuple of texts, such as ('pools.delete.answers-202',)"
    return "" if callable(defect.make) else "make is a function that gets the service and gives the lie"


def _module(path: Path) -> Any:
    try:
        there = path.is_file()
    except OSError as error:
        raise DefectFileError(f"{path}: {error.strerror or error}") from None
    if not there:
        raise DefectFileError(f"{path}: there is no such file")
    spec = spec_from_file_location(f"defects_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise DefectFileError(f"{path}: no Python file")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        with redirect_stdout(sys.stderr):  # standard output belongs to who asks for defects
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise DefectFileError(f"{path}: {type(error).__name__}: {error}") from error
    return module
