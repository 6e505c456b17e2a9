"""Pools, one module per operation or per part of a pool."""
