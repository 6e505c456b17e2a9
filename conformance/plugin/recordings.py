"""A run that is recorded, and one that is replayed: what they need of the rooms below."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.recording.aliases import Aliases, endpoint_alias, label_alias
from conformance.recording.clean import Cleaner
from conformance.recording.client import ReplayingClient
from conformance.recording.errors import Leaks
from conformance.recording.index import INDEX, Index, read_index
from conformance.recording.player import Player
from conformance.recording.recorder import DONE, Recorder
from conformance.target import Scrubber, Target, UserError

if TYPE_CHECKING:
    from conformance.plugin.certificates import MadeCertificate

TAPES = "tapes"
_LEAK = "leak-"
_ACCOUNT, _GROUPS = "recordedaccount", ("recorded-group", "recorded-other-group")
_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Replay:
    """A recording that is to be replayed, and the target that it describes."""

    folder: Path
    index: Index

    @property
    def age(self) -> float:
        """In days."""
        return (datetime.now(UTC) - self.index.recorded).total_seconds() / 86400


def replayed(folder: Path) -> tuple[Replay, Target]:
    """Raises UserError."""
    index = read_index(folder)
    try:
        return Replay(folder, index), Target.model_validate(index.target)
    except ValueError as error:
        raise UserError(f"{folder / INDEX}: target: {error}; record again with `run --record {folder}`") from None


def check_folder(folder: Path) -> None:
    """Raises UserError when a recording cannot go there: only an older recording may be replaced."""
    if folder.exists() and not folder.is_dir():
        raise UserError(f"--record {folder}: there is a file of that name")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / INDEX).is_file():
        raise UserError(f"--record {folder}: the folder is not empty, and no recording: name another one")
    for parent in (folder, *folder.parents):
        if parent.exists():
            if not os.access(parent, os.W_OK):
                raise UserError(f"--record {folder}: nothing can be written there")
            return


def aliases(target: Target, label: str) -> Aliases:
    place = target.management
    named = {("batchAccounts", target.account): _ACCOUNT, ("subscriptions", place.subscription): _SUBSCRIPTION}
    for group, alias in zip((place.resource_group, place.other_resource_group), _GROUPS, strict=True):
        named["resourceGroups", group] = alias
    return Aliases(label, (target.endpoint, target.management_endpoint), {key: alias for key, alias in named.items() if key[1]})


def described(target: Target) -> dict[str, Any]:
    """A target as a replay needs it: with the aliases, without secrets, and without what bounds or slows a run."""
    place = target.management
    management = place.model_copy(
        update={
            "auth": target.management_auth if target.management_endpoint else "none",
            "subscription": _SUBSCRIPTION if place.subscription else "",
            "resource_group": _GROUPS[0] if place.resource_group else "",
            "other_resource_group": _GROUPS[1] if place.other_resource_group else "",
            # scenarios send it, and the bodies in the cassettes have it with the aliases
            "storage_account": aliases(target, "no label is in it").known(place.storage_account),
        }
    )
    aliased = target.model_copy(
        update={
            "endpoint": endpoint_alias(target.endpoint),
            "management_endpoint": endpoint_alias(target.management_endpoint),
            "account": _ACCOUNT if target.account else "",
            "management": management,
        }
    )
    return aliased.model_dump(mode="json", exclude={"budget", "pacing", "timeouts"})


def recorder(target: Target, label: str, scrub: Scrubber) -> Recorder:
    return Recorder(Cleaner(aliases(target, label), scrub.exchange))


def player(replay: Replay, target: Target, scrub: Scrubber) -> ReplayingClient:
    cleaner = Cleaner(aliases(target, replay.index.label), scrub.exchange)
    return ReplayingClient(target, Player(replay.folder, replay.index.cassettes, cleaner))


def certifying(made_by: Callable[[str, str], MadeCertificate], known: Aliases) -> Callable[[str, str], MadeCertificate]:
    """Makes certificates as ever, and teaches the recording their aliases, which depend on their names alone."""

    def certify(name: str, form: str) -> MadeCertificate:
        made = made_by(name, form)
        alias = recorded_certificate(name.replace(known.label, label_alias(known.label)), form)
        known.made |= {made.thumbprint: alias.thumbprint, made.public: alias.public}
        return made

    return certify


def recorded_certificate(name: str, form: str) -> MadeCertificate:
    """The stand-in of a certificate: nobody can use it, and none has to be made."""
    from conformance.plugin.certificates import MadeCertificate

    thumbprint = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    public = base64.b64encode(f"the recorded certificate {name}".encode()).decode()
    body: dict[str, Any] = {"thumbprint": thumbprint, "thumbprintAlgorithm": "sha1", "certificateFormat": form}
    if form == "cer":
        return MadeCertificate(thumbprint, public, {**body, "data": public})
    return MadeCertificate(thumbprint, public, {**body, "data": f"data of {name}", "password": f"password of {name}"})


def keep(made: Recorder, work: Path, name: str, secrets: list[str]) -> None:
    """Writes what a process recorded into the work folder, from where the controller takes it."""
    folder = work / TAPES
    folder.mkdir(parents=True, exist_ok=True)
    try:
        made.write(folder, name, secrets)
    except Leaks as leak:
        (folder / f"{_LEAK}{name}.txt").write_text(str(leak), encoding="utf-8")


def publish(work: Path, folder: Path, index: Index) -> None:
    """Puts the recording of all processes where it was asked for, whole or not at all. Raises UserError when one of them would
    hold a secret."""
    tapes = work / TAPES
    leaks = sorted(tapes.glob(f"{_LEAK}*.txt"))
    if leaks:
        said = leaks[0].read_text(encoding="utf-8")
        raise UserError(f"--record {folder}: {said}: nothing was recorded")
    cassettes: dict[str, str] = {}
    for done in sorted(tapes.glob(f"{DONE}*.json")):
        cassettes |= json.loads(done.read_text(encoding="utf-8"))
        done.unlink()
    (tapes / INDEX).write_text(replace_cassettes(index, cassettes).model_dump_json(indent=1) + "\n", encoding="utf-8")
    _swap(tapes, folder)


def replace_cassettes(index: Index, cassettes: Mapping[str, str]) -> Index:
    return index.model_copy(update={"cassettes": dict(sorted(cassettes.items()))})


def _swap(made: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    for left in (beside, old):
        shutil.rmtree(left, ignore_errors=True)
    try:
        shutil.move(made, beside)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        if isinstance(error, shutil.Error):  # of each file that could not be copied: the first says why
            raise OSError(error.args[0][0][-1]) from error
        raise
    if folder.exists():
        folder.rename(old)
    beside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


__all__ = ["Index", "Replay", "label_alias", "replayed"]
