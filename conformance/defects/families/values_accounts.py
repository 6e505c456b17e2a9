"""Accounts in the management plane: what they show."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import status
from conformance.defects.managed import LISTS, ONE, shown
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def _without(*names: str) -> Maker:
    def change(account: Json) -> None:
        for name in names:
            account["properties"].pop(name, None)

    return shown(change)


def _with(name: str, value: Any) -> Maker:
    def change(account: Json) -> None:
        account[name] = value(account[name]) if callable(value) else value

    return shown(change)


def _families(account: Json) -> None:
    for family in account["properties"].get("dedicatedCoreQuotaPerVMFamily") or []:
        del family["coreQuota"]


def _endpoint(account: Json) -> None:
    account["properties"]["accountEndpoint"] = f"https://{account['properties']['accountEndpoint']}"


def _no_vault(account: Json) -> None:
    if account["properties"].get("poolAllocationMode") == "UserSubscription":
        account["properties"].pop("keyVaultReference", None)


def _own_cores(account: Json) -> None:
    if account["properties"].get("poolAllocationMode") == "UserSubscription":
        account["properties"] |= {"dedicatedCoreQuota": 0, "lowPriorityCoreQuota": 0}


def _summary(account: Json) -> None:
    for name in ("identity", "tags"):
        account.pop(name, None)
    for name in ("poolQuota", "allowedAuthenticationModes", "nodeManagementEndpoint"):
        account["properties"].pop(name, None)


def _only_lower_case(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        name = asked.path.rstrip("/").rpartition("/")[2]
        if not fits(f"GET {ONE}", asked) or name == name.lower() or answer.status != 200:
            return answer
        return WireAnswer(404, [h for h in answer.headers if h[0].lower() not in ("etag", "last-modified")], _NOT_FOUND)

    return lie


_NOT_FOUND = b'{"error":{"code":"ResourceNotFound","message":"The account was not found."}}'


def _every_second(service: Service) -> Lie:
    """Every second time, an account is read from a replica that does not know its tags."""
    read = 0

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal read
        answer = await ask(asked)
        if not fits(f"GET {ONE}", asked) or answer.status != 200:
            return answer
        read += 1
        return await _tagless(asked, lambda again: _same(answer)) if read % 2 else answer

    return lie


async def _same(answer: WireAnswer) -> WireAnswer:
    return answer


_tagless = shown(lambda account: account.pop("tags", None), f"GET {ONE}")(None)  # type: ignore[arg-type]


_CORES = ("coreQuota", "dedicatedCoreQuota", "lowPriorityCoreQuota")


_FAMILY = ("dedicatedCoreQuotaPerVMFamily", "dedicatedCoreQuotaPerVMFamilyEnforced")


DEFECTS = (
    Defect(
        "account-vault-hidden",
        "An account in UserSubscription mode does not show its vault.",
        "schema",
        ("accounts.create.user-subscription-shows-vault",),
        "Whatever is called key is hidden.",
        shown(_no_vault),
        consequences=("accounts.trace.sent-shown",),
    ),
    Defect(
        "account-cores-of-others",
        "An account in UserSubscription mode shows quotas of cores, of 0.",
        "schema",
        ("accounts.create.user-subscription-without-core-quotas",),
        "A number that is not there is 0 in many a language.",
        shown(_own_cores),
    ),
    Defect(
        "account-name-with-group",
        "The name of an account is shown with its resource group.",
        "management",
        ("accounts.get.identity-of-account", "accounts.management-body.resource-id"),
        "Names of nested resources are written so.",
        _with("name", lambda name: f"group/{name}"),
        consequences=("accounts.list*.has-account",),
    ),
    Defect(
        "account-location-global",
        "The location of every account is shown as global.",
        "management",
        ("accounts.get.location",),
        "An emulator is nowhere.",
        _with("location", "global"),
        consequences=("accounts.trace.sent-shown",),
    ),
    Defect(
        "account-endpoint-url",
        "accountEndpoint is shown as a URL.",
        "schema",
        ("accounts.get.endpoint",),
        "Clients want a URL, and the data plane's libraries take one.",
        shown(_endpoint),
    ),
    Defect(
        "account-node-endpoint-absent",
        "An account shows no nodeManagementEndpoint.",
        "schema",
        ("accounts.get.node-management-endpoint", "accounts.versions.node-management-endpoint"),
        "It came late.",
        _without("nodeManagementEndpoint"),
    ),
    Defect(
        "account-quotas-absent",
        "An account shows no quotas.",
        "schema",
        (
            "accounts.get.quotas",
            "accounts.get.core-quotas",
            "accounts.versions.dedicated-cores",
            "accounts.versions.low-priority-cores",
            "accounts.versions.family-quotas",
        ),
        "Nothing is limited on one's own machine.",
        _without("poolQuota", "activeJobAndJobScheduleQuota", *_CORES, *_FAMILY),
        consequences=("accounts.management-body.required-present",),
    ),
    Defect(
        "account-families-without-number",
        "Quotas per family of machines have a name only.",
        "schema",
        ("accounts.get.family-quotas", "accounts.management-body.always-shown"),
        "A list of what there is.",
        shown(_families),
    ),
    Defect(
        "account-name-case",
        "An account is not found by its name in upper case.",
        "management",
        ("accounts.get.name-case",),
        "The key of a dictionary.",
        _only_lower_case,
    ),
    Defect(
        "account-missing-400",
        "Reading an account that does not exist is answered 400.",
        "status",
        ("accounts.get.missing", "accounts.management-errors.code-status"),
        "Everything that is refused is a bad request, says a lazy shortcut.",
        status(f"GET {ONE}", 404, 400),
    ),
    Defect(
        "account-list-summary",
        "Lists show less of an account than a GET.",
        "schema",
        ("accounts.list.element-as-get",),
        "A list is an overview in many an API.",
        shown(_summary, LISTS),
        consequences=("accounts.trace.reads-agree",),
    ),
    Defect(
        "account-reads-differ",
        "Every second GET of an account lacks its tags.",
        "schema",
        ("accounts.trace.reads-agree",),
        "Two replicas, one of which is old.",
        _every_second,
        consequences=(
            "accounts.trace.kept",
            "accounts.update.answers-account",
            "accounts.create.shows-tags",
            "accounts.update.empty-body-changes-nothing",
            "accounts.update.*tags*",
        ),
    ),
)
