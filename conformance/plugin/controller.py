"""The end of a run: clean the target, judge everything, write the report. One process of a run does this."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from conformance import report as reports
from conformance.judge import Judged, judge
from conformance.plugin import estimate, fuzzreport
from conformance.plugin.cleanup import CLEANUP, clean
from conformance.plugin.hooks import CARRIED, SENT, unpacked
from conformance.plugin.options import Settings
from conformance.plugin.probe import PROBE, probe
from conformance.plugin.process import PROCESS, Place, Process
from conformance.plugin.work import close_work, save_trace, whole_trace
from conformance.report import Report, RunInfo
from conformance.report.outcome import BROKEN_OFF, CONFORMANT, exit_code
from conformance.target import TargetUnreachable, UserError
from conformance.target.ledger import ledgers

REPORT: pytest.StashKey[Report] = pytest.StashKey()
INTERRUPTED: pytest.StashKey[bool] = pytest.StashKey()
UNWRITTEN: pytest.StashKey[str] = pytest.StashKey()
REFUSED: pytest.StashKey[str] = pytest.StashKey()
OUTSIDE = frozenset({CLEANUP, PROBE})
_SHOWN_NOTES = 10


@dataclass(eq=False)  # pluggy keeps plugins in sets
class Controller:
    """Registered in the process that the user started."""

    settings: Settings
    place: Place
    folder: Path
    seed: int | None
    probed: bool
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: dict[str, estimate.Measured] = field(default_factory=dict)
    carried: list[dict[str, Any]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    interrupted: bool = False
    reached: bool = True

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hook of xdist, once for each worker."""
        node.workerinput["batch"] = {"work": str(self.place.work), "run_id": self.place.run_id}

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        if self.probed or self.settings.replay is not None or session.config.option.collectonly:
            return
        process = Process(self.settings, Place(self.place.work, self.place.run_id, "00-probe", records=False))
        try:
            probe(process.client, self.settings.version, management=self.settings.drives_accounts)
        except TargetUnreachable as error:
            self.reached = False
            pytest.exit(str(error), returncode=BROKEN_OFF)
        finally:
            process.close()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if hasattr(report, SENT) and not report.nodeid.startswith(fuzzreport.SCENARIOS):  # what it sends is bounded by itself
            name = report.nodeid.partition("[")[0]
            one = estimate.Measured(**getattr(report, SENT))
            self.sent[name] = self.sent[name].and_also(one) if name in self.sent else one
        evidence = getattr(report, CARRIED, None)
        if evidence is not None:
            self.carried.extend(evidence)
        elif report.failed:
            self.broken.append(f"{report.nodeid}: {_last_line(report)}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(f"{report.nodeid} could not be collected: {_last_line(report)}")

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # what pytest raises itself to stop a session is a subclass
        self.interrupted = self.interrupted or type(excinfo.value) is KeyboardInterrupt

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """A wrapper, so that the target is cleaned even when another plugin cannot write its file (junit.xml) and raises."""
        unwritten: OSError | None = None
        try:
            yield
        except OSError as error:
            unwritten = error
        finally:
            self._finish(session, unwritten)

    def _finish(self, session: pytest.Session, unwritten: OSError | None) -> None:
        config = session.config
        own = config.stash.get(PROCESS, None)
        if own is not None:
            own.close()
        if not self.reached or config.option.collectonly:
            close_work(self.place.work)
            return
        left = self._clean()
        config.stash[INTERRUPTED] = self.interrupted
        try:
            report = self._report(left)
            reports.write_atomic(self.folder, report)
            config.stash[REPORT] = report
        except OSError as error:
            unwritten = error
        self._publish(config)
        close_work(self.place.work)
        if unwritten is not None:
            config.stash[UNWRITTEN] = f"the report could not be written: {unwritten}"
            session.exitstatus = BROKEN_OFF
        elif not self.interrupted:
            code = exit_code(report)
            session.exitstatus = BROKEN_OFF if code == CONFORMANT and self.broken else code

    def _publish(self, config: pytest.Config) -> None:
        """The recording, if one was asked for and the run came to its end."""
        settings = self.settings
        if settings.record is None:
            return
        if self.interrupted:
            config.stash[REFUSED] = f"--record {settings.record}: the run was interrupted: nothing was recorded"
            return
        from conformance.plugin import recordings

        suite = reports.suite()
        index = recordings.Index(
            recorded=self.started,
            suite=suite.version,
            commit=suite.commit,
            label=recordings.label_alias(self.place.run_id),
            seed=self.seed,
            target=recordings.described(settings.target),
            requirements=list(settings.globs),
            cassettes={},
        )
        try:
            recordings.publish(self.place.work, settings.record, index)
        except UserError as error:
            config.stash[REFUSED] = str(error)
        except OSError as error:
            config.stash[REFUSED] = f"--record {settings.record}: cannot be written: {error.strerror or error}"

    def _clean(self) -> list[str]:
        if self.settings.replay is not None:
            return []
        process = Process(self.settings, Place(self.place.work, self.place.run_id, "zz-cleanup", records=False))
        try:
            return clean(process.client, self.settings.version, ledgers(self.place.work))
        finally:
            process.close()

    def _report(self, left: list[str]) -> Report:
        trace, offsets = whole_trace(self.place.work)
        save_trace(trace, self.folder)
        estimate.write(self.folder / estimate.REQUESTS, self.sent)
        target, settings = self.settings.target, self.settings
        fuzzed = fuzzreport.gather(self.place.work)
        fuzzreport.publish(self.folder, fuzzed, settings.version)
        judged = judge(
            # a recording is to have the verdicts of the run, and has only what scenarios sent
            (e for e in trace if settings.record is None or e.source not in OUTSIDE),
            catalogue=settings.catalogue,
            claims=frozenset(settings.claims),
            api_version=settings.version,
            management_version=settings.management_version,
            evidence=[*(unpacked(raw, offsets) for raw in self.carried), *fuzzed.evidence(self.folder, settings)],
        )
        self.broken += [
            f"{e.by}: {e.requirement} {e.message}" for e in judged.suite_errors if e.requirement not in judged.judgements
        ]
        run = RunInfo(
            suite=reports.suite(),
            target=reports.Target(
                endpoint=target.endpoint,
                api_version=settings.version,
                auth=target.auth,
                profiles=list(settings.claims),
                management_api_version=settings.management_version if settings.drives_accounts else None,
                embedded=settings.embedded,
            ),
            started=self.started,
            finished=datetime.now(UTC),
            exchanges=judged.exchanges,
            seed=self.seed if settings.replay is None else settings.replay.index.seed,
            recording=self._recording(),
            notes=tuple(self._notes(left, judged)),
            interrupted=self.interrupted,
            fuzz=fuzzed.note(settings.fuzz.seed),
        )
        return reports.build(judged.judgements, settings.catalogue, run, scrub=Process.scrubber(settings).text)

    def _recording(self) -> reports.Recording | None:
        replay = self.settings.replay
        if replay is None:
            return None
        stale = self.settings.max_age is not None and replay.age > self.settings.max_age
        return reports.Recording(
            folder=str(replay.folder),
            recorded=replay.index.recorded,
            suite=replay.index.suite,
            commit=replay.index.commit,
            age_days=round(replay.age, 1),
            stale=stale,
        )

    def _notes(self, left: list[str], judged: Judged) -> list[str]:
        notes = ["interrupted: what was not reached is untested"] if self.interrupted else []
        if self.settings.narrowed:
            notes.append(f"only {len(judged.judgements)} requirements were judged, as --requirement asks")
        broken = [f"the suite broke: {line}" for line in self.broken]
        return [*notes, *_some(broken), *_some(left)]

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        report = config.stash.get(REPORT, None)
        if report is not None:
            terminalreporter.write_line("")
            terminalreporter.write(reports.render(report))
            terminalreporter.write_line(f"Report: {self.folder / 'report.json'}")
        for told in (UNWRITTEN, REFUSED):
            if told in config.stash:
                terminalreporter.write_line(config.stash[told])


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _SHOWN_NOTES
    return [*lines[:_SHOWN_NOTES], *([f"and {more} more like this"] if more > 0 else [])]


def _last_line(report: pytest.TestReport | pytest.CollectReport) -> str:
    lines = [line.strip() for line in str(report.longrepr).splitlines() if line.strip()]
    return lines[-1] if lines else "no message"
