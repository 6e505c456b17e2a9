"""Fuzzes one family of resources, and writes what was found for the process that reports."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any
from zlib import crc32

from conformance import contract as contracts
from conformance.contract import Contract, Plane
from conformance.contract.openapi import render
from conformance.exchange import write_exchange
from conformance.fuzz import coverage
from conformance.fuzz.bodies import Bodies
from conformance.fuzz.document import Document, describe, read
from conformance.fuzz.engine import Attempt, Bounds, Engine, Findings, interleaved
from conformance.fuzz.failure import Failure
from conformance.fuzz.leaves import Body
from conformance.fuzz.machine import Machine
from conformance.fuzz.naming import NO_NODES
from conformance.fuzz.plan import Plan
from conformance.fuzz.stock import Stock
from conformance.fuzz.store import Store, database, folder
from conformance.fuzz.values import Values
from conformance.plugin import bodies as known_bodies
from conformance.plugin.fuzzing import attempt, watch_of
from conformance.plugin.fuzzreport import FOUND
from conformance.plugin.fuzzsettings import EXAMPLES, MANAGEMENT, Fuzz
from conformance.plugin.probe import PROBE
from conformance.plugin.process import Process
from conformance.plugin.requests import with_query
from conformance.target import BudgetExhausted, TargetUnreachable

_MISTAKES = 0.2
# seconds to wait for an answer at first
_HASTE = 10.0
_SOUNDINGS, _BETWEEN = 5, 0.5


def fuzz_family(process: Process, family: str, source: str) -> Findings:
    """Sends the family's share of the plans. Raises BudgetExhausted only when not one plan could be sent."""
    settings = process.settings
    fuzz = settings.fuzz
    at = contracts.at(settings.management_version, Plane.MANAGEMENT) if family == MANAGEMENT else process.batch.contract
    store = Store(database(folder()), _target(process), at.version.name, family)
    kept = store.plans()
    requests = None if settings.embedded else fuzz.requests_of(family)
    engine = Engine(
        _attempts(process, source),
        partial(_alive, process),
        time.monotonic,
        Bounds(fuzz.plans_of(family) + len(kept), fuzz.seconds_of(family), requests),
    )
    try:
        engine.run(chain(kept, generated(process, family, fuzz)))
    except BudgetExhausted as ended:
        if not engine.findings.plans:
            raise
        engine.findings.stopped = str(ended)
    _keep(store, kept, engine.findings)
    _write(process.place.work / f"{FOUND}{family}.json", family, engine.findings)
    return engine.findings


def generated(process: Process, family: str, fuzz: Fuzz) -> Iterator[Plan]:
    """Plans without end, or none where there is nothing to send."""
    at = contracts.at(process.settings.management_version, Plane.MANAGEMENT) if family == MANAGEMENT else process.batch.contract
    machine, bodies, by = _machine(process, family, at, fuzz)
    return _plans(machine, bodies, by, fuzz.examples > EXAMPLES)


def _attempts(process: Process, source: str) -> Callable[[Plan, bool], Attempt]:
    watch, count = watch_of(process), 0

    def send(plan: Plan, patient: bool) -> Attempt:
        nonlocal count
        count += 1
        process.client.hasty = None if patient else _HASTE
        try:
            return attempt(process, plan, watch, f"{source}#{count}")
        finally:
            process.client.hasty = None

    return send


def _plans(machine: Machine, bodies: Bodies, by: random.Random, thorough: bool) -> Iterator[Plan]:
    def sequences() -> Iterator[Plan]:
        while True:
            yield machine.plan(random.Random(by.random()))

    if machine.empty:
        return iter(())
    return interleaved(coverage.plans(machine, bodies, random.Random(by.random()), thorough=thorough), sequences())


def _machine(process: Process, family: str, at: Contract, fuzz: Fuzz) -> tuple[Machine, Bodies, random.Random]:
    settings = process.settings
    start = crc32(f"{fuzz.seed} {family}".encode())
    document, shapes, values = _described(at.version.name, at.version.plane, fuzz.spec if family != MANAGEMENT else None)
    bodies = Bodies(at, shapes, Stock(values, fuzz.seed), _bases(process, at), _MISTAKES)
    others = [v.name for v in contracts.versions(at.version.plane) if v.name != at.version.name and not v.preview]
    resource = "accounts" if family == MANAGEMENT else family
    residents = settings.target.permissions.start_nodes
    return Machine(resource, document.operations, at, bodies, others, residents), bodies, random.Random(start)


