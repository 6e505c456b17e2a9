"""Which scenario verifies which requirement, read from the marks in the source: pytest is not imported and no test is collected.

An id that is put together (`f"pools.patch.keeps-{name}"`) is known by its fixed parts only: it stands for every id that fits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

MARK = "requirement"
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def scenarios_by_requirement(ids: Iterable[str], folder: Path = SCENARIOS) -> dict[str, list[str]]:
    """For every id, the tests that are marked with it: `scenarios/pools/test_patch.py::test_keeps`."""
    found: dict[str, list[str]] = {name: [] for name in ids}
    for path in sorted(folder.rglob("test_*.py")):
        place = path.relative_to(folder.parent).as_posix()
        for test, patterns in marked(ast.parse(path.read_text(encoding="utf-8"))):
            for name in _fitting(patterns, found):
                found[name].append(f"{place}::{test}")
    return found


def _fitting(patterns: Iterable[str], ids: Mapping[str, object]) -> Iterator[str]:
    wanted = set(patterns)
    exact = wanted & ids.keys()
    globs = [p for p in wanted if "*" in p]
    yield from (name for name in ids if name in exact or any(fnmatchcase(name, glob) for glob in globs))


def marked(module: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Each test with the ids, or globs of ids, of its own marks, its class's and its module's."""
    constants = dict(_constants(module))
    outer = {p for name in ("pytestmark",) if name in constants for p in _ids(constants[name], constants)}
    yield from _tests(module.body, "", outer, constants)


def _tests(
    body: list[ast.stmt], prefix: str, outer: set[str], constants: Mapping[str, ast.expr]
) -> Iterator[tuple[str, set[str]]]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        own = outer | {p for decorator in node.decorator_list for p in _ids(decorator, constants)}
        if isinstance(node, ast.ClassDef):
            yield from _tests(node.body, f"{prefix}{node.name}::", own, constants)
        elif node.name.startswith("test") and own:
            yield f"{prefix}{node.name}", own


def _constants(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in module.body:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _ids(expression: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """The arguments of every `mark.requirement(…)` in an expression, also of those that its names stand for."""
    for node in _reached(expression, constants):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == MARK:
            for argument in node.args:
                yield from _texts(argument, constants)


def _reached(expression: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[ast.AST]:
    """All nodes of an expression, and those of the module's constants that it names (each only once)."""
    waiting, seen = [expression], set()
    while waiting:
        for node in ast.walk(waiting.pop()):
            yield node
            if isinstance(node, ast.Name) and node.id in constants and node.id not in seen:
                seen.add(node.id)
                waiting.append(constants[node.id])


def _texts(expression: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    for node in _reached(expression, constants) if not isinstance(expression, ast.JoinedStr) else [expression]:
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
