"""Scenarios: pytest tests that drive a target on purpose. Each is marked with the requirements that it verifies."""
