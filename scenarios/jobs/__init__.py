"""Scenarios on jobs. What needs no running task uses jobs whose pool does not exist."""
