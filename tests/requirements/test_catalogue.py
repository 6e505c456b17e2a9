"""The catalogue as a whole: well-formed, of the contract's world, and verified by something."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_marks import marked, unmarked

from conformance.contract import Plane, at, versions
from conformance.requirements import CatalogueError, Requirement, load
from conformance.requirements import catalogue as module

# Requirements that nothing verifies yet: none. Whoever adds one says here why.
UNVERIFIED: dict[str, str] = {}
# Codes that only operations on other resources answer; their requirements come with those resources.
OTHER_RESOURCES = (
    "Job", "Task", "Certificate", "Application", "File", "InvalidRange", "NodeUser", "ActiveJob", "NodeAlreadyIn", "TaskFiles",
)  # fmt: skip


def _live() -> list[Requirement]:
    return [requirement for requirement in load().requirements.values() if not requirement.retired]


def test_an_id_begins_with_its_profile() -> None:
    assert [r.id for r in _live() if r.id.split(".")[0] != r.profile] == []


def test_since_and_until_are_versions_of_the_plane_in_order() -> None:
    for requirement in _live():
        known = [version.name for version in versions(Plane(requirement.plane))]
        bounds = [bound for bound in (requirement.since, requirement.until) if bound is not None]
        assert [bound for bound in bounds if bound not in known] == [], requirement.id
        assert bounds == sorted(bounds), requirement.id


def test_a_title_is_one_sentence() -> None:
    assert [r.id for r in _live() if not r.title.endswith(".") or len(r.title) > 200 or "\n" in r.title] == []
    titles = [(r.profile, r.plane, r.title) for r in _live()]
    assert sorted({title for title in titles if titles.count(title) > 1}) == []


def test_rules_and_operations_come_together() -> None:
    assert [r.id for r in _live() if bool(r.rule) != bool(r.operations)] == []


def test_an_ambiguity_has_at_least_two_behaviours_with_documents() -> None:
    strange = [r.id for r in _live() if r.ambiguity and (len(r.ambiguity) < 2 or not all(a.documents for a in r.ambiguity))]
    assert strange == []


def test_every_scenario_is_marked_and_every_mark_names_a_requirement() -> None:
    assert unmarked() == []
    assert sorted(set(marked()) - set(load().requirements)) == []


def test_every_requirement_is_verified_by_a_rule_the_oracle_or_a_scenario() -> None:
    verified = marked().keys() | UNVERIFIED.keys()
    assert [r.id for r in _live() if not r.rule and not r.trace and r.id not in verified] == []
    assert [name for name in UNVERIFIED if name in marked() or name not in load().requirements] == []


def test_every_error_code_of_pools_and_protocol_is_spoken_of() -> None:
    spoken = " ".join([r.title for r in _live()] + [u.statement for u in load().untestable])
    codes = [code for code in at("2024-02-01.19.0").errors if not code.startswith(OTHER_RESOURCES)]
    assert [code for code in codes if code not in spoken] == []


def test_every_property_that_pools_can_be_filtered_by_has_a_requirement() -> None:
    filterable = at("2024-02-01.19.0").operations["Pool_List"].filter
    titles = " ".join(r.title for r in _live() if r.id.startswith("pools.list.filter-")).split()
    assert [name for name in filterable if name not in titles] == []


@pytest.mark.parametrize("operation", ["Pool_Patch", "Pool_UpdateProperties"])
def test_every_updatable_property_is_spoken_of(operation: str) -> None:
    prefix = "pools.patch.keeps-" if operation == "Pool_Patch" else "pools.update-properties."
    titles = " ".join(r.title for r in _live() if r.id.startswith(prefix)) + " taskSlotsPerNode"
    for version in versions():
        names = at(version.name).updatable(operation)
        assert [name for name in names if name not in titles] == [], version.name


def test_every_pool_operation_by_id_refuses_a_missing_pool() -> None:
    ids = " ".join(load().requirements)
    by_id = [o for o in at("2024-02-01.19.0").operations.values() if o.id.startswith("Pool_") and "{poolId}" in o.path]
    slugs = {o.id: o.path.rsplit("/", 1)[-1] for o in by_id if o.kind in {"action", "replace"}}
    titles = [r.title for r in _live() if r.id.endswith(".missing-refused")]
    assert ids.count(".missing-refused") >= len(by_id)
    assert [name for name, word in slugs.items() if not any(title.startswith(f"{word} ") for title in titles)] == []


def test_untestable_statements_have_a_reason() -> None:
    assert load().untestable
    assert [u.statement for u in load().untestable if not u.reason or not u.statement.endswith(".")] == []


def test_a_broken_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pools.yaml").write_text(
        "profile: pools\nrequirements:\n  - {id: Pools, level: MUST, title: T., source: {document: d, section: s}}\n"
    )
    monkeypatch.setattr(module, "DATA", tmp_path)
    with pytest.raises(CatalogueError, match=r"pools\.yaml: Pools: id"):
        module.load.__wrapped__()


def test_a_file_that_is_no_yaml_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pools.yaml").write_text("profile: pools\nrequirements:\n  - {id: pools.a, source: *nowhere}\n")
    monkeypatch.setattr(module, "DATA", tmp_path)
    with pytest.raises(CatalogueError, match=r"pools\.yaml:3: not YAML: .*alias"):
        module.load.__wrapped__()


def test_an_id_may_not_stand_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = "  - {id: pools.a, level: MUST, title: T., source: {document: d, section: s}}\n"
    (tmp_path / "pools.yaml").write_text("profile: pools\nrequirements:\n" + entry * 2)
    monkeypatch.setattr(module, "DATA", tmp_path)
    with pytest.raises(CatalogueError, match=r"pools\.a"):
        module.load.__wrapped__()
