"""What can be said of a formula without running it: do its names exist, may they be written, are there enough arguments."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.reference.autoscale.errors import FormulaSyntaxError
from conformance.reference.autoscale.functions import FUNCTIONS
from conformance.reference.autoscale.names import (
    DEALLOCATION,
    DEALLOCATION_OPTIONS,
    INTERVALS,
    METHODS,
    TIMESTAMP_MEMBERS,
    Naming,
)
from conformance.reference.autoscale.syntax import Call, Member, MethodCall, Name, Node, Statement, walk


def check_statements(statements: Iterable[Statement], naming: Naming) -> None:
    """Raises `FormulaSyntaxError` at the first name or call that is not possible."""
    writable = {*naming.targets, DEALLOCATION}
    metrics = naming.metrics
    known = {*writable, *metrics, *INTERVALS, *DEALLOCATION_OPTIONS}
    reserved = known - writable
    for statement in statements:
        # in reading order, so that the first mistake is the one told
        for node in sorted((node for node, _ in walk(statement.value)), key=lambda node: node.position):
            _check_node(node, known, metrics)
        if statement.variable in reserved:
            raise FormulaSyntaxError(f"{statement.variable!r} can only be read", statement.position)
        if statement.variable is not None:
            known.add(statement.variable)


def _check_node(node: Node, known: Iterable[str], metrics: Iterable[str]) -> None:
    match node:
        case Name(name=name) if name not in known:
            raise FormulaSyntaxError(f"there is no variable {name!r}", node.position)
        case Call(function=function, arguments=arguments):
            if function not in FUNCTIONS:
                raise FormulaSyntaxError(f"there is no function {function!r}", node.position)
            _check_count(node, function, len(arguments), FUNCTIONS[function].least, FUNCTIONS[function].most)
        case MethodCall(subject=subject, method=method, arguments=arguments):
            if not isinstance(subject, Name) or subject.name not in metrics or method not in METHODS:
                raise FormulaSyntaxError(f"there is no method {method!r} here", node.position)
            _check_count(node, method, len(arguments), *METHODS[method])
        case Member(name=name) if name not in TIMESTAMP_MEMBERS:
            raise FormulaSyntaxError(f"there is no member {name!r}", node.position)


def _check_count(node: Node, name: str, given: int, least: int, most: int | None) -> None:
    if given < least or (most is not None and given > most):
        wanted = f"{least}" if least == most else f"{least} to {most}" if most is not None else f"{least} or more"
        raise FormulaSyntaxError(f"{name!r} takes {wanted} arguments, not {given}", node.position)
