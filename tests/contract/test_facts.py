"""The contract says what the facts files say, for every api-version of both planes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import facts_explained as explained
import facts_reader
import pytest
from facts_compare import Comparison, Difference

from conformance import contract

FILES = facts_reader.files()


def differences(plane: contract.Plane, version: str, file: str) -> Iterator[Difference]:
    facts = facts_reader.load(facts_reader.folder() / file, plane)
    return Comparison(facts, contract.at(version, plane)).differences()


def shown(found: list[Difference]) -> str:
    return "\n".join(f"{d.version} {d.kind} {d.at}: facts {d.facts}, contract {d.contract}" for d in found[:30])


@pytest.mark.parametrize(("plane", "version", "file"), FILES, ids=[f"{p}-{v}" for p, v, _ in FILES])
def test_contract_agrees_with_the_facts(plane: contract.Plane, version: str, file: str) -> None:
    unexplained, _ = explained.split(differences(plane, version, file), explained.load())
    assert not unexplained, shown(unexplained)


def test_every_explanation_is_needed() -> None:
    table = explained.load()
    _, used = explained.split((d for file in FILES for d in differences(*file)), table)
    assert [row for row in table if row not in used] == []


def test_explanations_are_few_and_have_reasons() -> None:
    table = explained.load()
    assert len(table) <= 30
    assert all(len(row.reason) > 20 for row in table)


# The seed lists some operations only, and shows the JSON of a value: no formats, no enum values, no type of a map's values.
SEED_SILENT = {
    ("operation.extra", "None"),
    ("property.format", "None"),
    ("property.enum", "None"),
    ("property.encode", "None"),
    ("parameter.format", "None"),
    ("property.values", "None"),
}


def test_preview_agrees_with_the_operations_of_the_seed() -> None:
    seed, ours = facts_reader.load_seed(), contract.at("2024-07-01.20.0")
    assert len(seed.operations) == 28
    stated = [d for d in Comparison(seed, ours).differences() if (d.kind, d.facts) not in SEED_SILENT and not _same_json(d)]
    unexplained, _ = explained.split(stated, explained.load())
    assert not unexplained, shown(unexplained)


def _same_json(difference: Difference) -> bool:
    """A 64-bit integer in a string is a string in the seed; a map is any object."""
    if difference.kind != "property.type":
        return False
    model, _, name = difference.at.partition(".")
    encode = contract.at(difference.version).models[model].properties[name].encode
    return (difference.facts == "string" and encode == "string") or (difference.facts, difference.contract) == ("any", "map")


def test_a_changed_contract_differs_from_the_facts() -> None:
    """The comparison notices each kind of change, so that agreement means something."""
    file = facts_reader.folder() / "data-plane/2022-01-01.15.0.json"
    facts = facts_reader.load(file, contract.Plane.DATA)
    for kind, changed in _mutants(contract.at("2022-01-01.15.0")):
        unexplained, _ = explained.split(Comparison(facts, changed).differences(), explained.load())
        assert kind in {d.kind for d in unexplained}, kind


def _mutants(good: contract.Contract) -> Iterator[tuple[str, contract.Contract]]:
    def operation(**changes: object) -> contract.Contract:
        changed = replace(good.operations["Pool_Resize"], **changes)  # type: ignore[arg-type]
        return replace(good, operations={**good.operations, "Pool_Resize": changed})

    def prop(name: str, **changes: object) -> contract.Contract:
        model = good.models["PoolAddParameter"]
        kept = {n: p for n, p in model.properties.items() if n != name}
        if changes:
            kept[name] = replace(model.properties[name], **changes)  # type: ignore[arg-type]
        return replace(good, models={**good.models, model.name: replace(model, properties=kept)})

    yield "operation.missing", replace(good, operations={n: o for n, o in good.operations.items() if n != "Job_Add"})
    yield "success.statuses", operation(success={200: None})
    yield "header.missing", operation(headers={202: ()})
    yield "parameter.missing", operation(parameters={})
    yield "request.present", operation(request=None)
    yield "property.missing", prop("vmSize")
    yield "property.required", prop("vmSize", required=False)
    yield "property.type", prop("vmSize", type="integer")
    yield "property.format", prop("resizeTimeout", format=None)
    yield "property.enum", prop("targetDedicatedNodes", enum=("1",))
    yield "property.read_only", prop("vmSize", read_only=True)
