"""Compute nodes."""
