"""Certificates of an account."""
