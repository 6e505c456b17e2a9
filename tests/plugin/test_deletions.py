"""Which request deletes what another one creates: what is not found here is left behind on the target."""

from __future__ import annotations

import json

import pytest

from conformance.contract import at, versions
from conformance.plugin.requests import deleter, deletion


@pytest.mark.parametrize("version", [known.name for known in versions()])
def test_what_is_created_is_deleted_by_its_own_operation(version: str) -> None:
    contract = at(version)
    for create in contract.operations.values():
        if create.kind == "create":
            path = deleter(contract, create)
            found = next(o for o in contract.operations.values() if o.kind == "delete" and o.path == path)
            assert found.entity == create.entity, create.id


@pytest.mark.parametrize(
    ("path", "body", "deletes"),
    [
        ("/jobs", {"id": "one"}, "/jobs/one"),
        ("/jobschedules", {"id": "one"}, "/jobschedules/one"),
        ("/pools", {"id": "one"}, "/pools/one"),
        (
            "/certificates",
            {"thumbprint": "ab", "thumbprintAlgorithm": "sha1"},
            "/certificates(thumbprintAlgorithm=sha1,thumbprint=ab)",
        ),
        ("/jobs/one/tasks", {"id": "two"}, None),
        ("/jobs", {"name": "one"}, None),
    ],
)
def test_the_path_that_deletes_what_a_request_is_about_to_create(path: str, body: dict[str, str], deletes: str | None) -> None:
    assert deletion(at("2022-01-01.15.0"), "POST", path, json.dumps(body).encode()) == deletes
