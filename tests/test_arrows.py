"""Checks every import of the package against the table of who may import whom (ARCHITECTURE.md shows it too)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "conformance"

_BASE = {"exchange", "contract", "requirements"}
_BELOW_JUDGE = _BASE | {"rules", "oracle"}
_BELOW_PLUGIN = _BELOW_JUDGE | {"judge", "target", "recording", "reference", "defects", "fuzz", "report"}
ALLOWED: dict[str, set[str]] = {
    "exchange": set(),
    "contract": set(),
    "requirements": set(),
    "rules": _BASE,
    "oracle": _BASE,
    "judge": _BELOW_JUDGE,
    "target": {"exchange"},
    "recording": {"exchange", "contract", "target"},
    "reference": {"contract"},
    "defects": {"reference"},
    "fuzz": {"contract", "exchange", "target"},
    "report": {"requirements"},
    "plugin": _BELOW_PLUGIN,
    "cli": _BELOW_PLUGIN | {"plugin", "qualify"},
    "qualify": _BELOW_PLUGIN | {"plugin", "cli"},
    "scenarios": {"plugin"},
}
# modules that belong to a room under another name
ROOMS = {"commands": "cli", "audit": "cli", "__main__": "cli"}


def _room(module: str) -> str | None:
    """`conformance.rules.status` → rules; the package itself (its version) is free for all."""
    parts = module.split(".")
    if parts[0] == "scenarios":
        return "scenarios"
    if parts[0] != "conformance" or len(parts) < 2 or parts[1] == "__version__":
        return None
    return ROOMS.get(parts[1], parts[1])


def _module(path: Path) -> str:
    relative = path.relative_to(ROOT).with_suffix("")
    return ".".join(p for p in relative.parts if p != "__init__")


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    package = _module(path).split(".") if path.name == "__init__.py" else _module(path).split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield name, node.lineno
            yield from ((f"{name}.{alias.name}", node.lineno) for alias in node.names if name in {"conformance", "scenarios"})


def _files() -> list[Path]:
    return sorted([*PACKAGE.rglob("*.py"), *(ROOT / "scenarios").rglob("*.py")])


def breaches(path: Path) -> list[str]:
    here = _room(_module(path))
    if here is None:
        return []
    found = []
    for name, line in _imports(path):
        there = _room(name)
        if there is not None and there != here and there not in ALLOWED[here]:
            found.append(f"{path.relative_to(ROOT)}:{line}: {here} may not import {name}")
    return found


def test_every_import_follows_the_table() -> None:
    found = [breach for path in _files() for breach in breaches(path)]
    assert not found, "\n".join(found)


def test_every_room_is_in_the_table() -> None:
    rooms = {_room(_module(path)) for path in _files()} - {None}
    assert rooms <= set(ALLOWED), rooms - set(ALLOWED)


@pytest.mark.parametrize(
    "text",
    [
        "from conformance.rules import RULES",
        "import conformance.rules.model",
        "from conformance import judge",
        "def f() -> None:\n    from conformance.oracle import x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..rules.model import Rule",
    ],
)
def test_a_forbidden_import_is_found(text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = tmp_path / "conformance" / "reference" / "wrong.py"
    module.parent.mkdir(parents=True)
    module.write_text(text)
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    assert len(breaches(module)) == 1
