"""What a rule gets and what it yields. A rule yields findings; it never raises: a raise means that the suite erred."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from conformance.contract import Contract, Operation
from conformance.exchange import Exchange


@dataclass(frozen=True)
class Context:
    """One exchange with the contract that judges it. `operation` is None when the request names no operation of it."""

    exchange: Exchange
    contract: Contract
    operation: Operation | None
    path_parameters: Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """What one rule saw in one exchange. `where` is a header name or a JSON pointer into the response body. A rule that does not
    apply to an exchange yields nothing; one that applies yields at least one finding."""

    rule: str
    holds: bool
    message: str = ""
    expected: str = ""
    actual: str = ""
    where: str = ""


Rule = Callable[[Context], Iterator[Finding]]
