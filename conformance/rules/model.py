"""What a rule gets and what it yields.

A rule sees one exchange. What the contract says about it depends on no more than operation, status and api-version, so that part
is a `Case`, made once; a rule says by `when` for which cases it holds, and `check` then looks at the exchange itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from conformance.contract import Contract, Operation, Plane
from conformance.exchange import Exchange, NotJson


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong. `where` is a header name, a parameter of the query, or a JSON pointer into the body of the response (of the
    request, for a rule that looks at that)."""

    message: str
    expected: str = ""
    actual: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule saw in one exchange. A rule that does not apply to an exchange yields nothing; one that applies yields at
    least one finding. `suite_error` means that the rule itself broke: nothing is then known about the exchange."""

    rule: str
    holds: bool
    message: str = ""
    expected: str = ""
    actual: str = ""
    where: str = ""
    suite_error: bool = False


Shape = Callable[[Any], "list[tuple[str, Problem]] | None"]
"""Compares a JSON value with a model: None when it conforms, else pairs of rule slug and problem."""


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """What the contract says of one operation at one status. Compared by identity: `case_for` makes each only once.

    `operation` is None when the request names none of this api-version. `exact` is False when the contract lacks the stated
    api-version and the nearest one stands in. `model` is the documented JSON body; `binary` means a file; `documented`: the
    contract lists the status. `headers` are the documented ones that the live service sends, in lower case. `kinds` are the
    slugs of body checks that the model can exercise at all; `witness` tells those of them that one body exercises. `demand` says
    what the contract forbids in the request's body; None when the operation takes none. `faults` says the same of the query.
    """

    contract: Contract
    operation: Operation | None
    method: str
    status: int
    exact: bool
    known_elsewhere: bool
    model: str | None
    binary: bool
    documented: bool
    headers: frozenset[str]
    shape: Shape | None
    kinds: frozenset[str]
    witness: Callable[[Any], frozenset[str]] | None
    demand: Shape | None
    faults: Callable[[str], tuple[tuple[str, Problem], ...]] | None

    @property
    def data(self) -> bool:
        return self.contract.version.plane is Plane.DATA

    @property
    def arm(self) -> bool:
        return self.contract.version.plane is Plane.MANAGEMENT

    @property
    def success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def error(self) -> bool:
        return self.status >= 400

    @property
    def head(self) -> bool:
        return self.method == "HEAD"

    @property
    def kind(self) -> str:
        """The operation's kind; empty when there is no operation."""
        return self.operation.kind if self.operation else ""


class _Missing:
    """Stands for a body that is absent or not JSON."""


MISSING: Final = _Missing()


@dataclass(frozen=True)
class Context:
    """One exchange with the case that judges it. `foreign` says why it is none with Batch at all, and is not judged."""

    exchange: Exchange
    case: Case
    path_parameters: Mapping[str, str]
    foreign: str | None = None

    @property
    def contract(self) -> Contract:
        return self.case.contract

    @property
    def operation(self) -> Operation | None:
        return self.case.operation

    @cached_property
    def body(self) -> Any:
        """The response body as JSON, or MISSING."""
        response = self.exchange.response
        if not response.body:
            return MISSING
        try:
            return response.json
        except NotJson:
            return MISSING

    @cached_property
    def selected(self) -> frozenset[str]:
        """The members that `$select` names; empty without one."""
        stated = self.exchange.request.query.get("$select", "")
        return frozenset(name.strip().partition("/")[0] for name in stated.split(",") if name.strip())

    @cached_property
    def problems(self) -> Mapping[str, list[Problem]]:
        """What is wrong with the success body, by rule slug: one walk serves all body rules."""
        found: dict[str, list[Problem]] = {}
        if self.case.shape is not None and isinstance(self.body, dict):
            for slug, problem in self.case.shape(self.body) or ():
                found.setdefault(slug, []).append(problem)
        return found

    @cached_property
    def sent(self) -> Any:
        """The request body as JSON, or MISSING."""
        request = self.exchange.request
        if not request.body or not request.body_known:
            return MISSING
        try:
            return request.json
        except NotJson:
            return MISSING

    @cached_property
    def forbidden(self) -> Mapping[str, list[Problem]]:
        """What the contract forbids in the request body, by rule slug: one walk serves all rules."""
        found: dict[str, list[Problem]] = {}
        if self.case.demand is not None and isinstance(self.sent, dict):
            for slug, problem in self.case.demand(self.sent) or ():
                found.setdefault(slug, []).append(problem)
        return found

    @cached_property
    def misasked(self) -> tuple[tuple[str, Problem], ...]:
        """What the contract forbids in the query, with the slug of the rule."""
        text = self.exchange.request.parts.query
        return self.case.faults(text) if text and self.case.faults is not None else ()

    @cached_property
    def exercised(self) -> frozenset[str]:
        """The slugs of the checks of members of which the success body has one to look at."""
        return self.case.witness(self.body) if self.case.witness is not None else frozenset()

    @cached_property
    def shows_something(self) -> bool:
        """Whether the body has a resource in it: neither an empty list nor an empty object shows how resources look."""
        if self.case.kind == "list":
            return bool(self.items)
        return isinstance(self.body, dict) and any(not name.startswith("odata.") for name in self.body)

    @cached_property
    def items(self) -> Sequence[Mapping[str, Any]]:
        """The objects in `value` of a list; empty for anything else."""
        value = self.body.get("value") if isinstance(self.body, dict) else None
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


Check = Callable[[Context], "Sequence[Problem] | None"]
"""None: the rule says nothing about this exchange. Empty: it holds."""

HOLDS: Final[tuple[Problem, ...]] = ()
FRONT_DOOR: Final = frozenset({401, 429})
"""Statuses of the service's front door (a bearer token refused, throttling): its table of error codes has none with them."""


@dataclass(frozen=True, eq=False)
class Rule:
    """`slug` is stable: the catalogue refers to it. `title` is what it verifies, in one line."""

    slug: str
    title: str
    when: Callable[[Case], bool]
    check: Check


def one(message: str, expected: str, actual: object, where: str = "") -> tuple[Problem, ...]:
    """A single problem."""
    return (Problem(message, expected, clip(actual), where),)


def clip(value: object, longest: int = 200) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"
