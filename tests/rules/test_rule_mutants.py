"""Each rule fires on its own mutants only: a good exchange changed in one dimension breaks one rule."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from rule_samples import (
    ACCOUNT,
    ETAG,
    GOOD,
    HOST,
    INSTANT,
    REQUEST_ID,
    Change,
    asked,
    body,
    chain,
    header,
    member,
    raw,
    status,
    url,
    without,
)

from conformance.exchange import Exchange
from conformance.rules import RULES, context_for, findings


@dataclass(frozen=True)
class Mutant:
    slug: str
    base: str
    what: str
    change: Change


_OTHER_ACCOUNT = ACCOUNT.replace("/acme", "/other")
_OTHER_GROUP = ACCOUNT.replace("/resourceGroups/", "/resourceGroups/not-")
_OTHER_GUID = "11111111-2222-3333-4444-555555555555"
_OTHER_ETAG = "0x8D7CD3C4DCF7681"
_FILES = f"{HOST}/jobs/j/tasks/t/files"
_ITEM = "value/0"
_ACCEPTED_PATCH = chain(
    status(200),
    raw(b""),
    header("Content-Type", None),
    header("ETag", ETAG),
    header("Last-Modified", GOOD["pool-patch"].response.headers["Last-Modified"]),
    header("DataServiceId", f"{HOST}/pools/p1"),
)

MUTANTS = [
    Mutant("status.success", "pool-get", "another 2xx", status(203)),
    Mutant("status.success", "pool-add", "200 for a create", chain(status(200), header("DataServiceId", f"{HOST}/pools"))),
    Mutant("status.success", "pool-exists", "a redirect", status(302)),
    Mutant("status.success", "account-create", "201", status(201)),
    Mutant("status.error", "pool-head-missing", "a status of no code", status(418)),
    Mutant("status.not-modified", "pool-get-not-modified", "no condition was sent", asked(Accept="*/*")),
    Mutant("request.read-only", "pool-patch-read-only", "accepted", _ACCEPTED_PATCH),
    Mutant("status.server-error", "account-error", "500", status(500)),
    Mutant("status.unknown-operation", "unknown", "200", chain(status(200), raw(b""))),
    Mutant("status.other-version-operation", "other-version", "200", chain(status(200), raw(b""))),
    Mutant("headers.request-id", "pool-get", "absent", header("request-id", None)),
    Mutant("headers.request-id", "pool-delete", "not a GUID", header("request-id", "42")),
    Mutant("headers.client-request-id-echoed", "pool-get-echo", "absent", header("client-request-id", None)),
    Mutant("headers.client-request-id-echoed", "pool-get-echo", "another", header("client-request-id", _OTHER_GUID)),
    Mutant("headers.client-request-id-only-when-asked", "pool-get", "unasked", header("client-request-id", _OTHER_GUID)),
    Mutant("headers.data-service-version", "pool-get", "absent", header("DataServiceVersion", None)),
    Mutant("headers.data-service-version", "pool-get", "another", header("DataServiceVersion", "4.0")),
    Mutant("headers.etag-present", "pool-get", "absent", header("ETag", None)),
    Mutant("headers.etag-present", "pool-patch", "absent", header("ETag", None)),
    Mutant("headers.etag-format", "pool-patch", "quoted", header("ETag", f'"{ETAG}"')),
    Mutant("headers.etag-format", "pool-get", "lower case", chain(header("ETag", ETAG.lower()), member("eTag", ETAG.lower()))),
    Mutant("headers.last-modified-present", "pool-add", "absent", header("Last-Modified", None)),
    Mutant("headers.last-modified-format", "pool-get", "ISO 8601", header("Last-Modified", INSTANT)),
    Mutant("headers.location", "pool-add", "absent", header("Location", None)),
    Mutant(
        "headers.location", "pool-add", "relative", chain(header("Location", "/pools/p1"), header("DataServiceId", "/pools/p1"))
    ),
    Mutant("headers.data-service-id-present", "pool-patch", "absent", header("DataServiceId", None)),
    Mutant(
        "headers.data-service-id-is-request-url", "pool-patch", "of another pool", header("DataServiceId", f"{HOST}/pools/p2")
    ),
    Mutant(
        "headers.data-service-id-is-request-url", "pool-patch", "with its query", header("DataServiceId", f"{HOST}/pools/p1?a=b")
    ),
    Mutant("headers.data-service-id-is-location", "pool-add", "another", header("DataServiceId", f"{HOST}/pools/p2")),
    Mutant("headers.documented", "file-get", "a file's header is absent", header("ocp-batch-file-url", None)),
    Mutant("headers.no-resource-headers", "pool-delete", "ETag on a delete", header("ETag", ETAG)),
    Mutant("headers.no-resource-headers", "pool-missing", "ETag on an error", header("ETag", ETAG)),
    Mutant("headers.no-resource-headers", "pool-list", "ETag on a list", header("ETag", ETAG)),
    Mutant("headers.date", "pool-get", "absent", header("Date", None)),
    Mutant("headers.date", "account-get", "a number", header("Date", "1584756318")),
    Mutant("headers.hsts", "pool-get", "absent", header("Strict-Transport-Security", None)),
    Mutant("consistency.header-ticks", "pool-add", "another edition", header("ETag", _OTHER_ETAG.replace("8D7", "8D6"))),
    Mutant("consistency.header-ticks", "pool-add", "another second", header("Last-Modified", "Sat, 21 Mar 2020 02:05:19 GMT")),
    Mutant("consistency.date", "pool-add", "an old date", header("Date", "Sat, 21 Mar 2015 02:05:18 GMT")),
    Mutant("consistency.times", "pool-get", "created after its change", member("creationTime", "2020-03-21T02:06:18Z")),
    Mutant(
        "consistency.times",
        "pool-list",
        "an element in its state too early",
        member(f"{_ITEM}/stateTransitionTime", "2019-01-01T00:00:00Z"),
    ),
    Mutant("consistency.state", "task-get", "an end while it runs", member("executionInfo/endTime", "2020-03-21T02:05:20Z")),
    Mutant("consistency.state", "task-get", "a start while it waits", member("state", "active")),
    Mutant("consistency.state", "task-get", "completed without an end", member("state", "completed")),
    Mutant("consistency.state", "task-get", "it came from nowhere", without("previousState")),
    Mutant("consistency.etag-format", "pool-list", "quoted", member(f"{_ITEM}/eTag", f'"{ETAG}"')),
    Mutant("secrets.headers", "pool-get", "the signature comes back", header("Authorization", "SharedKey acme:c2lnbmF0dXJl")),
    Mutant("secrets.headers", "account-get", "a key", header("X-Account-Key", "c2VjcmV0")),
    Mutant("arm.location", "account-create", "no address", header("Location", "/")),
    Mutant("paging.unique-ids", "account-list", "twice", body(lambda b: b["value"].append(b["value"][0]))),
    Mutant("collection.no-error", "tasks-add", "an error", member(f"{_ITEM}/error", {"code": "TaskExists", "message": {}})),
    Mutant("collection.location", "tasks-add", "of another task", member(f"{_ITEM}/location", f"{HOST}/jobs/j/tasks/t2")),
    Mutant("collection.location", "tasks-add", "absent", without(f"{_ITEM}/location")),
    Mutant("collection.error", "tasks-add", "absent", without("value/1/error")),
    Mutant("collection.nowhere", "tasks-add", "a location", member("value/1/location", f"{HOST}/jobs/j/tasks/t2")),
    Mutant("counts.tasks", "task-counts", "one too many", member("taskCounts/completed", 4)),
    Mutant("headers.nosniff", "pool-get", "absent", header("X-Content-Type-Options", None)),
    Mutant("headers.nosniff", "pool-get", "another", header("X-Content-Type-Options", "sniff")),
    Mutant("body.id", "pool-get", "of another pool", member("id", "p2")),
    Mutant("body.url", "pool-get", "of another pool", member("url", f"{HOST}/pools/p2")),
    Mutant("body.url", "pool-list", "of another pool", member(f"{_ITEM}/url", f"{HOST}/pools/p2")),
    Mutant("body.url", "file-list", "of another file", member("value/1/url", f"{HOST}/jobs/j/tasks/t/files/stderr.txt")),
    Mutant("body.url", "file-list", "of another task", member("value/1/url", f"{HOST}/jobs/j/tasks/u/files/stdout.txt")),
    Mutant("content.type", "pool-get", "plain text", header("Content-Type", "text/plain;odata=minimalmetadata")),
    Mutant("content.type", "pool-missing", "plain text", header("Content-Type", "text/plain;odata=minimalmetadata")),
    Mutant("error.names-missing", "pool-missing", "of another kind", member("code", "JobNotFound")),
    Mutant("error.names-missing", "pool-delete-missing", "of another kind", member("code", "JobNotFound")),
    Mutant("arm.error-code-status", "account-refused", "404", status(404)),
    Mutant("content.odata-metadata", "pool-get", "no metadata level", header("Content-Type", "application/json")),
    Mutant("content.odata-metadata", "pool-get", "another level", header("Content-Type", "application/json;odata=fullmetadata")),
    Mutant("content.charset", "account-get", "absent", header("Content-Type", "application/json")),
    Mutant("content.no-body", "pool-patch", "a body", raw(b"done")),
    Mutant("content.no-body", "account-create", "a body", raw(b"done")),
    Mutant("content.head-empty", "pool-exists", "a body", raw(b"here")),
    Mutant("content.head-empty", "pool-head-missing", "a body", raw(b"gone")),
    Mutant("body.json", "pool-get", "an array", raw(b"[]")),
    Mutant("body.json", "pool-get", "not JSON", raw(b"<html/>")),
    Mutant("body.json", "pool-get", "empty", raw(b"")),
    Mutant("body.unknown-property", "pool-get", "a stranger", member("colour", "red")),
    Mutant("body.unknown-property", "pool-get", "a name of an older api-version", member("maxTasksPerNode", 1)),
    Mutant("body.unknown-property", "pool-list", "a stranger in an element", member(f"{_ITEM}/colour", "red")),
    Mutant("body.unknown-property", "account-get", "a stranger", member("properties/colour", "red")),
    Mutant("body.missing-property", "pool-get", "required inside", without("virtualMachineConfiguration/nodeAgentSKUId")),
    Mutant("body.missing-property", "pool-list", "required in an element", without(f"{_ITEM}/metadata/0/value")),
    Mutant("body.always-shown", "pool-get", "a state that is not told", without("state")),
    Mutant("body.always-shown", "pool-list", "an element without its times", without(f"{_ITEM}/creationTime")),
    Mutant("body.type", "pool-get", "a number as a string", member("targetDedicatedNodes", "0")),
    Mutant("body.type", "pool-get", "a number as a boolean", member("targetDedicatedNodes", True)),
    Mutant("body.type", "pool-get", "a boolean as a string", member("enableAutoScale", "false")),
    Mutant("body.type", "pool-get", "an array as an object", member("metadata", {})),
    Mutant("body.type", "pool-get", "an object as an array", member("virtualMachineConfiguration", [])),
    Mutant("body.type", "pool-list", "a string as a number", member(f"{_ITEM}/vmSize", 1)),
    Mutant("body.null", "pool-get", "a string", member("displayName", None)),
    Mutant("body.null", "pool-get", "a date-time", member("creationTime", None)),
    Mutant("body.null", "pool-get", "an object", member("startTask", None)),
    Mutant("body.enum", "pool-get", "no such state", member("allocationState", "flying")),
    Mutant("body.enum", "account-get", "no such mode", member("properties/poolAllocationMode", "Nobody")),
    Mutant("body.date-time", "pool-get", "no zone", member("creationTime", "2020-03-21T02:05:18")),
    Mutant("body.date-time", "pool-get", "eight digits", member("creationTime", "2020-03-21T02:05:18.33882881Z")),
    Mutant("body.date-time", "pool-get", "a number", member("creationTime", 1584756318)),
    Mutant("body.duration", "pool-get", "in words", member("resizeTimeout", "15 minutes")),
    Mutant("body.duration", "pool-get", "empty period", member("resizeTimeout", "P")),
    Mutant("body.int64-string", "file-list", "a number", member("value/1/properties/contentLength", 13)),
    Mutant("secrets.absent", "pool-get", "a password", member("userAccounts/0/password", "SCRUBBED")),
    Mutant("secrets.absent", "pool-get", "where no property has the name", member("sasKey", "SCRUBBED")),
    Mutant("secrets.absent", "account-get", "a key", member("properties/primary", "SCRUBBED")),
    Mutant("body.odata-metadata-present", "pool-get", "absent", body(lambda b: b.pop("odata.metadata"))),
    Mutant("body.odata-metadata-present", "pool-list", "no URL of metadata", member("odata.metadata", f"{HOST}/pools")),
    Mutant("body.odata-metadata", "pool-list", "last", body(lambda b: b.update({"odata.metadata": b.pop("odata.metadata")}))),
    Mutant(
        "body.odata-metadata-fragment",
        "pool-get",
        "another set",
        body(lambda b: b.update({"odata.metadata": f"{HOST}/$metadata#jobs"})),
    ),
    Mutant("consistency.etag", "pool-get", "header differs", header("ETag", _OTHER_ETAG)),
    Mutant("consistency.last-modified", "pool-get", "a second later", header("Last-Modified", "Sat, 21 Mar 2020 02:05:19 GMT")),
    Mutant("consistency.etag-ticks", "pool-get", "another tick", chain(header("ETag", _OTHER_ETAG), member("eTag", _OTHER_ETAG))),
    Mutant("consistency.etag-ticks", "pool-list", "another tick", member(f"{_ITEM}/eTag", _OTHER_ETAG)),
    Mutant("error.json", "pool-missing", "HTML", raw(b"<html/>")),
    Mutant("error.json", "pool-missing", "empty", raw(b"")),
    Mutant("error.code", "pool-missing", "absent", without("code")),
    Mutant("error.code", "pool-missing", "a number", member("code", 404)),
    Mutant("error.code-documented", "pool-missing", "invented", member("code", "PoolIsNowhere")),
    Mutant("error.code-status", "pool-missing", "with another status", status(409)),
    Mutant("error.message", "pool-missing", "no language", without("message/lang")),
    Mutant("error.message", "pool-missing", "a string", member("message", "gone")),
    Mutant("error.values", "pool-missing", "an object", member("values", {})),
    Mutant("error.values", "pool-missing", "no value", without("values/0/value")),
    Mutant("error.members", "pool-missing", "a stranger", member("innererror", {})),
    Mutant("error.request-id-line", "pool-missing", "differs", header("request-id", _OTHER_GUID)),
    Mutant(
        "error.request-id-line", "pool-missing", "absent", member("message/value", "Gone.\nTime:2020-03-21T02:05:16.3760939Z")
    ),
    Mutant(
        "error.time-line",
        "pool-missing",
        "absent",
        member("message/value", "Gone.\nRequestId:c6dafc13-ea15-45e3-9cd7-480252d67b42"),
    ),
    Mutant(
        "error.time",
        "pool-missing",
        "of another day",
        member("message/value", f"Gone.\nRequestId:{REQUEST_ID}\nTime:2020-03-20T02:05:16Z"),
    ),
    Mutant("error.metadata", "pool-missing", "absent", without("odata.metadata")),
    Mutant("error.metadata", "pool-missing", "of a pool", member("odata.metadata", f"{HOST}/$metadata#pools/@Element")),
    Mutant("arm.request-id-present", "account-get", "absent", header("x-ms-request-id", None)),
    Mutant("arm.request-id-format", "account-get", "not a GUID", header("x-ms-request-id", "42")),
    Mutant("arm.etag-format", "account-get", "unquoted", header("ETag", "one")),
    Mutant("arm.location", "account-create", "absent", header("Location", None)),
    Mutant("arm.retry-after", "account-create", "absent", header("Retry-After", None)),
    Mutant("arm.cache-control", "account-get", "absent", header("Cache-Control", None)),
    Mutant("arm.cache-control", "account-get", "cached", header("Cache-Control", "max-age=60")),
    Mutant("arm.no-cache", "account-get", "no Pragma", header("Pragma", None)),
    Mutant("arm.no-cache", "account-error", "expires later", header("Expires", "Thu, 28 Jan 2027 07:49:03 GMT")),
    Mutant("arm.resource-id", "account-get", "of another account", member("id", _OTHER_ACCOUNT)),
    Mutant("arm.resource-id", "account-get", "another name", member("name", "other")),
    Mutant("arm.resource-id", "account-list", "of another group", member(f"{_ITEM}/id", _OTHER_GROUP)),
    Mutant("arm.error-envelope", "account-error", "unwrapped", raw(b'{"code": "A", "message": "b"}')),
    Mutant("arm.error-envelope", "account-error", "no message", without("error/message")),
    Mutant("arm.error-request-id", "account-error", "differs", header("x-ms-request-id", _OTHER_GUID)),
    Mutant("paging.value", "pool-list", "absent", without("value")),
    Mutant(
        "paging.next-link", "pool-list-page", "no $skiptoken", body(lambda b: b.update({"odata.nextLink": f"{HOST}/pools?a=b"}))
    ),
    Mutant("paging.next-link", "pool-list-page", "relative", body(lambda b: b.update({"odata.nextLink": "/pools?$skiptoken=1"}))),
    Mutant("paging.next-link", "account-list", "relative", member("nextLink", "/more")),
    Mutant(
        "paging.next-link",
        "pool-list-page",
        "another api-version",
        member("odata.nextLink", f"{HOST}/pools?$skiptoken=1&api-version=2021-06-01.14.0"),
    ),
    Mutant("paging.page-size", "pool-list-page", "one too many", url("maxresults=2", "maxresults=1")),
    Mutant(
        "paging.page-size",
        "file-list",
        "more than the default",
        body(lambda b: b.update(value=[{"name": str(i), "url": f"{_FILES}/{i}", "isDirectory": True} for i in range(1001)])),
    ),
    Mutant("paging.unique-ids", "pool-list", "twice", body(lambda b: b["value"].append(b["value"][0]))),
    Mutant("select.only-selected", "pool-get-selected", "one more", member("vmSize", "standard_a1")),
    Mutant("select.only-selected", "pool-list-selected", "one more", member(f"{_ITEM}/vmSize", "standard_a1")),
]


def broken(exchange: Exchange) -> set[str]:
    return {f.rule for f in findings(context_for(exchange)) if not f.holds}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_exchange_breaks_no_rule(name: str) -> None:
    found = findings(context_for(GOOD[name]))
    assert found
    assert [f for f in found if not f.holds] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.slug}:{m.base}:{m.what}".replace(" ", "-"))
def test_a_mutant_breaks_its_own_rule_only(mutant: Mutant) -> None:
    assert broken(mutant.change(GOOD[mutant.base])) == {mutant.slug}


def test_each_rule_has_a_mutant_and_a_good_exchange() -> None:
    """Those about requests have their own, in test_rule_requests."""
    held = {f.rule for exchange in GOOD.values() for f in findings(context_for(exchange)) if f.holds}
    known = {slug for slug in RULES if not slug.startswith(("request.", "query.")) or slug == "request.read-only"}
    assert known - {m.slug for m in MUTANTS} == set()
    assert known - held == set()


def test_each_mutants_base_exercises_the_rule() -> None:
    """Otherwise the rule would be untested before and after, and the mutant would prove little."""
    for mutant in MUTANTS:
        assert mutant.slug in {f.rule for f in findings(context_for(GOOD[mutant.base]))}, mutant


def test_what_is_wrong_is_said_with_expected_and_actual() -> None:
    for mutant in MUTANTS:
        for finding in findings(context_for(mutant.change(GOOD[mutant.base]))):
            if not finding.holds:
                assert finding.message
                assert finding.expected, mutant
                assert finding.actual, mutant


def test_a_secret_is_not_repeated_in_the_finding() -> None:
    leaky = member("userAccounts/0/password", "hunter2")(GOOD["pool-get"])
    texts = json.dumps([[f.message, f.expected, f.actual, f.where] for f in findings(context_for(leaky))])
    assert "hunter2" not in texts
    assert "/userAccounts/0/password" in texts
