"""Two kinds of tests live here.

- `tests/`: the suite's own tests. `pytest` runs them; they need no target and no network.
- `scenarios/`: tests of a target. `batch-conformance run` runs them, or `pytest scenarios --endpoint URL`, by the plugin
  `conformance.plugin`, which is installed with the package.
"""
