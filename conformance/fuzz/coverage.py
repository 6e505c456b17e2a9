"""The cases of Schemathesis's coverage phase as plans: every keyword of the schema at its bounds and one step beyond, everything
required left out once, other methods. They are sent about resources that exist, since about others all answers are alike."""

from __future__ import annotations

import itertools
import random
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from conformance.fuzz.bodies import Bodies
from conformance.fuzz.document import Described
from conformance.fuzz.machine import Machine, World
from conformance.fuzz.naming import fill, parameters
from conformance.fuzz.plan import Plan, Step
from conformance.fuzz.steady import steady
from conformance.fuzz.stock import is_json

_CASES_IN_A_PLAN: Final = 8
_MOST: Final = 600
_SAMPLE: Final = 0.5
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_VERSION: Final = "api-version"


def plans(machine: Machine, bodies: Bodies, by: random.Random, *, thorough: bool) -> Iterator[Plan]:
    """Operations in turn, a handful of cases each time. `thorough`: until all are told; otherwise one in two is left out, so that
    little is made in vain when few are wanted."""
    operations = machine.operations
    told = {one.id: _shuffled(one, by) if thorough else _sampled(one, by) for one in operations}
    waiting = [one for one in operations if one.known is not None]
    by.shuffle(waiting)
    while waiting:
        for one in list(waiting):
            cases = list(itertools.islice(told[one.id], _CASES_IN_A_PLAN))
            if not cases:
                waiting.remove(one)
                continue
            world = machine.prologue(by)
            for case in cases:
                step = _step(case, one, machine, world, bodies, by)
                if step is not None:
                    world.steps.append(step)
            if len(cases) and world.steps:
                yield Plan(machine.family, tuple(world.steps), "coverage")


def _shuffled(one: Described, by: random.Random) -> Iterator[Any]:
    """Made when the first is wanted."""
    seed = by.random()
    cases = list(itertools.islice(_cases(one), _MOST))
    random.Random(seed).shuffle(cases)
    yield from cases


def _sampled(one: Described, by: random.Random) -> Iterator[Any]:
    own = random.Random(by.random())
    return (case for case in _cases(one) if own.random() < _SAMPLE)


def _cases(one: Described) -> Iterator[Any]:
    from schemathesis import GenerationMode
    from schemathesis.generation.coverage import GenerationSession

    steady()
    operation = one.operation
    config = operation.schema.config.generation_for(operation=operation, phase="coverage")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from operation.schema.iter_coverage_cases(
            operation,
            generation_modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE],
            generation_config=config,
            session=GenerationSession(),
        )


def _step(case: Any, one: Described, machine: Machine, world: World, bodies: Bodies, by: random.Random) -> Step | None:
    """The case about something that exists; None for one that cannot be put so."""
    values = machine.values(world, one, by)
    about = getattr(case.meta.phase.data, "parameter_location", None) if case.meta is not None else None
    if str(about or "").endswith("path") and case.method.upper() in _READS:
        stated = {name: str(value) for name, value in (case.path_parameters or {}).items()}
        values = {name: stated.get(name) or values.get(name, "x") for name in parameters(one.path)}
    query = {name: _text(value) for name, value in (case.query or {}).items()}
    versioned = _versioned(case, one, query)
    if versioned:
        query.pop(_VERSION, None)
    step = Step(one.id, case.method.upper(), fill(one.path, values), query=query, versioned=versioned)
    if one.body is None or not _has_body(case):
        return step
    if not is_json(case.body):
        return replace(step, content=case.body.decode("latin-1") if isinstance(case.body, bytes) else "")
    return replace(step, body=bodies.sensible(case.body, one, values, world.last()))


def _has_body(case: Any) -> bool:
    return type(case.body).__name__ != "NotSet"


def _text(value: Any) -> str:
    """Of a parameter that is stated twice, the first."""
    return str(value[0]) if isinstance(value, list) and value else str(value)


def _versioned(case: Any, one: Described, query: Mapping[str, str]) -> bool:
    """Whether the api-version is the one under test. A document that allows any text makes them up."""
    if all(parameter.name != _VERSION for parameter in one.operation.query):
        return True
    pinned = _pinned(one)
    if pinned is not None:
        return query.get(_VERSION) == pinned
    return getattr(case.meta.phase.data, "parameter", None) != _VERSION if case.meta is not None else True


def _pinned(one: Described) -> str | None:
    """The api-version that the document allows for the operation."""
    for parameter in one.operation.query:
        if parameter.name == _VERSION:
            schema = parameter.definition.get("schema", parameter.definition)
            return next(iter(schema.get("enum", ())), None)
    return None
