"""What the API promises, as data. `at(version)` is the contract of one api-version; `data/` is the only place where such a fact
is written."""

from conformance.contract.load import ContractDataError, at, errors, nearest, versions
from conformance.contract.model import (
    Contract,
    Entity,
    ErrorCode,
    Filter,
    Lifecycle,
    Match,
    Model,
    Operation,
    Parameter,
    Plane,
    Property,
    Rules,
    Version,
    When,
)

__all__ = [
    "Contract",
    "ContractDataError",
    "Entity",
    "ErrorCode",
    "Filter",
    "Lifecycle",
    "Match",
    "Model",
    "Operation",
    "Parameter",
    "Plane",
    "Property",
    "Rules",
    "Version",
    "When",
    "at",
    "errors",
    "nearest",
    "versions",
]
