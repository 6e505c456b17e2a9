"""Accounts in the management plane: statuses and headers of answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

from conformance.defects.answers import answered, header, no_header, status
from conformance.defects.managed import EVERY, LISTS, ONE
from conformance.defects.model import Ask, Defect, Lie
from conformance.reference.wire import WireAnswer, WireRequest

_READS = f"GET {ONE}/detectors, GET {ONE}/outboundNetworkDependenciesEndpoints, POST {ONE}/listKeys, {LISTS}"


_RENEW = f"POST {ONE}/regenerateKeys"


def _tells_success(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    labelled = [*answer.headers, ("Content-Type", "application/json; charset=utf-8")]
    return replace(answer, status=200, headers=labelled, body=b'{"result":"ok"}')


def _later(date: str) -> str:
    return format_datetime(parsedate_to_datetime(date) + timedelta(hours=2), usegmt=True)


def _both(first: Lie, second: Lie) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        return await first(asked, lambda again: second(again, ask))

    return lie


DEFECTS = (
    Defect(
        "account-reads-203",
        "Lists of accounts, keys, detectors and outbound dependencies are answered 203.",
        "status",
        (
            "accounts.get-keys.answers-200",
            "accounts.list.answers-200",
            "accounts.list-by-resource-group.answers-200",
            "accounts.list-detectors.answers-200",
            "accounts.list-outbound-network-dependencies-endpoints.answers-200",
        ),
        "A proxy that transforms says so.",
        status(_READS, 200, 203),
    ),
    Defect(
        "account-one-203",
        "A detector and regenerated keys are answered 203.",
        "status",
        ("accounts.get-detector.answers-200", "accounts.regenerate-key.answers-200"),
        "A proxy that transforms says so.",
        status(f"GET {ONE}/detectors/{{}}, {_RENEW}", 200, 203),
    ),
    Defect(
        "account-update-202",
        "The update of an account is answered 202 with the account.",
        "status",
        ("accounts.update.answers-200",),
        "Other services update in the background.",
        status(f"PATCH {ONE}", 200, 202),
        consequences=("accounts.management-headers.location", "accounts.management-headers.retry-after"),
    ),
    Defect(
        "account-sync-200",
        "Synchronizing the keys of auto storage is answered 200 with a body.",
        "status",
        ("accounts.synchronize-auto-storage-keys.answers-204",),
        "Every action tells how it went.",
        answered(f"POST {ONE}/syncAutoStorageKeys", _tells_success, statuses=range(204, 205)),
    ),
    Defect(
        "account-request-id-absent",
        "Answers of the management plane have no x-ms-request-id.",
        "headers",
        ("accounts.management-headers.request-id",),
        "Emulators answer with the headers of their framework alone.",
        no_header(EVERY, "x-ms-request-id"),
    ),
    Defect(
        "account-request-id-number",
        "x-ms-request-id is a number that counts.",
        "headers",
        ("accounts.management-headers.request-id-format",),
        "A counter is an id, too.",
        header(EVERY, "x-ms-request-id", lambda value: str(int(value[:6], 16))),
        consequences=("accounts.management-errors.request-id-line",),
    ),
    Defect(
        "account-no-retry-after",
        "202 does not say how long to wait.",
        "headers",
        ("accounts.management-headers.retry-after",),
        "Clients have a default.",
        no_header(EVERY, "Retry-After"),
    ),
    Defect(
        "account-cached",
        "Answers of the management plane may be cached for a minute.",
        "headers",
        ("accounts.management-headers.cache-control", "accounts.management-headers.no-cache"),
        "A proxy that is set up to spare its origin.",
        lambda service: _both(
            header(EVERY, "Cache-Control", lambda value: "max-age=60")(service), no_header(EVERY, "Pragma")(service)
        ),
    ),
    Defect(
        "account-etag-version",
        "The ETag of an account is a number that counts.",
        "headers",
        ("accounts.management-headers.etag-format",),
        "Frameworks count versions.",
        header(EVERY, "ETag", lambda value: "1"),
    ),
    Defect(
        "account-modified-later",
        "Last-Modified of an account is in local time and says GMT.",
        "headers",
        ("accounts.management-headers.etag-ticks",),
        "A machine that is not set to UTC.",
        header(EVERY, "Last-Modified", _later),
    ),
    Defect(
        "account-no-date",
        "Answers of the management plane have no Date and none of the headers that browsers look at.",
        "headers",
        ("accounts.management-headers.date", "accounts.management-headers.nosniff", "accounts.management-headers.hsts"),
        "A bare HTTP server.",
        lambda service: _both(
            no_header(EVERY, "Date")(service),
            _both(no_header(EVERY, "X-Content-Type-Options")(service), no_header(EVERY, "Strict-Transport-Security")(service)),
        ),
    ),
    Defect(
        "account-text-json",
        "JSON of the management plane is labelled text/json.",
        "headers",
        ("accounts.management-content.json-type", "accounts.management-content.charset"),
        "An old framework.",
        header(EVERY, "Content-Type", lambda value: "text/json"),
    ),
    Defect(
        "account-accepted-body",
        "202 of a deletion has a body.",
        "management",
        ("accounts.management-content.no-body",),
        "It tells the operation, as newer ones of Azure do.",
        answered(
            f"DELETE {ONE}",
            lambda asked, answer: replace(
                answer,
                headers=[*answer.headers, ("Content-Type", "application/json; charset=utf-8")],
                body=b'{"status":"InProgress"}',
            ),
            statuses=range(202, 203),
        ),
    ),
)
