"""Batch accounts in the management plane."""
