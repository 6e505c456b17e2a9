"""The plugin's options, and the target that they and the target file describe."""

from __future__ import annotations

import shlex
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance import contract
from conformance.contract import Plane
from conformance.plugin.estimate import MINUTES_WITH_NODES, requests_at_most
from conformance.plugin.fuzzsettings import FAMILIES, MANAGEMENT, NONE, Fuzz, check_spec, fuzz_of
from conformance.requirements import Catalogue, Requirement, load
from conformance.target import Target, UserError, load_target
from conformance.target.config import nearest

if TYPE_CHECKING:
    from conformance.plugin.recordings import Replay

# option → field of the target
_FIELDS = {
    "batch_endpoint": "endpoint",
    "batch_api_version": "api_version",
    "batch_auth": "auth",
    "batch_account": "account",
    "batch_management_endpoint": "management_endpoint",
    "batch_management_auth": "management.auth",
    "batch_management_version": "management.api_version",
    "batch_subscription": "management.subscription",
    "batch_resource_group": "management.resource_group",
    "batch_other_group": "management.other_resource_group",
    "batch_location": "management.location",
    "batch_profile": "profiles",
    "batch_start_nodes": "permissions.start_nodes",
    "batch_create_accounts": "permissions.create_accounts",
    "batch_max_requests": "budget.requests",
    "batch_max_minutes": "budget.minutes",
    "batch_timeout": "timeouts.answer",
    "batch_deadline": "timeouts.deadline",
}


def parse(words: list[str]) -> Namespace:
    """The plugin's options among `words`, without pytest."""
    parser = ArgumentParser(exit_on_error=False, allow_abbrev=False, add_help=False)
    _declare(parser.add_argument)
    return parser.parse_known_args(words)[0]


def add_options(parser: pytest.Parser) -> None:
    _declare(parser.getgroup("batch", "conformance of an Azure Batch endpoint").addoption)


def _declare(add: Callable[..., Any]) -> None:
    add("--endpoint", dest="batch_endpoint", metavar="URL", help="the endpoint under test")
    add("--target", dest="batch_target", metavar="FILE", help="a TOML file that describes the endpoint; options win over it")
    add("--api-version", dest="batch_api_version", metavar="V", help="the api-version to test (default: newest without preview)")
    add("--auth", dest="batch_auth", choices=["none", "shared-key", "entra"], help="default: none")
    add("--account", dest="batch_account", metavar="NAME", help="the account; its key is read from BATCH_ACCOUNT_KEY only")
    add("--management-endpoint", dest="batch_management_endpoint", metavar="URL", help="the Azure Resource Manager endpoint")
    add(
        "--management-auth",
        dest="batch_management_auth",
        choices=["none", "bearer", "entra"],
        help="default: bearer if BATCH_MANAGEMENT_TOKEN is set, entra with --auth entra, else none",
    )
    add("--management-version", dest="batch_management_version", metavar="V", help="the api-version of the management plane")
    add("--subscription", dest="batch_subscription", metavar="ID", help="the subscription for accounts")
    add("--resource-group", dest="batch_resource_group", metavar="NAME", help="the resource group for accounts")
    add("--other-resource-group", dest="batch_other_group", metavar="NAME", help="a second one, for an account (default: none)")
    add("--location", dest="batch_location", metavar="REGION", help="where new accounts are made (default: eastus)")
    add("--create-accounts", dest="batch_create_accounts", action="store_const", const=True, help="scenarios may create accounts")
    add("--profile", dest="batch_profile", action="append", metavar="P", help="a profile that the target claims (default: all)")
    add("--requirement", dest="batch_requirement", action="append", metavar="GLOB", help="judge these requirements only")
    add("--start-nodes", dest="batch_start_nodes", action="store_const", const=True, help="scenarios may start compute nodes")
    add(
        "--max-requests",
        dest="batch_max_requests",
        type=int,
        metavar="N",
        help="send no more than N requests (default: what the suite's own estimate says)",
    )
    add("--max-minutes", dest="batch_max_minutes", type=float, metavar="M", help="send nothing more after M minutes")
    add("--timeout", dest="batch_timeout", type=float, metavar="S", help="seconds to wait for an answer")
    add("--deadline", dest="batch_deadline", type=float, metavar="S", help="seconds to wait for a state to be reached")
    add("--batch-report", dest="batch_report", metavar="DIR", default="reports/latest", help="default: %(default)s")
    add("--run-id", dest="batch_run_id", metavar="ID", help="part of the name of everything that is created (default: random)")
    add("--batch-seed", dest="batch_seed", type=int, metavar="N", help="seed of the fuzzing; written into the report")
    add("--fuzz-examples", dest="batch_fuzz_examples", type=int, metavar="N", help="fuzz with N sequences of requests; 0: none")
    add("--fuzz-time", dest="batch_fuzz_time", type=float, metavar="S", help="fuzz for S seconds at most")
    add("--fuzz-only", dest="batch_fuzz_only", action="store_const", const=True, help="fuzz, and run no scenario")
    add("--spec", dest="batch_spec", metavar="FILE", help="an OpenAPI document to fuzz from (default: the contract's own)")
    add("--batch-embedded", dest="batch_embedded", action="store_true", help="the endpoint is the embedded reference service")
    add("--batch-record", dest="batch_record", metavar="DIR", help="record the run there, a vcrpy cassette for each scenario")
    add("--batch-replay", dest="batch_replay", metavar="DIR", help="answer from the recording there, without any target")
    add("--batch-repeatable", dest="batch_repeatable", action="store_true", help="the target's time moves with the requests")
    add("--max-age", dest="batch_max_age", type=float, metavar="DAYS", help="a recording that is older is called stale")
    add("--batch-probed", dest="batch_probed", action="store_true", help="do not ask first whether the target answers")