@cache
def _described(version: str, plane: Plane, spec: Path | None) -> tuple[Document, Mapping[str, Body], Values]:
    """What all families of a process share."""
    at = contracts.at(version, plane)
    document = describe(read(spec), at, str(spec)) if spec is not None else describe(render(version, plane), at)
    known = _known_members(at)
    shapes = {one.id: Body(one.body, known) for one in document.operations if one.body is not None}
    return document, shapes, Values(leaf.schema for shape in shapes.values() for leaf in shape.leaves)


def _known_members(at: Contract) -> dict[str, Any]:
    """By member name: images, sizes and pools that a service takes."""
    if at.version.plane is Plane.MANAGEMENT:
        return {}
    pool = known_bodies.pool_body(at, "", {})
    inner = {name: value for name, value in pool.items() if name != "id"}
    machine = pool.get("virtualMachineConfiguration", {})
    return {**inner, **machine, "pool": inner}


def _bases(process: Process, at: Contract) -> Mapping[str, Callable[[], dict[str, Any]]]:
    if at.version.plane is Plane.MANAGEMENT:
        return {"account": process.accounts.body}
    return {
        "pool": partial(known_bodies.pool_body, at, "<<pool:0>>", {}),
        "job": partial(known_bodies.job_body, "<<job:0>>", {}),
        "job-schedule": partial(known_bodies.job_schedule_body, "<<job-schedule:0>>", {}),
        "task": partial(known_bodies.task_body, "<<task:0>>", {}),
        "Pool_EnableAutoScale": lambda: {"autoScaleFormula": NO_NODES},
        "Pool_EvaluateAutoScale": lambda: {"autoScaleFormula": NO_NODES},
        "Pool_Resize": lambda: {"targetDedicatedNodes": 0},
        "certificate": _certificate,
        "node-user": lambda: {"name": "<<node-user:0>>", "password": "<<secret>>"},
    }


def _certificate() -> dict[str, Any]:
    return {
        "thumbprint": "<<thumbprint:0>>",
        "thumbprintAlgorithm": "sha1",
        "data": "<<certificate:0>>",
        "certificateFormat": "pfx",
        "password": "<<password:0>>",
    }


def _target(process: Process) -> str:
    """The embedded service has another port each time."""
    target = process.settings.target
    return "embedded" if process.settings.embedded else f"{target.endpoint} {target.account}"


def _alive(process: Process) -> bool:
    """Whether it answers anything, after a moment if need be."""
    client, source = process.client, process.client.source
    client.source = PROBE
    try:
        for _ in range(_SOUNDINGS):
            try:
                client.send("GET", with_query("/pools", {"maxresults": 1, "api-version": process.settings.version}))
            except TargetUnreachable:
                client.pause(_BETWEEN)
            else:
                return True
        return False
    finally:
        client.source = source


def _keep(store: Store, kept: list[Plan], found: Findings) -> None:
    """What failed is tried first next time; what does not fail any more is forgotten."""
    failing = [failure.plan for failure in found.failures if not failure.flaky]
    for plan in kept[: found.plans]:
        if plan not in failing:
            store.drop(plan)
    for plan in failing:
        store.keep(plan)


def _write(path: Path, family: str, found: Findings) -> None:
    told = {
        "family": family,
        "plans": found.plans,
        "requests": found.requests,
        "seconds": found.seconds,
        "stopped": found.stopped,
        "gone": found.gone,
        "failures": [{**failure.as_json(), "exchanges": _lines(failure)} for failure in found.failures],
    }
    path.write_text(json.dumps(told), encoding="utf-8")


def _lines(failure: Failure) -> str:
    """The exchanges as JSON lines."""
    stream = StringIO()
    for exchange in failure.exchanges:
        write_exchange(stream, exchange)
    return stream.getvalue()
