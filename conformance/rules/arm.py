"""The management plane: Azure Resource Manager's headers and error envelope. Some recorders dropped headers of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.rules.formats import decoded_path, is_absolute_url, is_etag, is_guid, is_http_date
from conformance.rules.headers import both, formed, present
from conformance.rules.model import FRONT_DOOR, HOLDS, Case, Context, Problem, Rule, one

_REQUEST_ID = re.compile(r"^RequestId:(.*?)\r?$", re.MULTILINE)
_RETRY_AFTER = both(
    present("Retry-After"), formed("Retry-After", lambda v: (v.isascii() and v.isdigit()) or is_http_date(v), "seconds or a date")
)
_NAMES = ("x-ms-request-id", "request-id")
_ACCOUNT = "accountName"


# The gateway adds these to every answer. Where both are missing, a recorder took tracking headers away, and maybe others too.
_GATEWAY = ("x-ms-correlation-request-id", "x-ms-routing-request-id")


def _id(context: Context) -> str | None:
    headers = context.exchange.response.headers
    return next((headers[name] for name in _NAMES if name in headers), None)


def _headers_kept(context: Context) -> bool:
    return any(name in context.exchange.response.headers for name in _GATEWAY)


def _has_id(context: Context) -> Sequence[Problem] | None:
    if not _headers_kept(context):
        return None
    return HOLDS if _id(context) is not None else one("no request id", "x-ms-request-id", "absent", _NAMES[0])


def _id_is_guid(context: Context) -> Sequence[Problem] | None:
    actual = _id(context)
    if actual is None:
        return None
    return HOLDS if is_guid(actual) else one("the request id is not a GUID", "a GUID", actual, _NAMES[0])


def _retry_after(context: Context) -> Sequence[Problem] | None:
    return _RETRY_AFTER(context) if _headers_kept(context) else None


def _poll_address(context: Context) -> Sequence[Problem]:
    headers = context.exchange.response.headers
    stated = [(name, headers[name]) for name in ("Location", "Azure-AsyncOperation") if name in headers]
    if not stated:
        return one("202 does not say where to ask on", "Location or Azure-AsyncOperation", "absent", "Location")
    return [
        Problem(f"{name} is no address", "an absolute URL", value, name) for name, value in stated if not is_absolute_url(value)
    ]


def _error(context: Context) -> Any:
    body = context.body
    return body.get("error") if isinstance(body, dict) else None


def _envelope(context: Context) -> Sequence[Problem] | None:
    if not context.exchange.response.body_known:
        return None
    error = _error(context)
    if isinstance(error, dict) and isinstance(error.get("code"), str) and isinstance(error.get("message"), str):
        details = error.get("details", [])
        return HOLDS if isinstance(details, list) else one("details is no list", "[…]", repr(details), "/error/details")
    return one("an error without its envelope", '{"error": {"code", "message"}}', repr(error), "/error")


def _code_status(context: Context) -> Sequence[Problem] | None:
    error = _error(context)
    code = error.get("code") if isinstance(error, dict) else None
    known = context.contract.errors.get(code) if isinstance(code, str) else None
    if known is None or context.case.status in FRONT_DOOR:
        return None
    if context.case.status in known.statuses:
        return HOLDS
    expected = " or ".join(map(str, known.statuses))
    return one(f"{known.code} comes with another status", expected, str(context.case.status), "/error/code")


def _request_id_line(context: Context) -> Sequence[Problem] | None:
    error, header = _error(context), _id(context)
    message = error.get("message") if isinstance(error, dict) else None
    found = _REQUEST_ID.search(message) if isinstance(message, str) else None
    if found is None or header is None:
        return None
    line = found[1].strip()
    return (
        HOLDS
        if line.lower() == header.lower()
        else one("RequestId in the message is not the header", header, line, "/error/message")
    )


def _resources(context: Context) -> list[tuple[str, Mapping[str, Any], str]]:
    """Where each resource of the answer stands, the resource, and what its id has to begin with or be."""
    path = decoded_path(context.exchange.request.url)
    if context.case.kind == "list":
        # a list of the whole subscription shows resources of every group
        start = path.partition("/providers/")[0]
        return [(f"/value/{n}", item, start) for n, item in enumerate(context.items)]
    return [("", context.body, path)] if isinstance(context.body, dict) else []


def _resource_id(context: Context) -> Sequence[Problem] | None:
    if isinstance(context.body, dict) and isinstance(context.body.get(_ACCOUNT), str):
        return _owner(context.path_parameters.get(_ACCOUNT, ""), context.body[_ACCOUNT])
    found = [(where, item, start) for where, item, start in _resources(context) if isinstance(item.get("id"), str)]
    return list(_strange_ids(found, whole=context.case.kind != "list")) if found else None


def _owner(asked: str, stated: str) -> Sequence[Problem]:
    """Keys have no id, but say whose they are."""
    return HOLDS if stated.lower() == asked.lower() else one("these are another account's", asked, stated, f"/{_ACCOUNT}")


def _strange_ids(found: list[tuple[str, Mapping[str, Any], str]], *, whole: bool) -> Iterator[Problem]:
    for where, item, start in found:
        shown = str(item["id"]).lower()
        known = shown == start.lower() if whole else shown.startswith(f"{start.lower()}/")
        if not known:
            yield Problem("the id is not the path of the resource", start, str(item["id"]), f"{where}/id")
        elif shown.rpartition("/")[2] != str(item.get("name")).lower():
            yield Problem("the id does not end with the name", str(item.get("name")), str(item["id"]), f"{where}/name")
        elif isinstance(item.get("type"), str) and item["type"].lower() != _type_in(shown):
            yield Problem("the type is not that of the id", _type_in(shown), item["type"], f"{where}/type")


def _type_in(path: str) -> str:
    """Behind the last provider, every second part of an id is of the type."""
    provider, *parts = path.rpartition("/providers/")[2].split("/")
    return "/".join([provider, *parts[::2]])


def _shows_resources(case: Case) -> bool:
    """Whether the answer is a resource with id and name, a list of such, or what an account has."""
    if not (case.arm and case.success and case.model and case.operation):
        return False
    model = case.contract.item_model(case.operation) if case.kind == "list" else case.contract.models[case.model]
    if model is None or _ACCOUNT in model.properties:
        return model is not None
    return case.kind in ("get", "patch", "create", "list") and {"id", "name"} <= model.properties.keys()


def _failed(case: Case) -> bool:
    return case.arm and case.error and not case.head


RULES = (
    Rule("arm.request-id-present", "every answer has a request id", lambda c: c.arm, _has_id),
    Rule("arm.request-id-format", "the request id is a GUID", lambda c: c.arm, _id_is_guid),
    Rule(
        "arm.etag-format", "ETag is bare, quoted or weak", lambda c: c.arm, formed("ETag", is_etag, "a bare, quoted or weak ETag")
    ),
    Rule("arm.location", "202 says where to ask on", lambda c: c.arm and c.status == 202, _poll_address),
    Rule("arm.retry-after", "202 says when to ask on", lambda c: c.arm and c.status == 202, _retry_after),
    Rule(
        "arm.cache-control",
        "answers are not cached",
        lambda c: c.arm,
        both(present("Cache-Control"), formed("Cache-Control", lambda v: "no-cache" in v.lower(), "no-cache")),
    ),
    Rule(
        "arm.no-cache",
        "Pragma and Expires say the same as Cache-Control",
        lambda c: c.arm,
        both(
            both(present("Pragma"), formed("Pragma", lambda v: "no-cache" in v.lower(), "no-cache")),
            both(present("Expires"), formed("Expires", lambda v: v.strip() in ("-1", "0"), "-1")),
        ),
    ),
    Rule("arm.resource-id", "id is the path of the resource, and ends with its name", _shows_resources, _resource_id),
    Rule("arm.error-envelope", "an error is {error: {code, message}}", _failed, _envelope),
    Rule("arm.error-code-status", "a documented code comes with its status", _failed, _code_status),
    Rule("arm.error-request-id", "RequestId in the message is the header", _failed, _request_id_line),
)
