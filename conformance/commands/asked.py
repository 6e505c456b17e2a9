"""What a user asks `run` for, as words for the plugin and as a command line for another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.commands.choices import Format
from conformance.target.errors import UserError

if TYPE_CHECKING:
    from conformance.plugin.options import Settings

# options that say how to reach a target
REACHING = ("--auth", "--account", "--management-endpoint", "--management-auth", "--subscription", "--resource-group")
EVERY = "all"


@dataclass(frozen=True)
class Asked:
    """`options` are those with one value (None: not given), `flags` those without."""

    options: Mapping[str, Any]
    profiles: tuple[str, ...]
    requirements: tuple[str, ...]
    flags: tuple[str, ...]
    versions: tuple[str, ...]
    seed: int
    workers: int
    report: Path
    form: Format
    record: Path | None = None
    replay: Path | None = None
    max_age: float | None = None

    @property
    def embedded(self) -> bool:
        """Whether the reference service is to be judged."""
        return self.options["--endpoint"] is None and not self.options["--target"]

    def at(self, *versions: str) -> Asked:
        return replace(self, versions=versions)

    def words(self) -> list[str]:
        """The plugin's options, at one api-version or at the default one."""
        more = [f"--batch-seed={self.seed}", f"--batch-report={self.report}", f"--junitxml={self.report / 'junit.xml'}"]
        more += [f"--batch-record={self.record}"] if self.record is not None else []
        more += [f"--batch-replay={self.replay}"] if self.replay is not None else []
        more += [f"--max-age={self.max_age}"] if self.max_age is not None else []
        return [*self._shared(), *(f"--api-version={version}" for version in self.versions), *more]

    def command_line(self, version: str) -> list[str]:
        """`run` again, for one api-version, in one process that prints a line only when it fails."""
        more = [f"--api-version={version}", f"--seed={self.seed}", f"--report={self.report / version}", "--workers=1"]
        if self.options["--management-version"] is None:
            from conformance.plugin.options import management_version_of

            more.append(f"--management-version={management_version_of(version)}")
        return ["run", *self._shared(), *more]

    def _shared(self) -> list[str]:
        words = [f"{name}={value}" for name, value in self.options.items() if value is not None]
        words += [f"--profile={name}" for name in self.profiles] + [f"--requirement={glob}" for glob in self.requirements]
        return [*words, *self.flags]

    def checked(self) -> Asked:
        """The same with the api-versions that the contract knows, each once, oldest first, when several are meant. Raises
        UserError for an unknown one, and for options that contradict each other."""
        self._recordings()
        if len(self.versions) < 2 and EVERY not in self.versions:
            return self
        from conformance.plugin.options import known_version, known_versions

        known = known_versions()
        named = [known_version(version) for version in self.versions if version != EVERY]
        wanted = known if EVERY in self.versions else named
        return replace(self, versions=tuple(version for version in known if version in wanted))

    def _recordings(self) -> None:
        if self.replay is None:
            if self.max_age is not None:
                raise UserError("--max-age is for --replay DIR")
            if self.record is not None and self.workers > 1:
                raise UserError("--record: one process at a time (--workers 1): what scenarios share is recorded once")
            if self.record is not None and (len(self.versions) > 1 or EVERY in self.versions):
                raise UserError("--record: one api-version at a time; each recording has a folder of its own")
            return
        if self.record is not None:
            raise UserError("--record and --replay: one or the other")
        stated = [name for name, value in self.options.items() if value is not None]
        if stated or self.versions or self.flags:
            first = (*stated, *("--api-version" for _ in self.versions), *self.flags)[0]
            raise UserError(f"{first} says what a run is to do with a target: --replay takes all of that from the recording")


def check(asked: Asked, words: list[str]) -> Settings:
    """What the words mean, as the plugin will read them. Raises UserError before anything is started."""
    if asked.replay is not None:
        words = [*words, "--endpoint=http://recorded.invalid"]
    elif asked.embedded:
        for name in REACHING:
            if asked.options[name]:
                raise UserError(f"{name} says how to reach a target: name one with --endpoint URL or --target FILE")
        words = [*words, "--endpoint=http://127.0.0.1"]
    from conformance.plugin.options import check_report, parse, settings

    made = settings(parse(words))
    check_report(asked.report)
    return made


def probe(settings: Settings) -> None:
    """Raises TargetUnreachable when there is nothing to judge."""
    from conformance.plugin.probe import probe as ask
    from conformance.target import Client

    with Client(settings.target) as client:
        ask(client, settings.version, management=settings.drives_accounts)
