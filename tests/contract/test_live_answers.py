"""Recorded answers of the live service agree with the contract, seen through the rendered schemas."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from conformance import contract
from conformance.contract import Operation, Plane
from conformance.contract.openapi import render
from conformance.exchange import Exchange, read_cassette


def recordings() -> list[Path]:
    shared = os.environ.get("BATCH_SHARED")
    if not shared:
        pytest.skip("BATCH_SHARED is not set: it names the folder that holds real-traffic/")
    return sorted((Path(shared) / "real-traffic").rglob("*.yaml"))


def matched() -> Iterator[tuple[Exchange, Operation, str, Plane]]:
    """Every recorded exchange of an operation of the contract."""
    for path in recordings():
        for exchange in read_cassette(path):
            url = urlsplit(exchange.request.url)
            plane = Plane.MANAGEMENT if "/providers/microsoft.batch" in url.path.lower() else Plane.DATA
            version = contract.nearest(exchange.request.query.get("api-version", ""), plane).name
            match = contract.at(version, plane).match(exchange.request.method, url.path)
            if match:
                yield exchange, match.operation, version, plane


def answers() -> Iterator[tuple[Exchange, Operation, str, Plane]]:
    """Those whose answer has a JSON body that the contract has a model for."""
    for exchange, operation, version, plane in matched():
        if operation.success.get(exchange.response.status) not in (None, "binary") and exchange.response.body_known:
            yield exchange, operation, version, plane


@cache
def validator(version: str, plane: Plane, model: str) -> Any:
    document = render(version, plane)
    for schema in document["components"]["schemas"].values():
        # what is write-only is required of requests only
        schema["required"] = [n for n in schema.get("required", ()) if not schema["properties"][n].get("writeOnly")]
    return jsonschema_rs.Draft202012Validator({**document, "$ref": f"#/components/schemas/{model}"})


def test_recorded_answers_fit_their_schema() -> None:
    seen, wrong = 0, []
    for exchange, operation, version, plane in answers():
        seen += 1
        model = operation.success[exchange.response.status]
        assert model is not None
        for error in validator(version, plane, model).iter_errors(exchange.response.json):
            wrong.append(f"{exchange.request.url}: {list(error.instance_path)}: {error.message}")
    assert seen > 100
    assert wrong == []


def test_recorded_metadata_is_the_fragment_of_the_operation() -> None:
    seen = set()
    for exchange, operation, _, plane in answers():
        if plane is Plane.DATA:
            stated = exchange.response.json["odata.metadata"].partition("$metadata#")[2]
            assert stated == operation.metadata, exchange.request.url
            seen.add(operation.id)
    assert len(seen) > 15


def test_accepted_requests_fit_their_schema() -> None:
    """What the live service accepted breaks no limit and no rule of the contract."""
    seen, wrong = 0, []
    for exchange, operation, version, plane in matched():
        request = exchange.request
        if operation.request and request.body and request.body_known and exchange.response.status < 300:
            seen += 1
            document = render(version, plane)
            schema = jsonschema_rs.Draft202012Validator({**document, "$ref": f"#/components/schemas/{operation.request}"})
            wrong += [f"{request.url}: {list(e.instance_path)}: {e.message}" for e in schema.iter_errors(request.json)]
    assert seen > 5
    assert wrong == []
