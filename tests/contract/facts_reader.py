"""Reads the facts files of BATCH_SHARED into one comparable form: wire names, nested models, nothing normalised away."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conformance import contract

Json = dict[str, Any]
DOT = re.compile(r"(?<!\\)\.")


def folder() -> Path:
    """The facts folder; skips the test when there is none."""
    shared = os.environ.get("BATCH_SHARED")
    if not shared:
        pytest.skip("BATCH_SHARED is not set: it names the folder that holds facts/")
    return Path(shared) / "facts"


@dataclass(frozen=True)
class Facts:
    """The facts of one api-version."""

    version: str
    plane: contract.Plane
    type_spec: bool
    operations: Mapping[tuple[str, str], Json]
    models: Mapping[str, Mapping[str, Json]]


def path_shape(path: str) -> str:
    """The path without the names of its parameters, which are not on the wire."""
    return re.sub(r"\{[^}]*\}", "{}", path)


@cache
def load(path: Path, plane: contract.Plane) -> Facts:
    raw: Json = json.loads(path.read_text(encoding="utf-8"))
    operations = {
        (o["method"], path_shape(o["path"])): o
        for o in raw["operations"]
        if plane is contract.Plane.DATA or o["id"].startswith("BatchAccount_")
    }
    models: dict[str, Mapping[str, Json]] = {}
    for name, model in raw["models"].items():
        models.update(_nested(name, {p["wire_name"]: p for p in model["properties"].values()}))
    return Facts(raw["api_version"], plane, raw.get("generator") == "TypeSpec", operations, models)


def load_seed() -> Facts:
    """The 28 operations of the seed document. It says nothing of read-only: that comes from the SDK facts of the same version."""
    version = "2024-07-01.20.0"
    seed, sdk = (
        load(folder() / f"{source}/{version}.json", contract.Plane.DATA) for source in ("data-plane", "data-plane-preview-sdk")
    )
    models = {
        name: {wire: {**prop, "read_only": sdk.models[name][wire]["read_only"]} for wire, prop in properties.items()}
        for name, properties in seed.models.items()
    }
    return Facts(version, seed.plane, True, seed.operations, models)


def _nested(name: str, properties: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """A model whose wire names are flattened (`properties.x`), as models in models. `odata.x` is one name."""
    own: dict[str, Json] = {}
    inner: dict[str, dict[str, Json]] = {}
    for wire, prop in properties.items():
        head, *rest = [wire] if wire.startswith("odata.") else DOT.split(wire)
        if rest:
            inner.setdefault(head, {})[".".join(rest)] = prop
        else:
            own[wire.replace("\\.", ".")] = prop
    for head, members in inner.items():
        nested = f"{name}/{head}"
        own[head] = {
            "type": "object",
            "ref": nested,
            "required": any(p["required"] for p in members.values()),
            "read_only": all(p["read_only"] for p in members.values()),
        }
        yield from _nested(nested, members)
    yield name, own


def files() -> list[tuple[contract.Plane, str, str]]:
    """Plane, api-version and file (relative to the facts folder) of every complete facts file."""
    preview = "2024-07-01.20.0"
    found = []
    for version in contract.versions(contract.Plane.DATA):
        source = "data-plane-preview-sdk" if version.name == preview else "data-plane"
        found.append((contract.Plane.DATA, version.name, f"{source}/{version.name}.json"))
    found += [
        (contract.Plane.MANAGEMENT, v.name, f"management-plane/{v.name}.json")
        for v in contract.versions(contract.Plane.MANAGEMENT)
    ]
    return found
