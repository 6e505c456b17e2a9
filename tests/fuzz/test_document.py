"""Documents of the user's: what is taken, and what is said of what is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance import contract as contracts
from conformance.fuzz.document import DocumentError, describe, read
from conformance.fuzz.leaves import Body

CONTRACT = contracts.at("2022-01-01.15.0")
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "t", "version": "2022-01-01.15.0"},
    "paths": {
        "/pools": {
            "post": {
                "operationId": "Pool_Add",
                "consumes": ["application/json; odata=minimalmetadata"],
                "parameters": [
                    {"name": "pool", "in": "body", "required": True, "schema": {"$ref": "#/definitions/PoolAddParameter"}},
                    {"name": "api-version", "in": "query", "required": True, "type": "string"},
                    {"name": "client-request-id", "in": "header", "type": "string"},
                ],
                "responses": {"201": {"description": "created"}},
            }
        },
        "/pools/{id}": {
            "get": {
                "operationId": "Mine",
                "parameters": [{"name": "id", "in": "path", "required": True, "type": "string"}],
                "responses": {"200": {"description": "OK"}},
            }
        },
        "/unheard-of": {"get": {"operationId": "Unheard", "responses": {"200": {"description": "OK"}}}},
    },
    "definitions": {
        "PoolAddParameter": {
            "properties": {"id": {"type": "string"}, "startTask": {"$ref": "#/definitions/StartTask"}},
            "required": ["id"],
            "type": "object",
        },
        "StartTask": {"type": "object", "properties": {"commandLine": {"type": "string"}}, "required": ["commandLine"]},
    },
}


def test_a_swagger_document_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "swagger.json"
    path.write_text(json.dumps(SWAGGER))
    document = describe(read(path), CONTRACT, str(path))
    known = {one.id: one for one in document.operations}
    assert set(known) == {"Pool_Add", "Pool_Get", "Unheard"}
    assert known["Unheard"].known is None
    body = known["Pool_Add"].body
    assert body is not None
    assert {leaf.at for leaf in Body(body).leaves} == {("id",), ("startTask",), ("startTask", "commandLine")}


def test_headers_are_not_left_to_chance() -> None:
    document = describe(SWAGGER, CONTRACT)
    assert all(not list(one.operation.headers) for one in document.operations)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "neither JSON nor YAML"),
        ("a: [", "neither JSON nor YAML"),
        ("[]", "no OpenAPI document"),
        ("title: x", "no OpenAPI document"),
    ],
)
def test_what_is_no_document_is_told_in_a_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(text)
    with pytest.raises(DocumentError, match=said) as raised:
        read(path)
    assert str(path) in str(raised.value) and "\n" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        read(tmp_path / "absent.json")


@pytest.mark.parametrize("raw", [{"openapi": "3.1.0"}, {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}])
def test_a_document_without_operations(raw: dict[str, Any]) -> None:
    with pytest.raises(DocumentError):
        describe(raw, CONTRACT, "mine.json")
