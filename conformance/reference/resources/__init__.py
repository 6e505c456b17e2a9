"""One module per resource, and what such modules share. Each registers its handlers when it is imported, and all of them are
imported here: a new resource is a new module in this folder."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


def load() -> None:
    """Import every module of this folder."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
