"""What the user says about a target: from a TOML file, command line options, and the environment (the key only from there)."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from conformance.target.errors import UserError

KEY_VARIABLE = "BATCH_ACCOUNT_KEY"
TOKEN_VARIABLE = "BATCH_MANAGEMENT_TOKEN"
Auth = Literal["none", "shared-key", "entra"]
ManagementAuth = Literal["none", "bearer", "entra"]


# nothing that is counted in seconds or minutes needs more
_DAY = 86_400


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Permissions(_Record):
    """Starting nodes costs money on a real account, and accounts are few in a subscription: both have to be allowed. `max_nodes`
    bounds one pool."""

    start_nodes: bool = False
    max_nodes: int = Field(default=2, ge=1)
    create_accounts: bool = False


class Budget(_Record):
    """What one run may use at most; 0 leaves it to the suite. Removing what a run created is never refused: its requests are set
    aside before anything is created."""

    requests: int = Field(default=0, ge=0)
    minutes: float = Field(default=0, ge=0, le=_DAY)


class Pacing(_Record):
    requests_per_second: float = Field(default=0, ge=0, le=_DAY)


class Timeouts(_Record):
    """Seconds: to connect, to wait for an answer, and for a state to be reached (`deadline`)."""

    connect: float = Field(default=10, gt=0, le=_DAY)
    answer: float = Field(default=60, gt=0, le=_DAY)
    deadline: float = Field(default=600, gt=0, le=_DAY)


class Management(_Record):
    """The management plane: who asks there, and where accounts may be made. Empty `auth` means bearer if the environment has a
    token, entra if the data plane has it, else none. In `other_resource_group`, if there is one, an account is made that the list
    of the first must not show. `storage_account` (a resource id) is made the auto-storage account of new
    accounts; without it one that does not exist is named, which a real service may refuse."""

    auth: ManagementAuth | Literal[""] = ""
    api_version: str = ""
    subscription: str = ""
    resource_group: str = ""
    other_resource_group: str = ""
    location: str = "eastus"
    storage_account: str = ""


class Target(_Record):
    """One endpoint. Empty `profiles` claim every profile; an empty `api_version` means the newest one that is no preview."""

    endpoint: str
    api_version: str = ""
    auth: Auth = "none"
    account: str = ""
    management_endpoint: str = ""
    management: Management = Management()
    profiles: list[str] = []
    permissions: Permissions = Permissions()
    budget: Budget = Budget()
    pacing: Pacing = Pacing()
    timeouts: Timeouts = Timeouts()

    @field_validator("endpoint", "management_endpoint")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if not value:
            return value
        try:
            parts = urlsplit(value)
            well_formed = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            well_formed = False
        if not well_formed or parts.query or parts.fragment or "@" in parts.netloc:
            shown = _without_user(value)
            refused = "" if shown == value else "; a name and a password have no place in it"
            raise ValueError(f"not a URL such as https://account.region.batch.azure.com: {shown!r}{refused}")
        return value.rstrip("/")

    @property
    def key(self) -> str:
        """The account key. Raises UserError when it is needed and absent."""
        key = os.environ.get(KEY_VARIABLE, "")
        if self.auth == "shared-key" and not key:
            raise UserError(
                f"auth shared-key: the environment variable {KEY_VARIABLE} is not set; the key is read from there only"
            )
        return key if self.auth == "shared-key" else ""

    @property
    def management_auth(self) -> ManagementAuth:
        if self.management.auth:
            return self.management.auth
        if os.environ.get(TOKEN_VARIABLE):
            return "bearer"
        return "entra" if self.auth == "entra" else "none"

    @property
    def management_token(self) -> str:
        """The bearer token. Raises UserError when it is needed and absent."""
        token = os.environ.get(TOKEN_VARIABLE, "")
        if self.management_auth == "bearer" and not token:
            raise UserError(f"management auth bearer: the environment variable {TOKEN_VARIABLE} is not set")
        return token if self.management_auth == "bearer" else ""


def load_target(file: Path | None, options: Mapping[str, Any]) -> Target:
    """A target from a file, options, or both (options win). `options` names fields, `a.b` for nested ones; None is not given.

    Raises:
        UserError: with the file, the key and, for an unknown key, the nearest one that exists.
    """
    raw = _read(file) if file else {}
    for name, value in options.items():
        if value is not None:
            _put(raw, name.split("."), value)
    place = f"{file}: " if file else ""
    if raw.get("endpoint", "") == "":
        raise UserError(f"{place}the target has no `endpoint`; give it there or with --endpoint URL")
    try:
        # a number without fraction is a float, too; JSON knows no difference
        target = Target.model_validate(raw)
    except ValidationError as error:
        raise UserError(place + _explain(error)) from error
    if target.management_endpoint and not (target.management.subscription and target.management.resource_group):
        raise UserError(
            f"{place}a management endpoint needs --subscription ID and --resource-group NAME, or both under [management] in the "
            "target file"
        )
    if target.auth == "shared-key" and not target.account:
        raise UserError(f"{place}auth shared-key needs the name of the account: --account NAME, or `account` in the target file")
    return target


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{file}: no such target file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{file}: not TOML: {error}") from error


def _put(raw: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        below = raw.setdefault(step, {})
        if not isinstance(below, dict):
            return  # wrong in the file: validation tells
        raw = below
    raw[path[-1]] = value


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    location = [str(step) for step in first["loc"]]
    key = ".".join(location)
    if first["type"] == "extra_forbidden":
        known = _keys(location[:-1])
        return f"unknown key `{key}`{nearest(location[-1], known)}; known keys: {', '.join(known)}"
    message = first["msg"].removeprefix("Value error, ")
    return (
        f"`{key}`: {message[0].lower()}{message[1:]}, not {first['input']!r}"
        if "not a URL" not in message
        else f"`{key}`: {message}"
    )


def _without_user(url: str) -> str:
    """What stands before the last @ may be a password, even where the rest is no URL."""
    before, at, rest = url.rpartition("@")
    scheme, slashes, _ = before.partition("://")
    return f"{scheme}{slashes}{rest}" if at and slashes else rest


def _keys(path: list[str]) -> list[str]:
    model: type[BaseModel] = Target
    for step in path:
        annotation = model.model_fields[step].annotation
        assert isinstance(annotation, type) and issubclass(annotation, BaseModel), "only tables forbid extra keys"
        model = annotation
    return list(model.model_fields)


def nearest(word: str, known: Iterable[str]) -> str:
    """`, did you mean X?`, or nothing when no word is near."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f", did you mean `{close[0]}`?" if close else ""
