"""Accounts in the management plane: how they begin and end, and the long-running operations that do it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from conformance.defects.answers import answered, status
from conformance.defects.managed import ALL, GONE, GROUP, KIND, LISTS, ONE, RESULT, key_of, shown
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_member
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_OK = range(200, 201)


def _told_state(was: str, told: str) -> Any:
    def change(account: Json) -> None:
        if account["properties"].get("provisioningState") == was:
            account["properties"]["provisioningState"] = told

    return change


def _with_body(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    return replace(
        answer, headers=[*answer.headers, ("Content-Type", "application/json; charset=utf-8")], body=b'{"status":"OK"}'
    )


def _undead(service: Service) -> Lie:
    """What was deleted comes back as soon as it is gone."""
    deleted: dict[str, Any] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(f"DELETE {ONE}", asked):
            found = service.store.get(KIND, key_of(asked.path))
            if found is not None:
                deleted[key_of(asked.path)] = {**found, "properties": dict(found["properties"])}
        answer = await ask(asked)
        gone = [key for key in deleted if service.store.get(KIND, key) is None]
        for key in gone:
            service.store.put(KIND, key, deleted[key])
        return await ask(asked) if gone and asked.method == "GET" else answer

    return lie


def _old_list(service: Service) -> Lie:
    """Lists have what was deleted, too."""
    told: dict[str, Json] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits(f"GET {ONE}", asked) and answer.status == 200:
            told[asked.path.lower()] = json.loads(answer.body)
        if not fits(f"GET {GROUP}", asked) or answer.status != 200:
            return answer
        document = json.loads(answer.body)
        there = {str(one["id"]).lower() for one in document["value"]}
        document["value"] += [one for path, one in told.items() if path not in there and path.startswith(asked.path.lower())]
        return replace(answer, body=json.dumps(document).encode())

    return lie


def _loses_newest(service: Service) -> Lie:
    newest = ""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal newest
        answer = await ask(asked)
        if fits(f"PUT {ONE}", asked) and answer.status == 202:
            newest = asked.path.lower()
        if not fits(LISTS, asked) or answer.status != 200:
            return answer
        document = json.loads(answer.body)
        document["value"] = [one for one in document["value"] if str(one["id"]).lower() != newest]
        return replace(answer, body=json.dumps(document).encode())

    return lie


def _twice(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(LISTS, asked) or answer.status != 200:
            return answer
        document = json.loads(answer.body)
        document["value"] = document["value"] + document["value"][:1]
        return replace(answer, body=json.dumps(document).encode())

    return lie


def _whole_subscription(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(f"GET {GROUP}", asked):
            subscription = asked.path.strip("/").split("/")[1]
            return await ask(replace(asked, path=ALL.replace("{}", subscription, 1)))
        return await ask(asked)

    return lie


DEFECTS = (
    Defect(
        "account-create-201",
        "The creation of an account is answered 201, and goes on in the background.",
        "management",
        ("accounts.create.accepted", "accounts.create.answers-200-202"),
        "Frameworks answer a PUT that creates with 201.",
        status(f"PUT {ONE}", 202, 201),
    ),
    Defect(
        "account-delete-201",
        "The deletion of an account is answered 201, and goes on in the background.",
        "management",
        ("accounts.delete.accepted", "accounts.delete.answers-200-202-204"),
        "One helper begins every long-running operation.",
        status(f"DELETE {ONE}", 202, 201),
    ),
    Defect(
        "account-result-forgotten",
        "The result of an operation on an account is answered 404 as soon as it is known.",
        "management",
        ("accounts.create.result",),
        "Operations that have ended are thrown away.",
        status(f"{RESULT}, {GONE}", 200, 404),
        consequences=("accounts.management-errors.envelope",),
    ),
    Defect(
        "account-result-early",
        "The result of a creation shows the account as it was when its creation began: Creating.",
        "management",
        ("accounts.create.result-as-get",),
        "The result is written when the operation is accepted.",
        shown(_told_state("Succeeded", "Creating"), RESULT),
    ),
    Defect(
        "account-never-ready",
        "An account is shown in the state Creating for ever.",
        "life-cycles",
        ("accounts.create.succeeded",),
        "The state is set once.",
        shown(_told_state("Succeeded", "Creating")),
    ),
    Defect(
        "account-begins-failed",
        "An account is shown as Failed until its creation has ended.",
        "life-cycles",
        ("accounts.create.creating",),
        "Failed unless told otherwise.",
        shown(_told_state("Creating", "Failed")),
    ),
    Defect(
        "account-deleting-unseen",
        "An account that is being deleted is shown in the state Succeeded.",
        "life-cycles",
        ("accounts.delete.deleting",),
        "The deletion is only in the queue of a worker.",
        shown(_told_state("Deleting", "Succeeded")),
    ),
    Defect(
        "account-delete-body",
        "The result of a deletion has a body.",
        "management",
        ("accounts.delete.result",),
        "Every result tells its status, as the newer operations of Azure do.",
        answered(GONE, _with_body, statuses=_OK),
    ),
    Defect(
        "account-undead",
        "An account is still there when its deletion has ended.",
        "deletion",
        ("accounts.delete.gone", "accounts.trace.operation-ends"),
        "Deleted softly, and no read looks at the mark.",
        _undead,
    ),
    Defect(
        "account-list-old",
        "The list of a resource group still has accounts that are gone.",
        "deletion",
        ("accounts.delete.not-listed", "accounts.trace.list-only"),
        "Lists come from a cache.",
        _old_list,
    ),
    Defect(
        "account-delete-missing-200",
        "Deleting an account that is not there is answered 200.",
        "status",
        ("accounts.delete.missing",),
        "Deletion is idempotent, says a lazy shortcut.",
        status(f"DELETE {ONE}", 204, 200),
    ),
    Defect(
        "account-list-late",
        "Lists lack the newest account.",
        "paging",
        ("accounts.list.has-account", "accounts.list-by-resource-group.has-account"),
        "Read from a replica that lags behind.",
        _loses_newest,
    ),
    Defect(
        "account-list-twice",
        "Lists have their first account twice.",
        "paging",
        ("accounts.trace.list-once", "accounts.management-lists.paging"),
        "A join that finds two rows.",
        _twice,
    ),
    Defect(
        "account-groups-mixed",
        "The list of a resource group has all accounts of the subscription.",
        "management",
        ("accounts.list-by-resource-group.only-its-own",),
        "One handler serves both lists.",
        _whole_subscription,
        consequences=("accounts.errors.group-unknown", "accounts.management-body.resource-id"),
    ),
    Defect(
        "account-create-location-only",
        "The creation of an account looks at the location only.",
        "management",
        (
            "accounts.create.shows-tags",
            "accounts.create.shows-identity",
            "accounts.create.shows-public-network-access",
            "accounts.create.shows-network-profile",
            "accounts.create.shows-authentication-modes",
            "accounts.create.shows-auto-storage",
            "accounts.trace.sent-shown",
        ),
        "A stub that knows what it must.",
        deaf_to_member(f"PUT {ONE}", "tags", "identity", "properties"),
        consequences=(
            "accounts.create.user-subscription-*",
            "accounts.create.vault-*",
            "accounts.create.wrong-type-refused",
            "accounts.versions.network-profile",
        ),
    ),
)
