"""Conformance and contract-test suite for implementations of the Azure Batch REST API."""

__version__ = "0.1.0"
