"""Scenarios on tasks. What needs no running task uses a job whose pool does not exist: its tasks wait."""
