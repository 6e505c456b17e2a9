"""`batch-conformance run`: drives a target with the scenarios and writes the verdict."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.commands.asked import Asked, check, probe
from conformance.commands.bounds import told
from conformance.commands.choices import Auth, Format, ManagementAuth
from conformance.commands.processes import workers as _processes
from conformance.target.config import KEY_VARIABLE, TOKEN_VARIABLE

if TYPE_CHECKING:
    import pytest

    from conformance.report import Report

# what they do for every test is a sixth of the time of a replay, and scenarios log nothing and warn of nothing
_UNUSED = ("cacheprovider", "logging", "warnings", "faulthandler", "unraisableexception", "threadexception")
_HERE = Path(__file__).parent
SCENARIOS = _HERE.parents[1] / "scenarios"
_PYTEST_USAGE = 4
_RARELY = 200_000
# what the reference service claims: the resources that it has
_EMBEDDED_PROFILES = (
    "protocol",
    "pools",
    "jobs",
    "tasks",
    "job-schedules",
    "nodes",
    "files",
    "certificates",
    "applications",
    "accounts",
)


def run(
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="The endpoint to judge. Default: the reference service.")
    ] = None,
    target: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TOML file that describes the target; options win over it.")
    ] = None,
    api_version: Annotated[
        list[str] | None,
        typer.Option(metavar="V", help="Repeatable; `all`: every one, and a matrix. Default: the newest that is no preview."),
    ] = None,
    auth: Annotated[Auth | None, typer.Option(help=f"Default: none. The account key is read from {KEY_VARIABLE} only.")] = None,
    account: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the Batch account.")] = None,
    management_endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Azure Resource Manager, for the management plane.")
    ] = None,
    management_auth: Annotated[
        ManagementAuth | None, typer.Option(help=f"Default: bearer if {TOKEN_VARIABLE} is set, else as --auth if that is entra.")
    ] = None,
    management_version: Annotated[
        str | None, typer.Option(metavar="V", help="Default: the newest of the management plane.")
    ] = None,
    subscription: Annotated[str | None, typer.Option(metavar="ID", help="The subscription for new accounts.")] = None,
    resource_group: Annotated[str | None, typer.Option(metavar="NAME", help="The resource group for new accounts.")] = None,
    create_accounts: Annotated[bool, typer.Option("--create-accounts", help="Scenarios may create Batch accounts.")] = False,
    profile: Annotated[
        list[str] | None, typer.Option(metavar="P", help="A profile that the target claims; repeatable. Default: all.")
    ] = None,
    requirement: Annotated[
        list[str] | None, typer.Option(metavar="GLOB", help="Judge only requirements that fit; repeatable.")
    ] = None,
    start_nodes: Annotated[
        bool, typer.Option("--start-nodes", help="Scenarios may start compute nodes, which a real account pays for.")
    ] = False,
    max_requests: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Send no more requests. Default: an estimate.")
    ] = None,
    max_minutes: Annotated[float | None, typer.Option(min=0.01, metavar="M", help="Send nothing more after M minutes.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0.01, metavar="S", help="Seconds to wait for an answer.")] = None,
    deadline: Annotated[float | None, typer.Option(min=0.01, metavar="S", help="Seconds to wait for a state.")] = None,
    workers: Annotated[
        str, typer.Option(metavar="N|auto", help="Processes at the same time: with several api-versions, one each.")
    ] = "1",
    seed: Annotated[int, typer.Option(help="Seed of fuzzing and of the reference service; stands in the report.")] = 0,
    fuzz_examples: Annotated[
        int | None,
        typer.Option(min=0, max=1_000_000, metavar="N", help="Fuzz with N sequences of requests, 0: none. Default: 300."),
    ] = None,
    fuzz_time: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            max=86_400,
            metavar="S",
            help="Fuzz for S seconds at most. Default without --fuzz-examples: 60, in a run of the embedded service 18.",
        ),
    ] = None,
    fuzz_only: Annotated[bool, typer.Option("--fuzz-only", help="Fuzz, and run no scenario.")] = False,
    spec: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Fuzz from this OpenAPI document (2 or 3) instead of the contract's own.")
    ] = None,
    update_estimate: Annotated[
        bool, typer.Option("--update-estimate", help="For maintainers: take over how much each scenario sent.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Record the run there: a vcrpy cassette for each scenario.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Judge the recording there again: no target, no network, no waiting.")
    ] = None,
    max_age: Annotated[
        float | None, typer.Option(min=0, metavar="DAYS", help="With --replay: call the evidence of an older recording stale.")
    ] = None,
    report: Annotated[Path, typer.Option(metavar="DIR", help="Folder for report.json, summary.txt, junit.xml.")] = Path(
        "reports/latest"
    ),
    form: Annotated[Format, typer.Option("--format", help="What to print: text, or the report as json.")] = Format.TEXT,
) -> None:
    """Run the scenarios against a target, judge every exchange, and write a report.

    Without --endpoint and --target the embedded reference service is started and judged. Everything that is created gets a name
    that begins with bcs- and is deleted at the end, also after Ctrl-C; `sweep` removes what a crash left behind. Several
    api-versions are run one by one, each with a report below --report, and compared in a matrix.
    """
    options = {
        "--endpoint": endpoint,
        "--target": target,
        "--auth": auth.value if auth else None,
        "--account": account,
        "--management-endpoint": management_endpoint,
        "--management-auth": management_auth.value if management_auth else None,
        "--management-version": management_version,
        "--subscription": subscription,
        "--resource-group": resource_group,
        "--max-requests": max_requests,
        "--max-minutes": max_minutes,
        "--timeout": timeout,
        "--deadline": deadline,
        "--fuzz-examples": fuzz_examples,
        "--fuzz-time": fuzz_time,
        "--spec": spec,
    }
    flags = {"--start-nodes": start_nodes, "--create-accounts": create_accounts, "--fuzz-only": fuzz_only}
    asked = Asked(
        options,
        tuple(profile or ()),
        tuple(requirement or ()),
        tuple(name for name, given in flags.items() if given),
        tuple(api_version or ()),
        seed,
        _processes(workers, beyond=1),  # half of a run is waiting for states
        report,
        form,
        record,
        replay,
        max_age,
    ).checked()
    with stopped_politely():
        several = len(asked.versions) > 1
        code = _judge_all(asked) if several else _judge_one(asked)
    if update_estimate and code == 0:
        from conformance.plugin.estimate import renew

        typer.echo(f"{renew([report / version for version in asked.versions] if several else [report])} scenarios measured")
    raise typer.Exit(code)


def _judge_all(asked: Asked) -> int:
    from conformance.commands.everyversion import every_version, with_something_to_judge

    settings, chosen, left_out = with_something_to_judge(asked)
    newest = list(settings.values())[-1]
    if asked.embedded:
        return every_version(chosen, "embedded", settings, left_out)
    probe(newest)
    typer.echo(told(newest, asked.workers, settings.values()), err=asked.form is Format.JSON)
    return every_version(chosen, newest.target.endpoint, settings, left_out)


def _judge_one(asked: Asked) -> int:
    words = asked.words()
    settings = check(asked, words)
    if asked.replay is not None:
        gc.set_threshold(_RARELY)  # reading makes many objects and no cycles: looking for cycles costs a tenth of the time
        return _judge([*words, f"--endpoint={settings.target.endpoint}"], asked)
    if not asked.embedded:
        probe(settings)
        typer.echo(told(settings, asked.workers), err=asked.form is Format.JSON)
        return _judge(words, asked)
    from conformance.commands.embedded import embedded

    if not asked.profiles:
        words += [f"--profile={name}" for name in _EMBEDDED_PROFILES]
    with embedded(asked.seed, repeatable=asked.record is not None) as service:
        os.environ |= {KEY_VARIABLE: service.key, TOKEN_VARIABLE: service.token}
        own = [
            f"--endpoint={service.url}",
            "--auth=shared-key",
            f"--account={service.account}",
            "--start-nodes",
            f"--management-endpoint={service.url}",
            f"--subscription={service.subscription}",
            f"--resource-group={service.resource_groups[0]}",
            f"--other-resource-group={service.resource_groups[1]}",
            "--create-accounts",
            "--batch-embedded",
        ]
        own += ["--batch-repeatable"] if asked.record is not None else []
        return _judge([*words, *own], asked)


def _judge(words: list[str], asked: Asked) -> int:
    """Runs pytest in this process; returns the exit code."""
    arguments = [str(SCENARIOS), "-c", str(_HERE / "run.ini"), f"--rootdir={SCENARIOS.parent}", "-p", "conformance.plugin"]
    arguments += [word for name in _UNUSED for word in ("-p", f"no:{name}")]
    arguments += ["--batch-probed", *words]
    arguments += ["-p", "xdist.plugin", "-n", str(asked.workers)] if asked.workers > 1 else []
    arguments += ["-p", "no:terminal"] if asked.form is Format.JSON else ["--no-header", "--tb=no", "-q", "-rN"]
    watch = _Watch()
    code = _pytest(arguments, watch)
    if watch.report is not None and asked.form is Format.JSON:
        typer.echo(watch.report.model_dump_json(indent=1))
    if watch.unwritten and asked.form is Format.JSON:
        typer.echo(f"batch-conformance: {watch.unwritten}", err=True)
    if watch.refused and asked.form is Format.JSON:
        typer.echo(f"batch-conformance: {watch.refused}", err=True)
    if watch.interrupted:
        return 130
    if watch.refused:
        return 2
    return 2 if code == _PYTEST_USAGE else code


def _pytest(arguments: list[str], watch: _Watch) -> int:
    # plugins of the environment cost seconds and may change what runs
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    import pytest

    return int(pytest.main(arguments, plugins=[watch]))


class _Watch:
    """Takes the report out of the run."""

    def __init__(self) -> None:
        self.report: Report | None = None
        self.interrupted = False
        self.unwritten = ""
        self.refused = ""

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # also before the session began, when nobody else is asked; what pytest raises itself to stop is a subclass
        self.interrupted = self.interrupted or type(excinfo.value) is KeyboardInterrupt

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        from conformance.plugin.controller import INTERRUPTED, REFUSED, REPORT, UNWRITTEN

        self.report = config.stash.get(REPORT, None)
        self.interrupted = self.interrupted or config.stash.get(INTERRUPTED, False)
        self.unwritten = config.stash.get(UNWRITTEN, "")
        self.refused = config.stash.get(REFUSED, "")


@contextmanager
def stopped_politely() -> Iterator[None]:
    """SIGTERM ends a run as Ctrl-C does: the target is cleaned, the report written."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        sys.stdout.flush()
