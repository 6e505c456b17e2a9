"""Accounts in the management plane: what each api-version shows, and what one read of many does not."""

from __future__ import annotations

import re

from conformance.defects.managed import EVERY, NEWEST, ONE, shown
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.requests import parameter
from conformance.defects.where import before, fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def _newest_at(where: str) -> Maker:
    """An api-version that the service knows is taken as the newest one."""
    return parameter(where, "api-version", lambda value: NEWEST if re.fullmatch(r"20\d\d-\d\d-\d\d", value) else value)


def _lost_now_and_then(service: Service) -> Lie:
    """One in ten reads of an account finds nothing."""
    read = 0

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal read
        answer = await ask(asked)
        if not fits(f"GET {ONE}", asked) or answer.status != 200:
            return answer
        read += 1
        if read % 10:
            return answer
        kept = [pair for pair in answer.headers if pair[0].lower() not in ("etag", "last-modified")]
        return WireAnswer(404, kept, b'{"error":{"code":"ResourceNotFound","message":"The account was not found."}}')

    return lie


def _as_old(account: Json) -> None:
    account["name"] = account["name"].upper()


def _closed(account: Json) -> None:
    if "publicNetworkAccess" in account["properties"]:
        account["properties"]["publicNetworkAccess"] = "Disabled"


DEFECTS = (
    Defect(
        "account-newest-shown",
        "Every management api-version answers as the newest one does.",
        "versions",
        (
            "accounts.versions.identity",
            "accounts.versions.allocation-mode",
            "accounts.versions.public-network-access",
            "accounts.versions.encryption",
            "accounts.versions.dedicated-cores",
            "accounts.versions.low-priority-cores",
            "accounts.versions.family-quotas",
            "accounts.versions.authentication-modes",
            "accounts.versions.network-profile",
            "accounts.versions.node-management-endpoint",
            "accounts.versions.storage-mode",
            "accounts.versions.system-data",
            "accounts.versions.keys-name",
            "accounts.versions.older-request-without-effect",
            "accounts.versions.older-operation-refused",
            "accounts.management-body.no-unknown-property",
        ),
        "One model serves every version.",
        _newest_at(EVERY),
        consequences=(
            "accounts.errors.version-unknown",
            "accounts.management-body.required-present",
        ),
    ),
    Defect(
        "account-older-differs",
        "Before 2020-03-01 an account shows its name in upper case.",
        "versions",
        ("accounts.versions.same-account",),
        "The old model is served by another store.",
        shown(_as_old, f"GET {ONE}", before("2020-03-01")),
    ),
    Defect(
        "account-older-access",
        "Before 2022-01-01 an account shows publicNetworkAccess as Disabled.",
        "versions",
        ("accounts.trace.version-same",),
        "The old model is served by another store.",
        shown(_closed, f"GET {ONE}", before("2022-01-01")),
    ),
    Defect(
        "account-lost-at-times",
        "One in ten reads of an account finds nothing.",
        "management",
        ("accounts.trace.found",),
        "One of ten replicas is empty.",
        _lost_now_and_then,
    ),
)
