"""Accounts in the management plane: what a PATCH makes of what it names, and of what it leaves out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

from conformance.defects.answers import with_body
from conformance.defects.managed import ONE, Account, afterwards, reading
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_member
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_PATCH = f"PATCH {ONE}"


_OPTIONAL = ("autoStorage", "networkProfile")


def _as_new(account: Account) -> None:
    """What the request leaves out is as in a new account."""
    asked = account.sent.get("properties", {})
    for name in _OPTIONAL:
        if name not in asked:
            account.properties.pop(name, None)
    plain = {
        "publicNetworkAccess": "Enabled",
        "encryption": {"keySource": "Microsoft.Batch"},
        "allowedAuthenticationModes": ["SharedKey", "AAD", "TaskAuthenticationToken"],
    }
    account.properties.update({name: value for name, value in plain.items() if name not in asked})
    if "identity" not in account.sent:
        account.now["identity"] = {"type": "None"}
    if "tags" not in account.sent:
        account.now.pop("tags", None)


def _disabled(account: Account) -> None:
    """publicNetworkAccess that is left out is Disabled."""
    if "publicNetworkAccess" not in account.sent.get("properties", {}):
        account.properties["publicNetworkAccess"] = "Disabled"


def _smaller(account: Account) -> None:
    account.properties["poolQuota"] = 20


def _tagless(account: Account) -> None:
    if not account.sent or account.sent == {"properties": {}}:
        account.now.pop("tags", None)


def _lower_tags(account: Account) -> None:
    if account.now.get("tags"):
        account.now["tags"] = {name.lower(): value for name, value in account.now["tags"].items()}


def _first_tags(account: Account) -> None:
    """Tags are only set where there are none."""
    if account.was.get("tags") and account.now.get("tags"):
        account.now["tags"] = account.was["tags"]


def _first_profile(account: Account) -> None:
    if "networkProfile" in account.was.get("properties", {}):
        account.properties["networkProfile"] = account.was["properties"]["networkProfile"]


def _earlier(service: Service) -> Lie:
    """The answer shows the account as it was before."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if not fits(_PATCH, asked):
            return await ask(asked)
        before = await ask(reading(asked))
        answer = await ask(asked)
        return replace(answer, body=before.body) if answer.status == before.status == 200 else answer

    return lie


def _moving(service: Service) -> Lie:
    """With each PATCH an account moves on to another location."""
    changed: Counter[str] = Counter()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        path = asked.path.lower()
        if fits(_PATCH, asked) and answer.status == 200:
            changed[path] += 1
        if not changed[path] or not fits(f"GET|PATCH {ONE}", asked) or answer.status != 200:
            return answer
        location = f"westus{changed[path]}"
        return with_body(answer, lambda account: account.update(location=location))

    return lie


def _created_by_patch(service: Service) -> Lie:
    """A PATCH of what is not there makes it."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_PATCH, asked) or answer.status != 404:
            return answer
        sent = {**json.loads(asked.body), "location": "eastus"}
        made = await ask(replace(asked, method="PUT", body=json.dumps(sent).encode()))
        return await ask(reading(asked)) if made.status == 202 else answer

    return lie


DEFECTS = (
    Defect(
        "account-patch-tags-only",
        "An update of an account looks at its tags only.",
        "partial-update",
        (
            "accounts.update.sets-identity",
            "accounts.update.sets-auto-storage",
            "accounts.update.sets-encryption",
            "accounts.update.sets-network-profile",
            "accounts.update.sets-authentication-modes",
            "accounts.update.sets-public-network-access",
        ),
        "Tags are what every resource of Azure lets one change.",
        deaf_to_member(_PATCH, "identity", "properties"),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.*",
            "accounts.versions.storage-mode",
        ),
    ),
    Defect(
        "account-patch-replaces",
        "What an update of an account leaves out is set back.",
        "partial-update",
        (
            "accounts.update.keeps-omitted-tags",
            "accounts.update.keeps-omitted-identity",
            "accounts.update.keeps-omitted-auto-storage",
            "accounts.update.keeps-omitted-encryption",
            "accounts.update.keeps-omitted-network-profile",
            "accounts.update.keeps-omitted-authentication-modes",
            "accounts.trace.kept",
        ),
        "PATCH by the handler of PUT.",
        afterwards(_PATCH, _as_new),
        consequences=("accounts.update.empty-body-changes-nothing",),
    ),
    Defect(
        "account-patch-closes",
        "An update that leaves out publicNetworkAccess closes the account.",
        "partial-update",
        ("accounts.update.keeps-omitted-public-network-access",),
        "A flag that is false unless it is sent.",
        afterwards(_PATCH, _disabled),
        consequences=("accounts.trace.kept",),
    ),
    Defect(
        "account-patch-quota",
        "An update of an account sets its quota of pools back to 20.",
        "partial-update",
        ("accounts.update.keeps-the-rest",),
        "The default of the model is written with the rest.",
        afterwards(_PATCH, _smaller),
    ),
    Defect(
        "account-patch-empty",
        "An update of an account with an empty body takes its tags away.",
        "partial-update",
        ("accounts.update.empty-body-changes-nothing",),
        "Absent and empty are one in many a language.",
        afterwards(_PATCH, _tagless),
        consequences=(
            "accounts.trace.kept",
            "accounts.update.keeps-omitted-tags",
        ),
    ),
    Defect(
        "account-patch-answers-old",
        "An update of an account answers it as it was before.",
        "partial-update",
        ("accounts.update.answers-account",),
        "The row was read before it was written.",
        _earlier,
        consequences=(
            "accounts.update.keeps-omitted-encryption",
            "accounts.update.keeps-omitted-identity",
            "accounts.trace.*",
            "accounts.update.keeps-omitted-tags",
            "accounts.update.sets-*",
        ),
    ),
    Defect(
        "account-tags-lower",
        "Names of tags become lower case.",
        "partial-update",
        ("accounts.update.tag-name-case",),
        "Names of tags compare without letter case.",
        afterwards(_PATCH, _lower_tags),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-tags",
            "accounts.update.tags-whole-or-merged",
        ),
    ),
    Defect(
        "account-tags-first",
        "Tags are set where there are none, and never replaced.",
        "partial-update",
        ("accounts.update.tags-whole-or-merged",),
        "A policy that adds tags where they are missing.",
        afterwards(_PATCH, _first_tags),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-tags",
        ),
    ),
    Defect(
        "account-network-first",
        "networkProfile can be set, and not changed any more.",
        "partial-update",
        ("accounts.update.nested-objects",),
        "Merged the wrong way round.",
        afterwards(_PATCH, _first_profile),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-network-profile",
            "accounts.update.network-*",
        ),
    ),
    Defect(
        "account-moves-on-patch",
        "With each update an account is in another location.",
        "partial-update",
        ("accounts.trace.identity", "accounts.update.keeps-the-rest"),
        "Whichever region is free.",
        _moving,
        consequences=(
            "accounts.trace.kept",
            "accounts.update.empty-body-changes-nothing",
        ),
    ),
    Defect(
        "account-upsert",
        "An update of an account that is not there makes it.",
        "partial-update",
        ("accounts.update.missing-refused",),
        "Upsert, as table stores do it.",
        _created_by_patch,
    ),
)