@dataclass(frozen=True)
class Settings:
    """What a run is asked to do. `catalogue` holds the requirements to judge, `claims` the profiles that the target claims;
    `command` is the command line that judges the same target again, without secrets; `estimated`: the budget of requests is the
    suite's own."""

    target: Target
    version: str
    catalogue: Catalogue
    claims: tuple[str, ...]
    narrowed: bool
    command: str = "batch-conformance run"
    management_version: str = ""
    estimated: bool = False
    record: Path | None = None
    replay: Replay | None = None
    repeatable: bool = False
    globs: tuple[str, ...] = ()
    max_age: float | None = None
    fuzz: Fuzz = NONE
    embedded: bool = False

    @property
    def drives_accounts(self) -> bool:
        """Whether scenarios ask the management plane anything."""
        return bool(self.target.management_endpoint) and "accounts" in self.claims

    def fuzzed(self) -> tuple[str, ...]:
        """The families of which generated requests are sent: those of claimed profiles of which anything is judged."""
        found = [name for name in FAMILIES if name in self.claims and self.judges_any(name)]
        accounts = self.drives_accounts and self.target.permissions.create_accounts and self.judges_any("accounts")
        return (*found, *([MANAGEMENT] if accounts else []))

    def holds(self, requirement: Requirement) -> bool:
        """Whether a requirement holds at the api-version under test of its plane."""
        return requirement.holds_at(self.management_version if requirement.plane == "management" else self.version)

    def requirement(self, name: str) -> Requirement | None:
        return self.catalogue.requirements.get(name)

    def judged(self, requirement: Requirement) -> bool:
        """Whether it is one of a claimed profile, and holds."""
        return not requirement.retired and self.holds(requirement) and requirement.profile in self.claims

    def judges_any(self, profile: str) -> bool:
        """Whether requests to a profile's resources could show anything that is to be judged."""
        return any(self.judged(r) for r in self.catalogue.requirements.values() if r.profile in {profile, "protocol"})

    def shown_by_traffic(self, marked: Collection[str]) -> frozenset[str]:
        """When only some requirements are asked for: the profiles of those that no scenario is marked with, as rules or the
        oracle judge them. They need the traffic of all the profile's scenarios."""
        if not self.narrowed:
            return frozenset()
        asked = (r for r in self.catalogue.requirements.values() if self.judged(r) and r.id not in marked)
        return frozenset(r.profile for r in asked if r.rule or r.trace)

    def gives_traffic(self, ids: Iterable[str], profiles: frozenset[str]) -> bool:
        """Whether a scenario with these ids is one of the profiles'."""
        known = load().requirements
        return any(r.profile in profiles and self.judged(r) for name in ids if (r := known.get(name)) is not None)


