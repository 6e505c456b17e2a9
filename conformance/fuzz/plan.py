"""A plan: what the fuzzer is about to send, as plain data. It says nothing of what must be answered; rules and oracle judge that.

A plan is made before anything is sent and does not depend on answers, so it can be kept, shrunk and sent again. What only the run
knows stands in it as a *token* within any text:

    <<pool:1>>         a name that this run gives to the plan's first pool, the same wherever it stands
    <<long-pool:1>>    the same with as many letters more as make it too long, by one
    <<etag:3>>         the ETag that step 3 (counted from 0) was answered with; <<modified:3>> its Last-Modified
    <<next:3>>         path and query of the odata.nextLink of the answer to step 3
    <<location:3>>     path and query of the Location of the answer to step 3
    <<thumbprint:1>>   of the plan's first certificate; <<certificate:1>> its data and <<password:1>> its password
    <<resident-pool>>  a pool that lives as long as the run, and <<resident-node>> the one node in it
    <<secret>>         a password that nobody else knows
    <<account>>        what the target is called; <<subscription>>, <<group>>, <<region>> for the management plane
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

TOKEN: Final = re.compile(r"<<([a-z-]+)(?::(\d+))?>>")
RESIDENT_POOL: Final = "<<resident-pool>>"
RESIDENT_NODE: Final = "<<resident-node>>"
OF_ANSWERS: Final = frozenset({"etag", "modified", "next", "location"})


class _Absent:
    """No body at all."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


@dataclass(frozen=True)
class Step:
    """One request. `operation` is the id of an operation, or empty; `path` is not encoded yet and has its parameters filled in
    (with names or tokens). `body` is JSON; `content`, if given, is sent as it is instead. `versioned`: the client adds the
    api-version under test; otherwise the query holds what is to be said of it."""

    operation: str
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = ABSENT
    content: str | None = None
    versioned: bool = True

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"operation": self.operation, "method": self.method, "path": self.path}
        told |= {"query": dict(self.query)} if self.query else {}
        told |= {"headers": dict(self.headers)} if self.headers else {}
        told |= {"body": self.body} if self.body is not ABSENT else {}
        told |= {"content": self.content} if self.content is not None else {}
        return told | ({} if self.versioned else {"versioned": False})

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> Step:
        """Raises KeyError, TypeError or ValueError for anything else than what `as_json` wrote."""
        path = str(told["path"])
        # put after the endpoint, anything else could name another host, which would get the credentials
        if not path.startswith("/") and TOKEN.fullmatch(path) is None:
            raise ValueError(f"no path: {path!r}")
        return Step(
            operation=str(told["operation"]),
            method=str(told["method"]),
            path=path,
            query={str(name): str(value) for name, value in dict(told.get("query", {})).items()},
            headers={str(name): str(value) for name, value in dict(told.get("headers", {})).items()},
            body=told.get("body", ABSENT),
            content=told.get("content"),
            versioned=bool(told.get("versioned", True)),
        )


@dataclass(frozen=True)
class Plan:
    """`family` is the kind of resource that it is about, `origin` how it came to be: coverage, sequence, kept."""

    family: str
    steps: tuple[Step, ...]
    origin: str = "sequence"

    def dump(self) -> bytes:
        """The same bytes for the same plan."""
        told = {"family": self.family, "origin": self.origin, "steps": [step.as_json() for step in self.steps]}
        return json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()

    @staticmethod
    def load(data: bytes | str) -> Plan:
        """Raises ValueError for what is no plan."""
        try:
            told = json.loads(data)
            steps = tuple(Step.from_json(step) for step in told["steps"])
            return Plan(str(told["family"]), steps, str(told.get("origin", "kept")))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a plan of the fuzzer: {type(error).__name__}: {error}") from None


def tokens(value: Any) -> Iterator[tuple[str, str]]:
    """Every token in a text, or in the texts of a JSON value: its kind and its number (empty for none)."""
    if isinstance(value, str):
        yield from ((kind, number or "") for kind, number in TOKEN.findall(value))
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from tokens(name)
            yield from tokens(member)
    elif isinstance(value, Sequence):
        for element in value:
            yield from tokens(element)


def of_step(step: Step) -> Iterator[tuple[str, str]]:
    """Every token of a step."""
    yield from tokens(step.path)
    for part in (step.query, step.headers, step.content):
        yield from tokens(part)
    if step.body is not ABSENT:
        yield from tokens(step.body)
