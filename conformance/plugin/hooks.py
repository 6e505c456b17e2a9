"""The hooks of every process of a run: which scenarios run, and what their end is evidence for."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import asdict, replace
from typing import Any

import pytest

from conformance.plugin import silence
from conformance.plugin.expect import Blocked, NotHeld, NotPermitted
from conformance.plugin.outcome import unjudged
from conformance.plugin.process import EXPECT, Process, marked
from conformance.requirements import Evidence, ExchangeSummary
from conformance.target import TargetUnreachable

# an attribute of the test report, which xdist carries from worker to controller
CARRIED = "batch_evidence"
# another one: what the scenario sent, for the estimate of later runs
SENT = "batch_sent"
_BROKEN_OFF_AFTER = 3
_LONGEST = 2000


class ProcessHooks:
    """Registered when a target is named."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._unreachable = 0
        self._before = (0, 0)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Scenarios of which nothing is judged are left out. An id that the catalogue lacks is a mistake, which has to show."""
        kept: list[pytest.Item] = []
        left_out: list[pytest.Item] = []
        settings = self._process.settings
        profiles = settings.shown_by_traffic({name for item in items for name in marked(item)})
        for item in items:
            ids = marked(item)
            if self._unwanted(item):
                left_out.append(item)
                continue
            if item.get_closest_marker("fuzz") is not None:
                kept.append(item)
                continue
            idle = bool(ids) and not any(self._process.live(name) for name in ids) and not self._strange(ids)
            idle = idle and not (profiles and settings.gives_traffic(ids, profiles))
            (left_out if idle else kept).append(item)
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = kept

    def _unwanted(self, item: pytest.Item) -> bool:
        """What fuzzes runs only where there is something to fuzz; nothing else runs when fuzzing is all that is wanted."""
        settings = self._process.settings
        if item.get_closest_marker("fuzz") is None:
            return settings.fuzz.only
        given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        return not settings.fuzz.examples or str(given.get("family", "")) not in settings.fuzz.families

    def _strange(self, ids: list[str]) -> bool:
        settings = self._process.settings
        return not settings.narrowed and any(settings.requirement(name) is None for name in ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._process.client.source = item.nodeid
        self._before = self._spent()
        target = self._process.settings.target
        if item.get_closest_marker("starts_nodes") and not target.permissions.start_nodes:
            raise NotPermitted("the target does not permit to start nodes (permissions.start_nodes, --start-nodes)")
        if item.get_closest_marker("creates_accounts") and not target.permissions.create_accounts:
            raise NotPermitted("the target does not permit to create accounts (permissions.create_accounts, --create-accounts)")
        if item.get_closest_marker("shared_key") and target.auth != "shared-key":
            pytest.skip("the target does not use shared-key")

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """What scenarios share is sent by the fixture that makes it, not by the one that happened to come first."""
        client = self._process.client
        before = client.source
        if fixturedef.scope != "function":
            client.source = f"{fixturedef.baseid}::{fixturedef.argname}{_parameter(request)}"
        try:
            return (yield)
        finally:
            client.source = before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        error = call.excinfo.value if call.excinfo else None
        if isinstance(error, NotHeld):
            report.longrepr = str(error)
        if isinstance(error, Blocked) and error.by is not None:
            self._process.line.served.blocked(error.by)
        silent = silence.evidence(self._process, item.nodeid) if isinstance(error, TargetUnreachable) else []
        evidence = silence.concluded([*self._evidence(item, report, error), *self._served(item)], silent)
        if report.passed and any(e.outcome == "error" for e in evidence):
            report.outcome = "failed"
            report.longrepr = "\n".join(f"{e.requirement}: {e.message}" for e in evidence if e.outcome == "error")
        # what was not held is the target's, even where no requirement of the scenario itself is judged
        if evidence or isinstance(error, NotHeld):
            setattr(report, CARRIED, [packed(e, self._process.place.name) for e in evidence])
        if report.when == "teardown":
            setattr(report, SENT, self._measured(item))
        self._watch(item, report, None if silent else error)  # one that answers others is not gone
        return report

    def _spent(self) -> tuple[int, int]:
        return self._process.client.sent, self._process.line.waits

    def _measured(self, item: pytest.Item) -> dict[str, Any]:
        """As `estimate.Measured`: plain values, which xdist carries to the controller."""
        requests, waits = (after - before for after, before in zip(self._spent(), self._before, strict=True))
        nodes = item.get_closest_marker("starts_nodes") is not None
        return {"requests": requests, "waits": waits, "requirements": marked(item), "starts_nodes": nodes}

    def _evidence(self, item: pytest.Item, report: pytest.TestReport, error: BaseException | None) -> list[Evidence]:
        ids = [n for n in marked(item) if self._process.live(n) or self._strange([n])]
        if not ids:
            return []
        if report.when == "call" or (report.when == "setup" and error is not None):
            recorded = item.stash[EXPECT].evidence if EXPECT in item.stash else []
            rest = [self._clean(e) for e in unjudged(item.nodeid, ids, recorded, error)]
            return [*recorded, *rest]
        if report.when == "teardown" and error is not None:
            message = self._process.scrub.text(f"the teardown broke: {type(error).__name__}: {error}")[:_LONGEST]
            return [Evidence(name, "scenario", item.nodeid, "error", message) for name in ids]
        return []

    def _served(self, item: pytest.Item) -> list[Evidence]:
        """What the scenario needed first, and whether it was done."""
        process = self._process
        found = list(process.line.served.evidence(item.nodeid, process.live, process.settings.command))
        if item.get_closest_marker("fuzz") is not None:  # what it sends is judged by itself, and no matter of the next scenario
            return []
        return [replace(one, reproduce=process.scrub.text(one.reproduce), actual=process.scrub.text(one.actual)) for one in found]

    def _clean(self, evidence: Evidence) -> Evidence:
        return replace(evidence, message=self._process.scrub.text(evidence.message)[:_LONGEST])

    def _watch(self, item: pytest.Item, report: pytest.TestReport, error: BaseException | None) -> None:
        """A target that is gone makes every further scenario wait in vain."""
        if isinstance(error, TargetUnreachable):
            self._unreachable += 1
            if self._unreachable >= _BROKEN_OFF_AFTER:
                item.session.shouldstop = f"the target broke off: {error}"
        elif report.when == "call":
            self._unreachable = 0


def _parameter(request: pytest.FixtureRequest) -> str:
    return f"[{request.param}]" if hasattr(request, "param") else ""


def packed(evidence: Evidence, process: str) -> dict[str, Any]:
    return {**asdict(evidence), "process": process}


def unpacked(raw: dict[str, Any], offsets: dict[str, int]) -> Evidence:
    """The evidence, with the exchange's place in its process's trace turned into its place in the whole one."""
    fields = {name: value for name, value in raw.items() if name != "process"}
    exchange = fields.pop("exchange")
    made = Evidence(**fields)
    if exchange is None:
        return made
    summary = ExchangeSummary(**exchange)
    return replace(made, exchange=replace(summary, index=summary.index + offsets.get(str(raw["process"]), 0)))
