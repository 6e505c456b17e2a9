"""What the management plane refuses. Who refuses shows: Azure's gateway looks at addresses, versions and credentials, the Batch
provider behind it at accounts."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem


class ArmProblem(Exception):
    """An error in Azure Resource Manager's envelope. `reason` is what the provider says in particular."""

    def __init__(self, status: int, code: str, message: str, *, reason: str = "", gateway: bool = False) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.reason = reason
        self.gateway = gateway


def by_gateway(status: int, code: str, message: str) -> ArmProblem:
    return ArmProblem(status, code, message, gateway=True)


def invalid_body(reason: str) -> ArmProblem:
    return ArmProblem(400, "InvalidRequestBody", "The specified Request Body is not syntactically valid.", reason=reason)


def wrong_state(reason: str) -> ArmProblem:
    message = "The specified operation is not valid for the current state of the resource."
    return ArmProblem(409, "OperationInvalidForCurrentState", message, reason=reason)


def no_such_account(name: str, group: str) -> ArmProblem:
    message = f"The Resource 'Microsoft.Batch/batchAccounts/{name}' under resource group '{group}' was not found."
    return by_gateway(404, "ResourceNotFound", message)


def from_data_plane(problem: BatchProblem) -> ArmProblem:
    """What reading a body found: the provider calls all of it an invalid body, and says in the details what is wrong."""
    found = problem.values
    what = found.get("PropertyName") or found.get("HeaderName") or ""
    why = found.get("Reason") or found.get("HeaderValue") or problem.sentence
    return invalid_body(f"{what}: {why}" if what else why)
