"""Runs a formula and writes its results as the service does:
`$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue`, then the formula's own variables by name.

Where the documents are silent: a target is cut to a whole number, and one below zero counts as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conformance.reference.autoscale import metrics, values
from conformance.reference.autoscale.check import check_statements
from conformance.reference.autoscale.errors import FormulaError, FormulaEvaluationError, InsufficientSamples
from conformance.reference.autoscale.functions import FUNCTIONS, Stop
from conformance.reference.autoscale.names import DEALLOCATION, DEALLOCATION_OPTIONS, DEDICATED, INTERVALS, LOW_PRIORITY, Naming
from conformance.reference.autoscale.parser import parse
from conformance.reference.autoscale.surroundings import Surroundings
from conformance.reference.autoscale.syntax import (
    Binary,
    Call,
    Member,
    MethodCall,
    Name,
    Node,
    Number,
    Statement,
    Ternary,
    Text,
    Unary,
)
from conformance.reference.autoscale.values import Value

# Targets travel as 32-bit integers.
_TOO_MANY = 2**31


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run decided. `results` is the text of the service's AutoScaleRun."""

    target_dedicated: int
    target_low_priority: int
    deallocation: str
    results: str


def check(formula: str, naming: Naming = Naming.NODES) -> None:
    """Raises `FormulaTooLong` or `FormulaSyntaxError` unless the formula could be run."""
    check_statements(parse(formula), naming)


def evaluate(formula: str, surroundings: Surroundings, naming: Naming = Naming.NODES) -> Outcome:
    """Checks the formula and runs it. Raises `FormulaError`."""
    statements = parse(formula)
    check_statements(statements, naming)
    run = _Run(surroundings, naming)
    run.execute(statements)
    return run.outcome()


class _Run:
    def __init__(self, surroundings: Surroundings, naming: Naming) -> None:
        self._surroundings = surroundings
        self._naming = naming
        self._samples = {name: surroundings.samples.get(metric, ()) for name, metric in naming.metrics.items()}
        self._constants: dict[str, Value] = {**INTERVALS, **{option: option for option in DEALLOCATION_OPTIONS}}
        self._assigned: dict[str, Value] = {}

    def execute(self, statements: Sequence[Statement]) -> None:
        try:
            for statement in statements:
                value = self._value(statement.value)
                if statement.variable is not None:
                    self._assign(statement, statement.variable, value)
        except Stop:
            return

    def outcome(self) -> Outcome:
        dedicated = self._target(DEDICATED, self._surroundings.target_dedicated)
        low_priority = self._target(LOW_PRIORITY, self._surroundings.target_low_priority)
        deallocation = str(self._assigned.get(DEALLOCATION, DEALLOCATION_OPTIONS[0]))
        numbers = {DEDICATED: dedicated, LOW_PRIORITY: low_priority}
        preferred = {target: name for name, target in reversed([*self._naming.targets.items()])}
        shown = [f"{preferred[target]}={number}" for target, number in numbers.items() if target in preferred]
        shown.append(f"{DEALLOCATION}={deallocation}")
        own = sorted(self._assigned.keys() - self._naming.targets.keys() - {DEALLOCATION})
        shown.extend(f"{name}={values.text(self._assigned[name])}" for name in own)
        return Outcome(dedicated, low_priority, deallocation, ";".join(shown))

    def _target(self, target: str, default: int) -> int:
        """The value of the preferred name that was set, else the current target."""
        for name, stands_for in self._naming.targets.items():
            value = self._assigned.get(name)
            if stands_for == target and isinstance(value, float):
                return max(0, int(value))
        return default

    def _assign(self, statement: Statement, variable: str, value: Value) -> None:
        if variable in self._naming.targets and not (isinstance(value, float) and value < _TOO_MANY):
            raise FormulaEvaluationError(f"{variable!r} takes a double below {_TOO_MANY}", statement.position)
        if variable == DEALLOCATION and value not in DEALLOCATION_OPTIONS:
            raise FormulaEvaluationError(f"{variable!r} takes one of {', '.join(DEALLOCATION_OPTIONS)}", statement.position)
        self._assigned[variable] = value

    def _value(self, node: Node) -> Value:
        try:
            return self._compute(node)
        except FormulaError:
            raise
        except metrics.TooFew as error:
            raise InsufficientSamples(str(error), node.position) from error
        except values.TypeMismatch as error:
            raise FormulaEvaluationError(str(error), node.position) from error
        except ZeroDivisionError as error:
            raise FormulaEvaluationError("a division by zero", node.position) from error
        except (ArithmeticError, ValueError) as error:
            raise FormulaEvaluationError("a number is too large, or the function has no value for it", node.position) from error

    def _compute(self, node: Node) -> Value:
        match node:
            case Number(value=number):
                return number
            case Text(value=text):
                return text
            case Name(name=name):
                return self._read(name)
            case Unary(operator=sign, operand=operand):
                return values.unary(sign, self._value(operand))
            case Binary(operator=("&&" | "||") as sign, left=left, right=right):
                return self._logical(sign, left, right)
            case Binary(operator=sign, left=left, right=right):
                return values.binary(sign, self._value(left), self._value(right))
            case Ternary(condition=condition, yes=yes, no=no):
                return self._value(yes if values.truth(self._value(condition)) else no)
            case _:
                return self._apply(node)

    def _apply(self, node: Node) -> Value:
        match node:
            case Call(function=function, arguments=arguments):
                return FUNCTIONS[function].apply([self._value(each) for each in arguments], self._surroundings)
            case MethodCall(subject=Name(name=metric), method=method, arguments=arguments):
                return metrics.call(self._samples[metric], method, [self._value(each) for each in arguments], self._surroundings)
            case Member(subject=subject, name=name):
                return self._member(self._value(subject), name)
            case _:
                raise AssertionError(f"the parser makes no {type(node).__name__}")

    def _logical(self, sign: str, left: Node, right: Node) -> Value:
        first = values.truth(self._value(left))
        if first is (sign == "||"):
            return float(first)
        return float(values.truth(self._value(right)))

    def _read(self, name: str) -> Value:
        if name in self._assigned:
            return self._assigned[name]
        if name in self._samples:
            return metrics.latest(self._samples[name])
        if name in self._naming.targets:
            dedicated = self._naming.targets[name] == DEDICATED
            return float(self._surroundings.target_dedicated if dedicated else self._surroundings.target_low_priority)
        if name == DEALLOCATION:
            return DEALLOCATION_OPTIONS[0]
        return self._constants[name]

    def _member(self, subject: Value, name: str) -> Value:
        if not isinstance(subject, datetime):
            raise values.TypeMismatch(f"a {values.kind(subject)} has no member {name!r}")
        return float(subject.isoweekday() if name == "weekday" else getattr(subject, name))
