"""Starts the plugin in a process: as the only one, as the controller of xdist's workers, or as one of these."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conformance.plugin import fixtures
from conformance.plugin.hooks import ProcessHooks
from conformance.plugin.options import check_report, settings
from conformance.plugin.process import PROCESS, Place, Process
from conformance.plugin.work import new_run_id, open_work
from conformance.target import UserError

FIXTURES = "batch-fixtures"


def start(config: pytest.Config) -> None:
    try:
        _start(config)
    except UserError as error:
        raise pytest.UsageError(str(error)) from None


def _start(config: pytest.Config) -> None:
    made = settings(config.option)
    config.pluginmanager.register(fixtures, FIXTURES)
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    if given is not None:
        _work(config, Process(made, _worker_place(given)))
        return
    from conformance.plugin.controller import Controller  # workers need neither judge nor report

    folder = _beside(Path(config.getoption("batch_report")), config.args)
    check_report(folder)
    run_id = config.getoption("batch_run_id") or new_run_id()
    place = Place(open_work(run_id), run_id)
    controller = Controller(made, place, folder, config.getoption("batch_seed"), config.getoption("batch_probed"))
    config.pluginmanager.register(controller, "batch-controller")
    if config.getoption("dist", "no") == "no":
        _work(config, Process(made, place))


def _beside(folder: Path, tests: list[str]) -> Path:
    """Where to report: not into a report whose own ready tests are to run, since those would be lost."""
    ours = (Path(test.partition("::")[0]).resolve() for test in tests)
    return folder.with_name(f"{folder.name}-again") if any(path.is_relative_to(folder.resolve()) for path in ours) else folder


def _work(config: pytest.Config, process: Process) -> None:
    config.stash[PROCESS] = process
    config.pluginmanager.register(ProcessHooks(process), "batch-process")
    config.add_cleanup(process.close)


def _worker_place(given: dict[str, Any]) -> Place:
    name = str(given["workerid"])
    number = int(name.removeprefix("gw"))
    return Place(Path(given["batch"]["work"]), str(given["batch"]["run_id"]), name, number, int(given["workercount"]))
