"""The contract of one api-version as an OpenAPI 3.1 document. Everything in it comes from the contract's data."""

from conformance.contract.openapi.document import render

__all__ = ["render"]
