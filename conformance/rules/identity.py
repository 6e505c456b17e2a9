"""What names the resource: DataServiceId, `id` and `url` in the body. Hosts are not compared, as a proxy has its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.rules.formats import decoded_path
from conformance.rules.model import HOLDS, Case, Context, Problem, Rule, one
from conformance.rules.urls import strange_urls

_NAME = "DataServiceId"


def _is_request_url(context: Context) -> Sequence[Problem] | None:
    value = context.exchange.response.headers.get(_NAME)
    if value is None:
        return None
    expected = decoded_path(context.exchange.request.url)
    if decoded_path(value).lower() == expected.lower() and "?" not in value:
        return HOLDS
    return one("DataServiceId is not the request's URL without its query", expected, value, _NAME)


def _is_location(context: Context) -> Sequence[Problem] | None:
    headers = context.exchange.response.headers
    value, location = headers.get(_NAME), headers.get("Location")
    if value is None or location is None:
        return None
    return HOLDS if value == location else one("DataServiceId differs from Location", location, value, _NAME)


def _last_parameter(context: Context) -> str | None:
    """The path parameter that names the resource itself: the last segment of `/pools/{poolId}`."""
    operation = context.operation
    last = operation.path.rpartition("/")[2] if operation else ""
    return context.path_parameters.get(last[1:-1]) if last.startswith("{") else None


def _id(context: Context) -> Sequence[Problem] | None:
    expected = _last_parameter(context)
    actual = context.body.get("id") if isinstance(context.body, dict) else None
    if expected is None or not isinstance(actual, str):
        return None
    return HOLDS if actual.lower() == expected.lower() else one("the body shows another id", expected, actual, "/id")


def _url(context: Context) -> Sequence[Problem] | None:
    if not isinstance(context.body, dict):
        return None
    if context.case.kind == "list":
        listed = [item for item in context.items if isinstance(item.get("url"), str)]
        return list(_foreign_urls(_collection(context), listed)) if listed else None
    actual = context.body.get("url")
    if not isinstance(actual, str):
        return None
    expected = decoded_path(context.exchange.request.url)
    if decoded_path(actual).lower() == expected.lower():
        return list(strange_urls(context.body, "")) or HOLDS
    return one("url is not the resource's own", expected, actual, "/url")


def _key(item: Mapping[str, Any]) -> str | None:
    key = item.get("id", item.get("name"))
    # a file's name is its path, with the separators of the node's operating system
    return key.replace("\\", "/") if isinstance(key, str) else None


def _collection(context: Context) -> str:
    """The path below which the elements of a list are: the request's own, unless the list stands elsewhere, such as the jobs of
    a job schedule."""
    operation = context.operation
    entity = context.contract.entities.get(operation.entity or "") if operation else None
    elsewhere = operation is not None and entity is not None and entity.collection != operation.path
    if elsewhere and entity is not None:
        return "" if "{" in entity.collection else entity.collection
    return decoded_path(context.exchange.request.url)


def _foreign_urls(collection: str, listed: list[Mapping[str, Any]]) -> Iterator[Problem]:
    for position, item in enumerate(listed):
        key = _key(item)
        expected = f"{collection.rstrip('/')}/{key}"
        if key is not None and not decoded_path(item["url"]).replace("\\", "/").lower().endswith(expected.lower()):
            yield Problem("url is not the element's own", expected, item["url"], f"/value/{position}/url")
        else:
            yield from strange_urls(item, f"/value/{position}")


def _shown(case: Case, *names: str) -> bool:
    """Whether the answer shows a resource, or a list of such, with these members."""
    if not case.data or case.model is None or case.operation is None:
        return False
    model = case.contract.item_model(case.operation) if case.kind == "list" else case.contract.models[case.model]
    return case.kind in ("get", "list") and model is not None and all(name in model.properties for name in names)


RULES = (
    Rule(
        "headers.data-service-id-is-request-url",
        "DataServiceId is the request's URL without query",
        lambda c: c.data and c.success and c.status != 201,
        _is_request_url,
    ),
    Rule(
        "headers.data-service-id-is-location",
        "on 201 DataServiceId equals Location",
        lambda c: c.data and c.status == 201,
        _is_location,
    ),
    Rule("body.id", "the body shows the id that was asked for", lambda c: c.kind == "get" and _shown(c, "id"), _id),
    Rule(
        "body.url",
        "url is the resource's own, and those in it name what stands beside them",
        lambda c: _shown(c, "url") and (c.kind == "get" or any(_shown(c, name) for name in ("id", "name", "thumbprint"))),
        _url,
    ),
)
