"""What may stay in a recording: an allow-list of header names, query parameters and members of JSON bodies. The value of anything
else is replaced; that it was there still shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from conformance import contract
from conformance.contract import Plane
from conformance.exchange import Headers, names_secret
from conformance.exchange.scrub import WORD

_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "dataserviceversion",
        "date",
        "expires",
        "host",
        "location",
        "ocp-date",
        "pragma",
        "retry-after",
        "server",
        "strict-transport-security",
        "transfer-encoding",
        "user-agent",
        "vary",
        "x-content-type-options",
        "azure-asyncoperation",
        "x-ms-request-id",
        "x-ms-correlation-request-id",
        "x-ms-failure-cause",
    }
)
_DECODER = json.JSONDecoder()
_QUERY = frozenset({"api-version", "$skiptoken"})
# envelopes that no model describes
_MEMBERS = frozenset(
    {"code", "message", "lang", "value", "values", "key", "error", "errors", "details", "target", "name", "status"}
)


@cache
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Headers, query parameters, members of bodies, and those members that hold members of any name, of every api-version."""
    headers, query, members, maps = set(_HEADERS), set(_QUERY), set(_MEMBERS), set[str]()
    for plane in Plane:
        for version in contract.versions(plane):
            at = contract.at(version.name, plane)
            for operation in at.operations.values():
                headers |= {name.lower() for names in operation.headers.values() for name in names}
                headers |= {p.name.lower() for p in operation.parameters_in("header")}
                query |= {p.name.lower() for p in operation.parameters_in("query")}
            for model in at.models.values():
                members |= model.properties.keys()
                maps |= {p.name for p in model.properties.values() if p.type in ("map", "any", "object") and not p.ref}
    return frozenset(headers), frozenset(query), frozenset(members), frozenset(maps)


def headers(found: Headers) -> Headers:
    allowed = _known()[0]
    return Headers(tuple((name, value if name.lower() in allowed else WORD) for name, value in found.fields))


def url(found: str) -> str:
    """The URL with the values of unknown query parameters replaced."""
    try:
        parts = urlsplit(found)
    except ValueError:
        return found
    if not parts.query:
        return found
    allowed = _known()[1]
    kept = [
        pair if unquote_plus(pair.partition("=")[0]).lower() in allowed or "=" not in pair else f"{pair.partition('=')[0]}={WORD}"
        for pair in parts.query.split("&")
    ]
    return urlunsplit(parts._replace(query="&".join(kept)))


def body(text: str) -> str:
    """A JSON body with the texts below unknown members replaced; anything else as it is."""
    bare = text.lstrip("\ufeff \t\r\n")
    if not bare.startswith(("{", "[")):
        return text
    try:
        value, end = _DECODER.raw_decode(bare)
    except (ValueError, RecursionError):
        return text
    if not any(_strange(value)):
        return text
    # what stands around the JSON is why it is none, and stays
    return text[: len(text) - len(bare)] + json.dumps(_without(value), ensure_ascii=False) + bare[end:]


def _strange(value: Any) -> Iterator[str]:
    """The texts that may not stay."""
    if isinstance(value, list):
        for element in value:
            yield from _strange(element)
    if isinstance(value, dict):
        for name, member in value.items():
            if _takes(name):
                if name not in _known()[3]:
                    yield from _strange(member)
            elif _holds_text(member):
                yield name


def _takes(name: str) -> bool:
    return name in _known()[2] or name.startswith("odata.") or "@odata." in name or names_secret(name)


def _holds_text(value: Any) -> bool:
    if isinstance(value, str):
        return value not in ("", WORD)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_holds_text(part) for part in parts)


def _without(value: Any) -> Any:
    if isinstance(value, list):
        return [_without(element) for element in value]
    if not isinstance(value, dict):
        return value
    return {
        name: (member if name in _known()[3] else _without(member)) if _takes(name) else _emptied(member)
        for name, member in value.items()
    }


def _emptied(value: Any) -> Any:
    if isinstance(value, str):
        return WORD if value else value
    if isinstance(value, Mapping):
        return {name: _emptied(member) for name, member in value.items()}
    return [_emptied(element) for element in value] if isinstance(value, list) else value
