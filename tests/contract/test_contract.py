"""Look-ups of the contract of one api-version."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from conformance import contract
from conformance.contract import Contract, Operation, Plane, Rules

VERSIONS = [(plane, v.name) for plane in Plane for v in contract.versions(plane)]
every_version = pytest.mark.parametrize(("plane", "version"), VERSIONS, ids=[f"{p}-{v}" for p, v in VERSIONS])


def example(operation: Operation) -> tuple[str, dict[str, str]]:
    """A path of the operation, with the values that it holds: each needs percent-encoding."""
    path, values = operation.path, {}
    for parameter in operation.parameters_in("path"):
        values[parameter.name] = f"a {parameter.name}"
        path = path.replace(f"{{{parameter.name}}}", quote(values[parameter.name]))
    return path, values


@every_version
def test_every_operation_is_found_by_its_path(plane: Plane, version: str) -> None:
    known = contract.at(version, plane)
    for operation in known.operations.values():
        path, values = example(operation)
        match = known.match(operation.method.lower(), path)
        assert match is not None
        assert (match.operation.id, match.path_parameters) == (operation.id, values)
        assert operation.method in known.methods(path)


@every_version
def test_names_lead_somewhere(plane: Plane, version: str) -> None:
    known = contract.at(version, plane)
    for operation in known.operations.values():
        for body in (operation.request, *operation.success.values()):
            assert body is None or body == "binary" or body in known.models
        assert operation.entity is None or operation.entity in known.entities
        assert {p.name for p in operation.parameters_in("path")} == set(_placeholders(operation.path))
        assert set(operation.never_sent) <= {h for names in operation.headers.values() for h in names}
        assert (known.item_model(operation) is not None) or not operation.paged
    for model in known.models.values():
        for prop in model.properties.values():
            assert prop.ref is None or prop.ref in known.models
            assert prop.default is None or prop.enum is None or _in_enum(prop.default, prop.enum), (model.name, prop.name)


def _placeholders(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _in_enum(default: object, enum: tuple[str, ...]) -> bool:
    values = default if isinstance(default, list) else [default]
    return all(str(value).lower() in {v.lower() for v in enum} for value in values)


@pytest.fixture
def known() -> Contract:
    return contract.at("2022-01-01.15.0")


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/pools", "Pool_List"),
        ("GET", "/pools/", "Pool_List"),
        ("GET", "/Pools/p", "Pool_Get"),
        ("GET", "/pools/p/nodes/n/files/startup%2Fstdout.txt", "File_GetFromComputeNode"),
        ("GET", "/pools/p/nodes/n/files/startup/stdout.txt", "File_GetFromComputeNode"),
        ("GET", "/certificates(thumbprintAlgorithm=sha1,thumbprint=ab)", "Certificate_Get"),
        ("GET", "/certificates(ThumbprintAlgorithm=sha1,Thumbprint=ab)", "Certificate_Get"),
        ("GET", "/certificates(thumbprint=ab,thumbprintAlgorithm=sha1)", "Certificate_Get"),
        ("POST", "/certificates(thumbprintAlgorithm=sha1,thumbprint=ab)/canceldelete", "Certificate_CancelDeletion"),
        ("GET", "/certificates(thumbprint=ab)", None),
        ("GET", "/certificates(thumbprintAlgorithm=sha1,thumbprint=ab", None),
        ("PUT", "/pools/p", None),
        ("GET", "/pool", None),
        ("GET", "/", None),
    ],
)
def test_match(known: Contract, method: str, path: str, operation: str | None) -> None:
    match = known.match(method, path)
    assert (match.operation.id if match else None) == operation


def test_methods_of_a_path(known: Contract) -> None:
    assert known.methods("/pools/p") == {"GET", "HEAD", "PATCH", "DELETE"}
    assert known.methods("/pools") == {"GET", "POST"}
    assert known.methods("/nothing/here") == frozenset()


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2022-01-01.15.0", "2022-01-01.15.0"),
        ("2015-12-01.2.2", "2016-02-01.3.0"),
        ("2021-12-31.0.0", "2022-01-01.15.0"),
        ("2099-01-01.1.0", "2025-06-01"),
        ("", "2016-02-01.3.0"),
    ],
)
def test_nearest(asked: str, answered: str) -> None:
    assert contract.nearest(asked).name == answered


def test_versions_are_in_order() -> None:
    for plane, count in ((Plane.DATA, 21), (Plane.MANAGEMENT, 19)):
        listed = contract.versions(plane)
        assert len(listed) == count
        assert [v.name for v in listed] == sorted(v.name for v in listed)
        assert [v.position for v in listed] == list(range(count))
    assert [v.name for v in contract.versions() if v.preview] == ["2024-07-01.20.0"]


def test_unknown_version() -> None:
    with pytest.raises(KeyError):
        contract.at("2015-12-01.2.2")


def test_updatable() -> None:
    older, newer = contract.at("2022-01-01.15.0"), contract.at("2024-07-01.20.0")
    lists = {"applicationPackageReferences", "certificateReferences", "metadata", "startTask"}
    assert set(older.updatable("Pool_Patch")) == set(older.updatable("Pool_UpdateProperties")) == lists
    assert {"vmSize", "displayName"} <= set(newer.updatable("Pool_Patch"))
    assert older.updatable("Pool_Resize") == ()
    account = contract.at("2024-02-01", Plane.MANAGEMENT).updatable("BatchAccount_Update")
    assert {"tags", "identity", "properties.autoStorage", "properties.networkProfile"} <= set(account)
    assert (older.operations["Pool_Patch"].update, older.operations["Job_Update"].update) == ("merge", "replace")


def test_page_limits(known: Contract) -> None:
    assert {o.page_limit for o in known.operations.values() if o.paged} == {1000, 100, 10}
    assert known.operations["Certificate_List"].page_limit == 100
    assert known.operations["Account_ListPoolNodeCounts"].page_limit == 10


def test_entities(known: Contract) -> None:
    assert known.entities["pool"].model == "CloudPool"
    created = {e: o.id for e in known.entities if (o := known.operation_on(e, "create"))}
    assert created == {
        "pool": "Pool_Add",
        "job": "Job_Add",
        "job-schedule": "JobSchedule_Add",
        "task": "Task_Add",
        "node-user": "ComputeNode_AddUser",
        "certificate": "Certificate_Add",
    }
    assert "certificate" not in contract.at("2025-06-01").entities
    assert "node-extension" not in contract.at("2020-09-01.12.0").entities


def test_every_create_update_and_delete_has_an_entity() -> None:
    for plane, version in VERSIONS:
        for operation in contract.at(version, plane).operations.values():
            if operation.kind in {"create", "create-many", "patch", "replace", "delete", "exists", "action"}:
                assert operation.entity is not None, operation.id


def test_rules_follow_the_version() -> None:
    newer = contract.at("2025-06-01")
    assert newer.model("PoolAddParameter").rules.exactly_one == (("virtualMachineConfiguration",),)
    older = contract.at("2016-02-01.3.0").model("PoolAddParameter").rules
    assert older.exactly_one == (("cloudServiceConfiguration", "virtualMachineConfiguration"),)
    manual = next(w for w in older.when if w.equals is False)
    assert manual.at_least_one == (("targetDedicated",),)
    assert dict(manual.defaults) == {"targetDedicated": 0}
    assert contract.at("2016-02-01.3.0").model("CloudPool").rules == Rules()


def test_limits_and_defaults_follow_the_version() -> None:
    def start(version: str) -> object:
        return contract.at(version).model("StartTask").properties["waitForSuccess"].default

    assert (start("2019-06-01.9.0"), start("2019-08-01.10.0")) == (False, True)
    pool = contract.at("2022-01-01.15.0").model("PoolAddParameter").properties
    assert (pool["resizeTimeout"].minimum_duration, pool["resizeTimeout"].default) == ("PT5M", "PT15M")
    assert (pool["id"].max_length, pool["applicationPackageReferences"].max_items) == (64, 10)


def test_secrets() -> None:
    """Names that say that their value is a secret are flagged; what an answer is there to tell is read-only too."""
    telling = ("password", "privatekey", "saskey", "accountkey", "protectedsettings")
    for version in contract.versions():
        for model in contract.at(version.name).models.values():
            for prop in model.properties.values():
                if any(word in prop.name.lower() for word in telling):
                    assert prop.secret, f"{model.name}.{prop.name}"
    keys = contract.at("2022-01-01", Plane.MANAGEMENT).model("BatchAccountKeys").properties
    assert (keys["primary"].secret, keys["primary"].read_only) == (True, True)


def test_errors_have_statuses(known: Contract) -> None:
    assert known.errors["PoolNotFound"].statuses == (404,)
    assert set(known.errors["ConditionNotMet"].statuses) == {304, 412}
    assert all(status >= 300 for code in known.errors.values() for status in code.statuses)
