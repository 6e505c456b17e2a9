"""Runs scenarios against many defective services in one pytest session: they are collected once, and each defect is met by a
process that is forked from there. A job comes as a file of JSON; each outcome is a line of JSON on standard output."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial, reduce
from pathlib import Path
from typing import Any, TextIO

import pytest

from conformance.defects import Defect
from conformance.defects.known import gathered
from conformance.plugin import fixtures
from conformance.plugin.hooks import ProcessHooks
from conformance.plugin.options import parse, settings
from conformance.plugin.process import Place, Process
from conformance.plugin.start import FIXTURES
from conformance.qualify.meeting import Baseline, Meeting
from conformance.qualify.model import CLEAN, Job, Outcome
from conformance.qualify.remembered import recalled, remember
from conformance.qualify.service import words

_HERE = Path(__file__).parent
_SCENARIOS = _HERE.parents[1] / "scenarios"
_PATIENCE = 180.0
_PAUSE = 0.01


class Qualifier:
    """The pytest plugin of such a session."""

    def __init__(self, job: Job, told: TextIO) -> None:
        self._job = job
        self._told = told
        self._folder = Path(job.folder)
        self._known = gathered(job.files)

    def pytest_configure(self, config: pytest.Config) -> None:
        self._settings = settings(parse(words(self._job.version)))
        config.pluginmanager.register(fixtures, FIXTURES)
        place = self._folder / "collecting"
        place.mkdir(parents=True, exist_ok=True)
        self._process = Process(self._settings, Place(place, "0"))
        self._collecting = ProcessHooks(self._process)
        config.pluginmanager.register(self._collecting, "batch-process")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Failed("scenarios could not be collected")
        session.config.pluginmanager.unregister(self._collecting)
        meeting = Meeting(self._settings, session, self._job, self._process)
        meeting.warm(self._folder / "warming")
        gc.collect()
        gc.freeze()  # what is there now is never looked at again, and so stays shared between the processes
        clean = self._baseline(meeting)
        if CLEAN in self._job.defects:
            self._tell(clean.outcome)
        for outcome in self._all(meeting, clean):
            self._tell(outcome)
        return True

    def _tell(self, outcome: Outcome) -> None:
        print(outcome.model_dump_json(), file=self._told, flush=True)

    def _baseline(self, meeting: Meeting) -> Baseline:
        known = recalled(self._job) if CLEAN not in self._job.defects else None
        if known is not None:
            return known
        found = self._heard(meeting)
        remember(self._job, found)
        return found

    def _heard(self, meeting: Meeting) -> Baseline:
        """Each process hears a part of it."""
        parts = max(1, self._job.workers)
        work: list[Callable[[Path], Baseline]] = [partial(meeting.clean, part=part, parts=parts) for part in range(parts)]
        work += [meeting.clean_plans] if self._job.plans else []
        places = [self._folder / f"clean-{number}" for number in range(len(work))]
        waiting = [partial(_pickle, one, place) for one, place in zip(work, places, strict=True)]
        running: set[int] = set()
        while waiting or running:
            while waiting and len(running) < parts:
                running.add(_forked(waiting.pop(0)))
            running -= {child for child in running if os.waitpid(child, os.WNOHANG)[0]}
            time.sleep(_PAUSE)
        found = [_unpickled(place) for place in places]
        return reduce(Baseline.with_more, found)

    def _all(self, meeting: Meeting, clean: Baseline) -> Iterator[Outcome]:
        waiting = [self._known[name] for name in self._job.defects if name != CLEAN]
        running: dict[int, tuple[Defect, float]] = {}
        late: set[str] = set()
        while waiting or running:
            while waiting and len(running) < self._job.workers:
                defect = waiting.pop(0)
                place = self._folder / defect.id
                child = _forked(partial(_meet, meeting, defect, clean, place))
                running[child] = defect, time.monotonic() + _PATIENCE
            for child, (defect, end) in list(running.items()):
                if os.waitpid(child, os.WNOHANG)[0]:
                    del running[child]
                    yield self._read(defect, defect.id in late)
                elif time.monotonic() > end:
                    late.add(defect.id)
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
            time.sleep(_PAUSE)

    def _read(self, defect: Defect, late: bool) -> Outcome:
        path = _outcome(self._folder / defect.id)
        if not path.exists():
            broke = f"it was not over after {_PATIENCE:.0f} s" if late else "the process that met it died"
            return Outcome(defect=defect.id, version=self._job.version, broke=broke)
        return Outcome.model_validate_json(path.read_bytes())


def _pickle(work: Callable[[Path], Baseline], place: Path) -> None:
    place.with_suffix(".pickle").write_bytes(pickle.dumps(work(place)))


def _unpickled(place: Path) -> Baseline:
    path = place.with_suffix(".pickle")
    if not path.exists():
        raise pytest.UsageError("the clean service could not be judged")
    found: Baseline = pickle.loads(path.read_bytes())
    path.unlink()
    return found


def _outcome(place: Path) -> Path:
    return place.with_suffix(".json")


def _meet(meeting: Meeting, defect: Defect, clean: Baseline, place: Path) -> None:
    try:
        outcome = meeting.met(defect, clean, place)
    except (Exception, SystemExit) as error:  # of the lie: who wrote it wants to know
        told = f"{type(error).__name__}: {error}"
        outcome = Outcome(defect=defect.id, version=meeting.job.version, broke=told)
    _write(place, outcome)


def _write(place: Path, outcome: Outcome) -> None:
    unfinished = place.with_suffix(".part")
    unfinished.write_text(outcome.model_dump_json(), encoding="utf-8")
    unfinished.replace(_outcome(place))


def _forked(work: Any) -> int:
    """A process that does this work and nothing else; its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc(file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code)


def main(path: str) -> int:
    """Run the job that stands in a file. Standard output belongs to the outcomes; what a lie prints goes where errors go."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    job = Job.model_validate_json(Path(path).read_bytes())
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    ini = _HERE.parent / "commands" / "run.ini"
    arguments = [str(_SCENARIOS), "-c", str(ini), f"--rootdir={_SCENARIOS.parent}", "-p", "conformance.plugin"]
    for name in ("cacheprovider", "terminal", "logging", "faulthandler", "junitxml"):
        arguments += ["-p", f"no:{name}"]
    return int(pytest.main([*arguments, "--capture=no"], plugins=[Qualifier(job, told)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
