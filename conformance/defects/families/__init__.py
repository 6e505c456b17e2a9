"""The defects of the suite: one module for each kind of lie, each with `DEFECTS`."""
