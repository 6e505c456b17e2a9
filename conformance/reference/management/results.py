"""Long-running operations: 202 says where the result will be; a request there answers 202 until it is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from conformance.reference.management.problem import ArmProblem, by_gateway
from conformance.reference.management.rendering import ArmReply
from conformance.reference.store import Store
from conformance.reference.wire import Call

# What a result answers once it is known: a reply at the api-version of the poll, or the problem that ended the operation.
Outcome: TypeAlias = Callable[[Call], ArmReply]
_KIND = "arm-result"


@dataclass
class Result:
    outcome: Outcome | None = None


def accept(store: Store, call: Call, path: str) -> tuple[ArmReply, Result]:
    """The answer 202 to a request that is now being carried out, and the result to fill in later."""
    result = Result()
    store.put(_KIND, path, {"result": result})
    return ArmReply(202, location=_address(call, path)), result


def poll(store: Store, call: Call, path: str) -> ArmReply:
    """Raises ArmProblem: there is no such result, or the operation failed."""
    found = store.get(_KIND, path)
    if found is None:
        raise by_gateway(404, "ResourceNotFound", "The operation result does not exist.")
    result: Result = found["result"]
    return result.outcome(call) if result.outcome else ArmReply(202, location=_address(call, path))


def failed(problem: ArmProblem) -> Outcome:
    def tell(_: Call) -> ArmReply:
        raise problem

    return tell


def _address(call: Call, path: str) -> str:
    return f"{call.base}{path}?api-version={call.contract.version.name}"
