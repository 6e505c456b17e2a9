"""Which scenario verifies which requirement, read from the source: pytest is not imported and no test is collected.

A test marked with `requirement` verifies every id that it reaches: in its marks, its body, and the tables and helpers that these
name, also of other modules of the scenarios. An id that is put together (`f"pools.add.{name}"`) stands for each id that fits, if
what fills each gap is also a text that the test reaches. An id whose parts are computed is not found so: such are taken from what
runs were seen to do (`plugin/requests.json`), as long as the test is there.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path

MARK = "requirement"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
MEASURED = Path(__file__).parents[1] / "plugin" / "requests.json"
_GAP = re.compile(r"\{[^{}]*\}")
_Test = ast.FunctionDef | ast.AsyncFunctionDef


def scenarios_by_requirement(ids: Iterable[str], folder: Path = SCENARIOS) -> dict[str, list[str]]:
    """For every id, the tests that verify it: `scenarios/pools/test_patch.py::test_keeps`."""
    found: dict[str, list[str]] = {name: [] for name in ids}
    sources = Sources(folder.parent)
    measured = _measured() if folder == SCENARIOS else {}
    for path in sorted(folder.rglob("test_*.py")):
        place = path.relative_to(folder.parent)
        module = sources.module(".".join(place.with_suffix("").parts))
        for test, texts in module.tests() if module else ():
            scenario = f"{place.as_posix()}::{test}"
            for name in sorted({*_fitting(texts, found), *(measured.get(scenario, set()) & found.keys())}):
                found[name].append(scenario)
    return found


def _measured() -> dict[str, set[str]]:
    """Scenario → the requirements that it was seen to judge."""
    seen = json.loads(MEASURED.read_text(encoding="utf-8"))
    return {scenario: set(what.get("requirements", ())) for scenario, what in seen.items()}


def _fitting(texts: set[str], ids: Iterable[str]) -> Iterator[str]:
    """A text with `{}` has gaps; one that begins with a gap says nothing."""
    templates = [
        re.compile("(.+)".join(map(re.escape, _GAP.split(t)))) for t in texts if _GAP.search(t) and "." in _GAP.split(t)[0]
    ]
    for name in ids:
        if name in texts or any(_filled(template.fullmatch(name), texts) for template in templates):
            yield name


def _filled(match: re.Match[str] | None, texts: set[str]) -> bool:
    """What fills each gap must be a text, or one text and the end of another."""
    return match is not None and all(_is_reached(gap, texts) for gap in match.groups())


def _is_reached(gap: str, texts: set[str]) -> bool:
    return gap in texts or any(gap[:cut] in texts and f"{{}}{gap[cut:]}" in texts for cut in range(1, len(gap)))


class Sources:
    """The modules below one folder, each parsed once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._modules: dict[str, Module | None] = {}

    def module(self, name: str) -> Module | None:
        if name not in self._modules:
            path = self._root.joinpath(*name.split(".")).with_suffix(".py")
            known = path.is_file() and name.startswith("scenarios")
            self._modules[name] = Module(ast.parse(path.read_text(encoding="utf-8")), self) if known else None
        return self._modules[name]


class Module:
    """`definitions` are what stands at the top: values, functions and classes by name, and names from other modules."""

    def __init__(self, tree: ast.Module, sources: Sources) -> None:
        self._tree = tree
        self._sources = sources

    @cached_property
    def definitions(self) -> dict[str, list[ast.AST]]:
        found: dict[str, list[ast.AST]] = {}
        for node in self._tree.body:
            for name, value in _defined(node):
                found.setdefault(name, []).append(value)
        return found

    def tests(self) -> Iterator[tuple[str, set[str]]]:
        """Each marked test with every text that it reaches."""
        yield from self._tests(self._tree.body, "", self.definitions.get("pytestmark", []))

    def _tests(self, body: Iterable[ast.stmt], prefix: str, outer: list[ast.AST]) -> Iterator[tuple[str, set[str]]]:
        for node in body:
            if isinstance(node, ast.ClassDef):
                yield from self._tests(node.body, f"{prefix}{node.name}::", [*outer, *node.decorator_list])
            elif isinstance(node, _Test) and node.name.startswith("test"):
                marks = list(self._reached([*outer, *node.decorator_list]))
                if any(_is_mark(n) for n in marks):
                    yield f"{prefix}{node.name}", set(_texts(chain(marks, self._reached([node]))))

    def _reached(self, roots: Iterable[ast.AST]) -> Iterator[ast.AST]:
        """All nodes of `roots`, and of the definitions that they name, each only once."""
        waiting: list[tuple[Module, ast.AST]] = [(self, root) for root in roots]
        seen: set[tuple[int, str]] = set()
        while waiting:
            module, root = waiting.pop()
            for node in ast.walk(root):
                yield node
                if isinstance(node, ast.Name) and (id(module), node.id) not in seen:
                    seen.add((id(module), node.id))
                    waiting.extend(module.named(node.id))

    def named(self, name: str) -> Iterator[tuple[Module, ast.AST]]:
        for node in self.definitions.get(name, ()):
            if not isinstance(node, ast.ImportFrom):
                yield self, node
                continue
            other = self._sources.module(node.module or "")
            yield from other.named(name) if other else ()


def _defined(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((t.id, value) for t in targets if isinstance(t, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, node
        case ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name, node) for alias in names)


def _is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == MARK


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
