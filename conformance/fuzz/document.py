"""The document that requests are generated from, read by Schemathesis: rendered from the contract, or a file of the user's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract import Contract, Operation

if TYPE_CHECKING:
    from schemathesis.schemas import APIOperation

Json = dict[str, Any]
# the C reader of YAML has no bound, and ends the process
_DEEP = re.compile(r"(?:[\[{]\s*){500}|(?:-[ \t]+){500}")
_PARAMETER = re.compile(r"\{[^}]+\}")


class DocumentError(ValueError):
    """The document cannot be used, and why; the user's fault."""


@dataclass(frozen=True, eq=False)
class Described:
    """An operation of the document. `known` is the contract's operation with the same method and path, if it has one: the id is
    then the contract's. `body` is the JSON schema of the request body, whose references point into itself."""

    id: str
    method: str
    path: str
    known: Operation | None
    operation: APIOperation[Any, Any, Any, Any]
    body: Json | None


@dataclass(frozen=True)
class Document:
    """`broken` says which operations Schemathesis could not read, and why."""

    operations: tuple[Described, ...]
    broken: tuple[str, ...] = ()


def read(path: Path) -> Json:
    """An OpenAPI document of version 2 or 3, in JSON or YAML. Raises DocumentError."""
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}") from None
    if _DEEP.search(text):
        raise DocumentError(f"{path}: nested too deep for a document")
    try:
        told = (
            json.loads(text)
            if text.lstrip().startswith("{")
            else yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        )
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise DocumentError(f"{path}: neither JSON nor YAML: {' '.join(str(error).split())[:160]}") from None
    if not isinstance(told, dict) or not ("swagger" in told or "openapi" in told):
        raise DocumentError(f"{path}: no OpenAPI document: it has neither `openapi` nor `swagger` at its top")
    return told


def describe(raw: Mapping[str, Any], contract: Contract, location: str = "") -> Document:
    """Take a document apart. `location` is the file that relative references in it start from. Raises DocumentError."""
    import schemathesis
    from schemathesis.core.result import Ok

    try:
        schema = schemathesis.openapi.from_dict(_without_headers(raw))
        if location:
            schema.location = Path(location).resolve().as_uri()
        found: list[Described] = []
        broken: list[str] = []
        for result in schema.get_all_operations():
            if isinstance(result, Ok):
                found.append(_described(result.ok(), contract))
            else:
                broken.append(_line(result.err()))
    except Exception as error:  # whatever a document makes the library raise is about the document
        why = _line(error) or type(error).__name__
        raise DocumentError(f"{location or 'the document'}: Schemathesis cannot read it as OpenAPI: {why}") from None
    if not found:
        raise DocumentError(f"{location or 'the document'}: it describes no operation{f' ({broken[0]})' if broken else ''}")
    return Document(tuple(found), tuple(broken))


def _without_headers(raw: Mapping[str, Any]) -> Json:
    """Conditions, dates and request ids make sense only together with what was answered before: they are not for chance."""
    paths = raw.get("paths")
    if not isinstance(paths, Mapping):
        return dict(raw)
    return {**raw, "paths": {path: _lighter(item) for path, item in paths.items()}}


def _lighter(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    return {
        name: _lighter(value) if name != "parameters" else [p for p in value if not _is_header(p)] for name, value in item.items()
    }


def _is_header(parameter: Any) -> bool:
    return isinstance(parameter, Mapping) and parameter.get("in") == "header"


def _described(operation: APIOperation[Any, Any, Any, Any], contract: Contract) -> Described:
    method = operation.method.upper()
    match = contract.match(method, _PARAMETER.sub("x", operation.path))
    known = match.operation if match else None
    own = operation.definition.raw.get("operationId") or operation.label
    bodies = [b for b in operation.body if "json" in (getattr(b, "media_type", "") or "json")]
    body = getattr(bodies[0], "raw_schema", None) if bodies else None
    return Described(
        known.id if known else str(own),
        method,
        known.path if known else operation.path,
        known,
        operation,
        body if isinstance(body, dict) else None,
    )


def _line(error: object) -> str:
    return " ".join(str(error).split())[:200]
