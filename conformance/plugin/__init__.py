"""The pytest plugin. It is installed for every pytest of its environment, so it does nothing until a target is named.

Scenarios import from here what they annotate and raise; the names are loaded when they are used.

PYTEST_DONT_REWRITE: there is no assertion here, and pytest would warn that the module is imported already.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conformance.contract import Contract, versions
    from conformance.exchange import Exchange
    from conformance.plugin.certificates import MadeCertificate
    from conformance.plugin.driver import Batch
    from conformance.plugin.expect import Blocked, Expect, error_code
    from conformance.plugin.fuzzfixture import Fuzzing
    from conformance.plugin.management import Accounts
    from conformance.rules.context import from_between

__all__ = [
    "Accounts",
    "Batch",
    "Blocked",
    "Contract",
    "Exchange",
    "Expect",
    "Fuzzing",
    "MadeCertificate",
    "error_code",
    "from_between",
    "versions",
]

_HOME = {
    "Accounts": "conformance.plugin.management",
    "Batch": "conformance.plugin.driver",
    "Blocked": "conformance.plugin.expect",
    "Contract": "conformance.contract",
    "Exchange": "conformance.exchange",
    "Expect": "conformance.plugin.expect",
    "Fuzzing": "conformance.plugin.fuzzfixture",
    "MadeCertificate": "conformance.plugin.certificates",
    "answered": "conformance.plugin.spelling",
    "error_code": "conformance.plugin.expect",
    "from_between": "conformance.rules.context",
    "versions": "conformance.contract",
}
_MARKERS = (
    "requirement(*ids): the requirements that a scenario verifies",
    "starts_nodes: the scenario starts compute nodes, so the target must permit it",
    "fuzz: the scenario sends generated requests",
    "creates_accounts: the scenario creates Batch accounts, so the target must permit it",
    "shared_key: the scenario only makes sense when the target uses SharedKey authentication",
)
_NO_TARGET = (
    "scenarios need a target: pytest scenarios --endpoint URL (or --target FILE); "
    "`batch-conformance run` starts the embedded reference service itself"
)
_READY = "{name} shows a failure again: it needs a target: pytest {name} --endpoint URL (or --target FILE)"
# naming a target turns the plugin on; its options are registered only then, so that they never clash with another project's
_SWITCHES = ("--endpoint", "--target")


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    config = pluginmanager.get_plugin("pytestconfig")
    arguments = [str(a) for a in config.invocation_params.args] if isinstance(config, pytest.Config) else []
    if any(a.split("=")[0] in (*_SWITCHES, "-h", "--help") for a in arguments):
        import_module("conformance.plugin.options").add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getoption("batch_endpoint", None) or config.getoption("batch_target", None):
        import_module("conformance.plugin.start").start(config)
    elif config.getoption("numprocesses", None) and any("scenarios" in Path(str(a)).parts for a in config.args):
        raise pytest.UsageError(_NO_TARGET)  # a worker of xdist that raises it at collection shows a traceback


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.pluginmanager.has_plugin("batch-fixtures"):
        return
    ready = next((item for item in items if _is_ready_test(item)), None)
    if ready is not None:
        raise pytest.UsageError(_READY.format(name=ready.nodeid.partition("::")[0]))
    if any(item.nodeid.split("/")[0] == "scenarios" and item.get_closest_marker("requirement") for item in items):
        raise pytest.UsageError(_NO_TARGET)


def _is_ready_test(item: pytest.Item) -> bool:
    """Whether it asks for the fixture that only a target brings; another project may have one of that name."""
    return (
        isinstance(item, pytest.Function)
        and item.get_closest_marker("requirement") is not None
        and "resend" in item.fixturenames
        and not item._fixtureinfo.name2fixturedefs.get("resend")
    )
