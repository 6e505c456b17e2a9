"""The rendered OpenAPI documents: valid, complete, and without the gaps that make other tools blind (lessons of peers.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from conformance import contract
from conformance.contract import Plane
from conformance.contract.openapi import render

Json = dict[str, Any]
VERSIONS = [(plane, v.name) for plane in Plane for v in contract.versions(plane)]
every_version = pytest.mark.parametrize(("plane", "version"), VERSIONS, ids=[f"{p}-{v}" for p, v in VERSIONS])


def operations(document: Json) -> Iterator[Json]:
    for path in document["paths"].values():
        yield from path.values()


@every_version
def test_document_is_valid(plane: Plane, version: str) -> None:
    assert [str(e.message) for e in OpenAPIV31SpecValidator(render(version, plane)).iter_errors()] == []


@every_version
def test_document_has_every_operation(plane: Plane, version: str) -> None:
    rendered = {o["operationId"]: o for o in operations(render(version, plane))}
    known = contract.at(version, plane)
    assert rendered.keys() == known.operations.keys()
    for name, operation in rendered.items():
        assert {int(s) for s in operation["responses"] if s.isdigit()} - {304} == set(known.operations[name].success)
        assert [p["name"] for p in operation["parameters"]] == list(known.operations[name].parameters)
        assert ("requestBody" in operation) == (known.operations[name].request is not None)


@every_version
def test_every_object_says_that_it_is_one(plane: Plane, version: str) -> None:
    models = render(version, plane)["components"]["schemas"]
    known = contract.at(version, plane).models
    assert models.keys() == known.keys()
    for name, schema in models.items():
        assert schema["type"] == "object"
        for prop, inner in schema["properties"].items():
            assert known[name].properties[prop].type == "any" or "type" in inner or "$ref" in inner, (name, prop)


@every_version
def test_errors_are_statuses_not_default(plane: Plane, version: str) -> None:
    for operation in operations(render(version, plane)):
        assert "default" not in operation["responses"]
        assert {"4XX", "5XX"} <= operation["responses"].keys()


@every_version
def test_api_version_is_required_and_one_value(plane: Plane, version: str) -> None:
    for operation in operations(render(version, plane)):
        (parameter,) = [p for p in operation["parameters"] if p["name"] == "api-version"]
        assert parameter["required"] is True
        assert parameter["schema"]["enum"] == [version]


def test_required_headers() -> None:
    document = render("2022-01-01.15.0")
    for operation in operations(document):
        for status, response in operation["responses"].items():
            answer = document["components"]["responses"][response["$ref"].split("/")[-1]] if "$ref" in response else response
            assert answer["headers"]["request-id"]["required"] is True, (operation["operationId"], status)
    created = document["paths"]["/pools"]["post"]["responses"]["201"]["headers"]
    assert {n for n, h in created.items() if h["required"]} == {
        "request-id",
        "ETag",
        "Last-Modified",
        "DataServiceId",
        "Location",
    }
    assert "ETag" not in document["paths"]["/pools"]["get"]["responses"]["200"]["headers"]


def test_error_codes_are_listed_by_status() -> None:
    codes = render("2022-01-01.15.0")["components"]["responses"]["Error4XX"]["x-error-codes"]
    assert "PoolNotFound" in codes["404"]
    assert "ConditionNotMet" in codes["412"]


def validator(version: str, model: str, plane: Plane = Plane.DATA) -> Any:
    document = render(version, plane)
    return jsonschema_rs.Draft202012Validator({**document, "$ref": f"#/components/schemas/{model}"})


POOL: Json = {
    "id": "p",
    "vmSize": "standard_d1_v2",
    "virtualMachineConfiguration": {"imageReference": {"offer": "o", "publisher": "p", "sku": "s"}, "nodeAgentSKUId": "n"},
    "targetDedicatedNodes": 0,
}


@pytest.mark.parametrize(
    ("changes", "valid"),
    [
        ({}, True),
        ({"id": "a b"}, False),
        ({"id": "a" * 64}, True),
        ({"id": "a" * 65}, False),
        ({"vmSize": 3}, False),
        ({"wmSize": "x"}, False),
        ({"displayName": "x" * 1025}, False),
        ({"cloudServiceConfiguration": {"osFamily": "5"}}, False),
        ({"virtualMachineConfiguration": None}, False),
        ({"targetDedicatedNodes": -1}, False),
        ({"enableAutoScale": True, "autoScaleFormula": "f"}, False),
        ({"enableAutoScale": False, "autoScaleFormula": "f"}, False),
        ({"taskSchedulingPolicy": {"nodeFillType": "Spread"}}, True),
        ({"taskSchedulingPolicy": {"nodeFillType": "sideways"}}, False),
        ({"applicationPackageReferences": [{"applicationId": "a"}] * 11}, False),
        ({"odata.metadata": "x"}, False),
    ],
)
def test_request_schema_of_a_pool(changes: Json, valid: bool) -> None:
    assert validator("2022-01-01.15.0", "PoolAddParameter").is_valid(POOL | changes) is valid


def test_request_schema_follows_autoscale() -> None:
    pool = {n: v for n, v in POOL.items() if n != "targetDedicatedNodes"}
    schema = validator("2022-01-01.15.0", "PoolAddParameter")
    assert not schema.is_valid(pool | {"enableAutoScale": True})
    assert schema.is_valid(pool | {"enableAutoScale": True, "autoScaleFormula": "f"})
    assert not schema.is_valid(pool)


def test_request_schema_of_a_resource_file() -> None:
    schema = validator("2022-01-01.15.0", "ResourceFile")
    assert schema.is_valid({"httpUrl": "https://a/b", "filePath": "b"})
    assert schema.is_valid({"autoStorageContainerName": "c"})
    assert not schema.is_valid({"httpUrl": "https://a/b"})
    assert not schema.is_valid({"httpUrl": "https://a/b", "filePath": "b", "autoStorageContainerName": "c"})


def test_answers_tolerate_odata_members_only() -> None:
    schema = validator("2022-01-01.15.0", "CloudPool")
    assert schema.is_valid({"odata.metadata": "https://a/$metadata#pools/@Element", "id": "p"})
    assert not schema.is_valid({"id": "p", "surprise": 1})


def test_a_64_bit_integer_is_a_string() -> None:
    schema = validator("2022-01-01.15.0", "FileProperties")
    good = {"contentLength": "2510", "lastModified": "2022-01-01T00:00:00Z"}
    assert schema.is_valid(good)
    assert not schema.is_valid(good | {"contentLength": 2510})


def test_versions_differ() -> None:
    models = (render(version)["components"]["schemas"] for version in ("2020-03-01.11.0", "2020-09-01.12.0"))
    older, newer = (m["PoolAddParameter"]["properties"].keys() for m in models)
    assert older - newer == {"maxTasksPerNode"}
    assert newer - older == {"taskSlotsPerNode"}


def test_secrets_are_write_only() -> None:
    models = render("2022-01-01.15.0")["components"]["schemas"]
    assert models["UserAccount"]["properties"]["password"]["writeOnly"] is True
    assert models["CloudPool"]["properties"]["id"]["readOnly"] is True


def test_unknown_version() -> None:
    with pytest.raises(KeyError):
        render("2030-01-01.1.0")
