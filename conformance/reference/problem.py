"""What the service refuses, as an exception that the pipeline turns into an error answer."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.contract import errors

_SENTENCES = {
    "PoolNotFound": "The specified pool does not exist.",
    "NodeNotFound": "The specified node does not exist.",
    "JobNotFound": "The specified job does not exist.",
    "JobScheduleNotFound": "The specified job schedule does not exist.",
    "TaskNotFound": "The specified task does not exist.",
    "JobExists": "The specified job already exists.",
    "JobScheduleExists": "The specified job schedule already exists.",
    "TaskExists": "The specified task already exists.",
    "PoolExists": "The specified pool already exists.",
    "PoolBeingDeleted": "The specified pool is being deleted.",
    "PoolBeingResized": "The specified pool is being resized.",
    "ConditionNotMet": "A condition in the request's headers is not met.",
    "OperationInvalidForCurrentState": "The specified operation is not valid for the current state of the resource.",
    "InvalidApplicationPackageReferences": "One or more of the specified application package references are invalid.",
    "AuthenticationFailed": "The server could not verify who sent the request.",
}


class BatchProblem(Exception):
    """A documented error. `status` is needed only for a code that comes with several."""

    def __init__(self, code: str, values: Mapping[str, str] | None = None, *, status: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})
        self.status = status if status is not None else errors()[code].statuses[0]

    @property
    def sentence(self) -> str:
        known = errors().get(self.code)
        if self.code in _SENTENCES:
            return _SENTENCES[self.code]
        when = known.when.partition(" (")[0].partition(";")[0] if known else ""
        return f"The request is refused: {when}." if when else f"The request is refused with {self.code}."


def invalid_property(name: str, value: object, reason: str) -> BatchProblem:
    return BatchProblem("InvalidPropertyValue", {"PropertyName": name, "PropertyValue": str(value), "Reason": reason})


def missing_property(name: str) -> BatchProblem:
    return BatchProblem("MissingRequiredProperty", {"PropertyName": name})


def invalid_query(name: str, value: str, reason: str) -> BatchProblem:
    return BatchProblem(
        "InvalidQueryParameterValue",
        {"QueryParameterName": name, "QueryParameterValue": value, "Reason": reason},
    )


def invalid_header(name: str, value: str) -> BatchProblem:
    return BatchProblem("InvalidHeaderValue", {"HeaderName": name, "HeaderValue": value})
