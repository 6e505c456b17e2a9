"""Response headers of the data plane, and the few that both planes share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

from conformance.rules.formats import decoded_path, is_absolute_url, is_bare_etag, is_guid, is_http_date
from conformance.rules.model import HOLDS, Case, Check, Context, Problem, Rule, one

# judged by rules of their own
_OWN_RULE = frozenset({"client-request-id", "request-id", "etag", "last-modified", "dataserviceid", "location"})
_OF_A_RESOURCE, _OF_A_WRITE = ("ETag", "Last-Modified"), ("Location", "DataServiceId")
_SAY_NO_WRITE = frozenset({"list", "delete", "get", "exists", "create-many"})
_HTTP_DATE = "a date like Sat, 21 Mar 2020 02:05:18 GMT"


def present(name: str) -> Check:
    """The header is there."""

    def check(context: Context) -> Sequence[Problem]:
        return HOLDS if name in context.exchange.response.headers else one(f"{name} is absent", name, "absent", name)

    return check


def formed(name: str, test: Callable[[str], bool], expected: str) -> Check:
    """If the header is there, it has the form."""

    def check(context: Context) -> Sequence[Problem] | None:
        value = context.exchange.response.headers.get(name)
        if value is None:
            return None
        return HOLDS if test(value) else one(f"{name} is not {expected}", expected, value, name)

    return check


def both(first: Check, second: Check) -> Check:
    """The problems of the first, else of the second."""

    def check(context: Context) -> Sequence[Problem] | None:
        return first(context) or second(context)

    return check


def _asked(context: Context) -> str | None:
    """The id that must be echoed; None when none was asked for."""
    headers = context.exchange.request.headers
    asked = headers.get("return-client-request-id", "").strip().lower() == "true"
    return headers.get("client-request-id") if asked else None


def _echoed(context: Context) -> Sequence[Problem] | None:
    expected = _asked(context)
    if not expected:
        return None
    actual = context.exchange.response.headers.get("client-request-id")
    if actual == expected:
        return HOLDS
    return one("client-request-id was asked for and is not echoed", expected, actual or "absent", "client-request-id")


def _only_when_asked(context: Context) -> Sequence[Problem] | None:
    if not context.exchange.request.headers_known or _asked(context):
        return None
    actual = context.exchange.response.headers.get("client-request-id")
    return HOLDS if actual is None else one("client-request-id is echoed unasked", "absent", actual, "client-request-id")


def _documented(context: Context) -> Sequence[Problem]:
    headers = context.exchange.response.headers
    absent = sorted(name for name in context.case.headers - _OWN_RULE if name not in headers)
    found = [Problem(f"{name} is documented and absent", name, "absent", name) for name in absent]
    return [*found, *_malformed(context)] or HOLDS


def _malformed(context: Context) -> Iterator[Problem]:
    """What the headers of a file say, where they are there."""
    headers = context.exchange.response.headers
    made, folder, url = (headers.get(f"ocp-{name}") for name in ("creation-time", "batch-file-isdirectory", "batch-file-url"))
    if made is not None and not is_http_date(made):
        yield Problem(f"ocp-creation-time is not {_HTTP_DATE}", _HTTP_DATE, made, "ocp-creation-time")
    if folder is not None and folder.lower() not in ("true", "false"):
        yield Problem(
            "ocp-batch-file-isdirectory is neither True nor False", "True or False", folder, "ocp-batch-file-isdirectory"
        )
    if url is not None and not _is_of(url, decoded_path(context.exchange.request.url)):
        yield Problem("ocp-batch-file-url is not the file's own", context.exchange.request.url, url, "ocp-batch-file-url")


def _is_of(url: str, asked: str) -> bool:
    """The URL is encoded as a whole; a file's path may have the separators of the node's operating system."""
    told = "/" + unquote(url).partition("://")[2].partition("/")[2].rstrip("/")
    return asked.replace("\\", "/").lower() in (path.replace("\\", "/").lower() for path in (told, unquote(told)))


def _no_resource_headers(context: Context) -> Sequence[Problem]:
    headers, case = context.exchange.response.headers, context.case
    names = _OF_A_WRITE if not _has_no_resource(case) else (*_OF_A_RESOURCE, *_OF_A_WRITE)
    found = [name for name in names if name in headers and name.lower() not in case.headers]
    return [Problem(f"{name} is not of this answer", "absent", headers[name], name) for name in found] or HOLDS


def _sends(name: str) -> Callable[[Case], bool]:
    return lambda case: case.data and name in case.headers


def _any_data(case: Case) -> bool:
    return case.data


def _always(_: Case) -> bool:
    return True


def _has_no_resource(case: Case) -> bool:
    return case.error or case.kind in ("list", "delete", "create-many")


def _changes_nothing(case: Case) -> bool:
    """Refused, or one of those kinds of operations of which no answer says what was written."""
    return case.data and (case.error or (case.success and case.kind in _SAY_NO_WRITE))


def _secure(context: Context) -> Sequence[Problem] | None:
    if context.exchange.request.parts.scheme != "https":
        return None
    return present("Strict-Transport-Security")(context)


RULES = (
    Rule(
        "headers.request-id",
        "every answer has request-id, a GUID",
        _any_data,
        both(present("request-id"), formed("request-id", is_guid, "a GUID")),
    ),
    Rule("headers.client-request-id-echoed", "client-request-id is echoed exactly when asked for", _any_data, _echoed),
    Rule("headers.client-request-id-only-when-asked", "client-request-id is not echoed unasked", _any_data, _only_when_asked),
    Rule(
        "headers.data-service-version",
        "DataServiceVersion is 3.0",
        _any_data,
        both(present("DataServiceVersion"), formed("DataServiceVersion", lambda v: v.partition(";")[0].strip() == "3.0", "3.0")),
    ),
    Rule("headers.etag-present", "ETag is there where documented", _sends("etag"), present("ETag")),
    Rule("headers.etag-format", "ETag is 0x and 15 hex digits", _any_data, formed("ETag", is_bare_etag, "0x and 15 hex digits")),
    Rule(
        "headers.last-modified-present",
        "Last-Modified is there where documented",
        _sends("last-modified"),
        present("Last-Modified"),
    ),
    Rule(
        "headers.last-modified-format",
        "Last-Modified is an RFC 1123 date",
        _always,
        formed("Last-Modified", is_http_date, _HTTP_DATE),
    ),
    Rule(
        "headers.location",
        "201 has Location, an absolute URL",
        lambda c: c.data and c.status == 201,
        both(present("Location"), formed("Location", is_absolute_url, "an absolute URL")),
    ),
    Rule(
        "headers.data-service-id-present",
        "DataServiceId is there where documented",
        _sends("dataserviceid"),
        present("DataServiceId"),
    ),
    Rule(
        "headers.documented",
        "the other documented headers are there, and have their forms",
        lambda c: c.data and bool(c.headers - _OWN_RULE),
        _documented,
    ),
    Rule(
        "headers.no-resource-headers",
        "lists, deletes, collections and errors have no ETag; they and reads have no Location and no DataServiceId",
        _changes_nothing,
        _no_resource_headers,
    ),
    Rule("headers.date", "Date is an RFC 1123 date", _always, both(present("Date"), formed("Date", is_http_date, _HTTP_DATE))),
    Rule("headers.hsts", "https answers have Strict-Transport-Security", _always, _secure),
    Rule(
        "headers.nosniff",
        "X-Content-Type-Options is nosniff",
        _always,
        both(present("X-Content-Type-Options"), formed("X-Content-Type-Options", lambda v: v.lower() == "nosniff", "nosniff")),
    ),
)