def settings(options: Namespace) -> Settings:
    """What the parsed options mean. Raises UserError."""
    if getattr(options, "batch_replay", None):
        return _replaying(options)
    given: dict[str, Any] = {field: getattr(options, option, None) for option, field in _FIELDS.items()}
    file = getattr(options, "batch_target", None)
    target = load_target(Path(file) if file else None, given)
    made = resolve(target, getattr(options, "batch_requirement", None) or [])
    record = getattr(options, "batch_record", None)
    made = replace(
        made,
        command=_command(options, made),
        record=Path(record) if record else None,
        repeatable=bool(getattr(options, "batch_repeatable", False)),
        globs=tuple(getattr(options, "batch_requirement", None) or ()),
        embedded=bool(getattr(options, "batch_embedded", False)),
        fuzz=fuzz_of(options, idle=bool(record) or made.narrowed),
    )
    made = replace(made, fuzz=replace(made.fuzz, families=made.fuzzed()))
    if made.record is not None and made.fuzz.examples:
        raise UserError("--record: recordings are of scenarios; fuzz in a run of its own")
    if made.fuzz.only and not set(FAMILIES) & set(made.claims):
        raise UserError(f"--fuzz-only: nothing of the profiles that are claimed is fuzzed; those that are: {', '.join(FAMILIES)}")
    if made.fuzz.spec is not None:
        check_spec(made.fuzz.spec, made.version)
    if made.record is not None:
        from conformance.plugin.recordings import check_folder

        check_folder(made.record)
    return made if getattr(options, "batch_embedded", False) else bounded(made)


def _replaying(options: Namespace) -> Settings:
    """As the recording says; of what it claims, some requirements may be chosen."""
    from conformance.plugin.recordings import replayed

    replay, target = replayed(Path(options.batch_replay))
    profiles = getattr(options, "batch_profile", None)
    target = target.model_copy(update={"profiles": profiles}) if profiles else target
    made = resolve(target, getattr(options, "batch_requirement", None) or replay.index.requirements)
    command = shlex.join(["batch-conformance", "run", "--replay", options.batch_replay])
    return replace(made, command=command, replay=replay, max_age=getattr(options, "batch_max_age", None))


def bounded(made: Settings) -> Settings:
    """What the user leaves open is bounded by the suite's own estimate, so that no account is used without end."""
    budget = made.target.budget
    minutes = budget.minutes or (MINUTES_WITH_NODES if made.target.permissions.start_nodes else 0)
    scenarios = 0 if made.fuzz.only else requests_at_most(made)
    update = {"requests": budget.requests or scenarios + made.fuzz.requests, "minutes": minutes}
    target = made.target.model_copy(update={"budget": budget.model_copy(update=update)})
    return replace(made, target=target, estimated=not budget.requests)


def _command(options: Namespace, made: Settings) -> str:
    words = ["batch-conformance", "run"]
    if getattr(options, "batch_target", None):
        words += ["--target", options.batch_target]
    elif not getattr(options, "batch_embedded", False):
        words += ["--endpoint", made.target.endpoint]
        words += ["--auth", made.target.auth] if made.target.auth != "none" else []
        words += ["--account", made.target.account] if made.target.account else []
        words += ["--start-nodes"] if made.target.permissions.start_nodes else []
        words += _management(made) if made.target.management_endpoint else []
    elif getattr(options, "batch_management_version", None):
        words += ["--management-version", made.management_version]
    return shlex.join([*words, "--api-version", made.version])


