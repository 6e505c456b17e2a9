"""Content type, and whether there is a body at all."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.rules.model import HOLDS, MISSING, Context, Problem, Rule, one

_TYPE = "Content-Type"


def _content_type(context: Context) -> str:
    return context.exchange.response.headers.get(_TYPE, "")


def _parameters(context: Context) -> dict[str, str]:
    parts = [p.partition("=") for p in _content_type(context).split(";")[1:]]
    return {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in parts}


def _json_body(context: Context) -> bool:
    return not context.case.binary and context.body is not MISSING


def _is_json(context: Context) -> Sequence[Problem] | None:
    if not _json_body(context):
        return None
    media = _content_type(context).partition(";")[0].strip().lower()
    return (
        HOLDS
        if media == "application/json"
        else one("a JSON body is labelled otherwise", "application/json", media or "absent", _TYPE)
    )


def _has_metadata(context: Context) -> Sequence[Problem] | None:
    if not _json_body(context):
        return None
    parameters = _parameters(context)
    actual, charset = parameters.get("odata"), parameters.get("charset", "utf-8")
    if actual != "minimalmetadata":
        return one("no odata=minimalmetadata", "minimalmetadata", actual or "absent", _TYPE)
    return HOLDS if charset == "utf-8" else one("JSON is in UTF-8", "utf-8", charset, _TYPE)


def _has_charset(context: Context) -> Sequence[Problem] | None:
    if not _json_body(context):
        return None
    actual = _parameters(context).get("charset")
    return HOLDS if actual == "utf-8" else one("no charset=utf-8", "utf-8", actual or "absent", _TYPE)


def _empty(context: Context) -> Sequence[Problem] | None:
    response = context.exchange.response
    if not response.body_known:
        return None
    content = response.body.strip()
    return one("a body where none is documented", "no body", f"{len(content)} bytes") if content else HOLDS


RULES = (
    Rule("content.type", "a JSON body is labelled application/json", lambda c: c.data or c.operation is not None, _is_json),
    Rule("content.odata-metadata", "the label says odata=minimalmetadata", lambda c: c.data, _has_metadata),
    Rule("content.charset", "the label says charset=utf-8", lambda c: c.arm, _has_charset),
    Rule(
        "content.no-body",
        "no body where the contract documents none",
        lambda c: c.success and c.documented and not c.model and not c.binary and not c.head,
        _empty,
    ),
    Rule("content.head-empty", "the answer to HEAD has no body", lambda c: c.data and c.head, _empty),
)
