"""All defects that are asked for, api-version after api-version, each in a session of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.defects import Defect
from conformance.qualify.model import CLEAN, Job, Outcome


class SessionBroke(Exception):
    """The suite itself broke. One line."""


@dataclass(frozen=True)
class Campaign:
    """`defects` are shown in this order within each api-version; the other fields are as in `Job`. `clean`: the service without
    defects is judged too, at each of the api-versions."""

    defects: Sequence[Defect]
    files: Sequence[str] = ()
    workers: int = 1
    most: int = 0
    first: bool = False
    plans: int = 0
    seed: int = 0
    clean: bool = True

    def versions(self) -> list[str]:
        return sorted({defect.at for defect in self.defects})

    def outcomes(self) -> Iterator[Outcome]:
        """As they come. Raises SessionBroke when a session breaks."""
        for version in self.versions():
            with tempfile.TemporaryDirectory(prefix="batch-qualify-") as folder:
                yield from _session(self._job(version, folder))

    def _job(self, version: str, folder: str) -> Job:
        names = [defect.id for defect in self.defects if defect.at == version]
        return Job(
            version=version,
            defects=[*([CLEAN] if self.clean else []), *names],
            files=self.files,
            workers=self.workers,
            most=self.most,
            first=self.first,
            plans=self.plans,
            seed=self.seed,
            folder=folder,
        )


def _session(job: Job) -> Iterator[Outcome]:
    path = Path(job.folder, "job.json")
    path.write_text(job.model_dump_json(), encoding="utf-8")
    words = [sys.executable, "-P", "-m", "conformance.qualify.session", str(path)]
    heard = 0
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8") as child:
            try:
                assert child.stdout is not None
                for line in child.stdout:
                    heard += 1
                    yield Outcome.model_validate_json(line)
            finally:
                child.terminate()
        if heard < len(job.defects):
            said.seek(0)
            raise SessionBroke(
                f"qualification at {job.version} broke: {_last(said.read().decode('utf-8', 'replace').splitlines())}"
            )


def _last(lines: Iterable[str]) -> str:
    told = [line.strip() for line in lines if line.strip()]
    return told[-1] if told else "it says nothing"