def _management(made: Settings) -> list[str]:
    target = made.target
    words = ["--management-endpoint", target.management_endpoint, "--subscription", target.management.subscription]
    words += ["--resource-group", target.management.resource_group, "--management-version", made.management_version]
    return [*words, *(["--create-accounts"] if target.permissions.create_accounts else [])]


def resolve(target: Target, globs: list[str]) -> Settings:
    """Fill in what the target leaves open, and check names against contract and catalogue. Raises UserError."""
    version = known_version(target.api_version)
    management = known_version(target.management.api_version, Plane.MANAGEMENT)
    whole = load()
    held = sorted({r.profile for r in (*whole.at(version), *whole.at(management, "management"))})
    profiles = sorted({r.profile for r in whole.requirements.values()})
    for profile in target.profiles:
        if profile not in profiles:
            raise UserError(f"unknown profile {profile!r}{nearest(profile, profiles)}; profiles: {', '.join(profiles)}")
    chosen = _matching(whole, globs)
    claims = tuple(target.profiles or held)
    at = target.management.model_copy(update={"api_version": management})
    target = target.model_copy(update={"api_version": version, "management": at})
    made = Settings(target, version, Catalogue(chosen, whole.untestable), claims, bool(globs), management_version=management)
    if globs and not any(r.profile in claims and made.holds(r) for r in chosen.values()):
        raise UserError(f"no requirement that matches {', '.join(globs)} holds at {version} and belongs to a claimed profile")
    return made


def check_report(folder: Path) -> None:
    """Raises UserError when no report could be written there: better before a run than after it.

    Folders that are made only to see whether they can be are removed again."""
    made = [f for f in (folder, *folder.parents) if not f.exists()] if _looks(folder) else []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError(f"--report {folder}: no report can be written there: {error.strerror or error}") from None
    finally:
        for one in made:
            with suppress(OSError):
                one.rmdir()


def _looks(folder: Path) -> bool:
    """Whether one may look there at all."""
    try:
        folder.exists()
    except OSError:
        return False
    return True


def default_version(plane: Plane = Plane.DATA) -> str:
    """The newest api-version that is no preview."""
    return [v.name for v in contract.versions(plane) if not v.preview][-1]


def known_versions(plane: Plane = Plane.DATA) -> list[str]:
    """Every api-version, oldest first."""
    return [v.name for v in contract.versions(plane)]


def management_version_of(version: str) -> str:
    """The management plane as it was when an api-version of the data plane came out; the oldest for what is older."""
    known = known_versions(Plane.MANAGEMENT)
    return [known[0], *(name for name in known if name[:10] <= version[:10])][-1]


def known_version(stated: str, plane: Plane = Plane.DATA) -> str:
    """The api-version, or the default one for an empty text. Raises UserError for one that the contract lacks."""
    known = known_versions(plane)
    if stated and stated not in known:
        of = "management " if plane is Plane.MANAGEMENT else ""
        raise UserError(f"unknown {of}api-version {stated!r}{nearest(stated, known)}; known: {', '.join(known)}")
    return stated or default_version(plane)


def _matching(catalogue: Catalogue, globs: list[str]) -> dict[str, Requirement]:
    if not globs:
        return dict(catalogue.requirements)
    for glob in globs:
        if not any(fnmatchcase(name, glob) for name in catalogue.requirements):
            near = nearest(glob, catalogue.requirements)
            raise UserError(f"no requirement matches {glob!r}{near}; `batch-conformance requirements` lists them")
    return {n: r for n, r in catalogue.requirements.items() if any(fnmatchcase(n, glob) for glob in globs)}
