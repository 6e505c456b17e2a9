"""The manager, preparation and release task of a new job: defaults, what is required, limits just inside and outside."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.samples import COMMAND, MANAGER, UNLIMITED, at_path, cases
from scenarios.pools.samples import covers
from scenarios.support import ACCEPTED, Json, has, json_object

MEMBERS = {"manager": "jobManagerTask", "preparation": "jobPreparationTask", "release": "jobReleaseTask"}
SMALLEST: Json = {
    "manager": {"id": "manager", "commandLine": COMMAND},
    "preparation": {"commandLine": COMMAND},
    "release": {"commandLine": COMMAND},
}
WEEK = "P7D"


def _with(which: str, **properties: Any) -> Json:
    """A task with little in it, as a property of a job; a property given as None is left out."""
    task = {name: value for name, value in {**SMALLEST[which], **properties}.items() if value is not None}
    needed = {"jobPreparationTask": SMALLEST["preparation"]} if which == "release" else {}
    return {**needed, MEMBERS[which]: task}


DEFAULTS: tuple[tuple[str, str, Any], ...] = (
    ("manager-kill-default", "jobManagerTask.killJobOnCompletion", True),
    ("manager-exclusive-default", "jobManagerTask.runExclusive", True),
    ("manager-slots-default", "jobManagerTask.requiredSlots", 1),
    ("manager-elevation-default", "jobManagerTask.userIdentity.autoUser.elevationLevel", "nonadmin"),
    ("preparation-wait-default", "jobPreparationTask.waitForSuccess", True),
    ("preparation-rerun-default", "jobPreparationTask.rerunOnNodeRebootAfterSuccess", True),
    ("release-time-limit-default", "jobReleaseTask.maxWallClockTime", "PT15M"),
    ("task-time-limit-default", "jobManagerTask.constraints.maxWallClockTime", UNLIMITED),
    ("task-time-limit-default", "jobPreparationTask.constraints.maxWallClockTime", UNLIMITED),
    ("task-retention-default-old", "jobManagerTask.constraints.retentionTime", UNLIMITED),
    ("task-retention-default-old", "jobPreparationTask.constraints.retentionTime", UNLIMITED),
    ("task-retention-default-old", "jobReleaseTask.retentionTime", UNLIMITED),
    ("task-retention-default", "jobManagerTask.constraints.retentionTime", WEEK),
    ("task-retention-default", "jobPreparationTask.constraints.retentionTime", WEEK),
    ("task-retention-default", "jobReleaseTask.retentionTime", WEEK),
)


@pytest.mark.parametrize(("slug", "path", "default"), cases("jobs.add.", DEFAULTS))
def test_default(batch: Batch, expect: Expect, staffed: str, slug: str, path: str, default: Any) -> None:
    exchange = batch.call("Job_Get", jobId=staffed)
    shown = at_path(json_object(exchange), path)
    expect.equal(f"jobs.add.{slug}", default if shown is None else shown, default, exchange, path)


@pytest.mark.parametrize(("slug", "which"), cases("jobs.add.", [(f"{which}-scope-default", which) for which in MEMBERS]))
def test_scope_default(batch: Batch, expect: Expect, slug: str, which: str) -> None:
    sent = _with(which, userIdentity={"autoUser": {"elevationLevel": "admin"}})
    exchange = batch.call("Job_Get", jobId=batch.create_job(**sent))
    user = at_path(json_object(exchange), f"{MEMBERS[which]}.userIdentity.autoUser") or {}
    expect.equal(f"jobs.add.{slug}", user.get("elevationLevel"), "admin", exchange, "elevationLevel")
    expect.equal(f"jobs.add.{slug}", user.get("scope", "pool"), "pool", exchange, "scope")


@pytest.mark.requirement("jobs.add.manager-low-priority-default")
def test_low_priority_default(batch: Batch, expect: Expect, staffed: str) -> None:
    exchange = batch.call("Job_Get", jobId=staffed)
    shown = at_path(json_object(exchange), "jobManagerTask.allowLowPriorityNode")
    holds = shown is None or isinstance(shown, bool)
    expect(
        "jobs.add.manager-low-priority-default",
        holds,
        expected="true or false",
        actual=shown,
        exchange=exchange,
        message=f"the default is {'not shown' if shown is None else str(shown).lower()}",
    )


@pytest.mark.parametrize(
    ("slug", "path", "default"),
    cases(
        "jobs.add.",
        [
            ("preparation-id-default", "jobPreparationTask.id", "jobpreparation"),
            ("release-id-default", "jobReleaseTask.id", "jobrelease"),
        ],
    ),
)
def test_id_default(batch: Batch, expect: Expect, staffed: str, slug: str, path: str, default: str) -> None:
    exchange = batch.call("Job_Get", jobId=staffed)
    expect.equal(f"jobs.add.{slug}", at_path(json_object(exchange), path), default, exchange, path)


OUTPUT: Json = {
    "filePattern": "../std*.txt",
    "destination": {"container": {"path": "logs", "containerUrl": "https://example.blob.core.windows.net/logs"}},
    "uploadOptions": {"uploadCondition": "taskcompletion"},
}
URL = "https://example.org/file.txt"


def _output(**properties: Any) -> Json:
    file = {name: value for name, value in {**OUTPUT, **properties}.items() if value is not None}
    return _with("manager", outputFiles=[file])


ACCEPTABLE: tuple[tuple[str, Json], ...] = (
    ("manager-id-64-accepted", _with("manager", id="m" * 64)),
    ("manager-display-name-1024-accepted", _with("manager", displayName="x" * 1024)),
    ("manager-low-priority-kept", _with("manager", allowLowPriorityNode=False)),
    ("manager-low-priority-kept", _with("manager", allowLowPriorityNode=True)),
    ("manager-slots-kept", _with("manager", requiredSlots=3)),
    ("manager-output-files-kept", _output()),
    ("manager-user-kept", _with("manager", userIdentity={"autoUser": {"scope": "task", "elevationLevel": "admin"}})),
    ("task-retries-unlimited-accepted", _with("manager", constraints={"maxTaskRetryCount": -1})),
    ("task-retries-unlimited-accepted", _with("preparation", constraints={"maxTaskRetryCount": -1})),
    ("preparation-id-64-accepted", _with("preparation", id="p" * 64)),
    ("release-id-64-accepted", _with("release", id="r" * 64)),
    ("release-time-limit-15-minutes-accepted", _with("release", maxWallClockTime="PT15M")),
)


@pytest.mark.parametrize(("slug", "properties"), cases("jobs.add.", ACCEPTABLE))
def test_accepted(batch: Batch, expect: Expect, slug: str, properties: Json) -> None:
    _judge_kept(batch, expect, f"jobs.add.{slug}", properties)


@pytest.mark.requirement("jobs.add.manager-files-kept")
def test_files_kept(batch: Batch, expect: Expect) -> None:
    _judge_kept(batch, expect, "jobs.add.manager-files-kept", _with("manager", resourceFiles=[_file(batch)]))


def _judge_kept(batch: Batch, expect: Expect, requirement: str, properties: Json) -> None:
    body = batch.job_body(**properties)
    expect.status(requirement, batch.call("Job_Add", body=body), ACCEPTED)
    exchange = batch.call("Job_Get", jobId=body["id"])
    shown = json_object(exchange)
    told = {name: shown.get(name) for name in properties}
    expect(requirement, covers(shown, properties), expected=properties, actual=told, exchange=exchange)


def _file(batch: Batch) -> Json:
    return {"httpUrl" if has(batch, "ResourceFile", "httpUrl") else "blobSource": URL, "filePath": "file.txt"}


REFUSED: tuple[tuple[str, Json], ...] = (
    ("manager-id-required", _with("manager", id=None)),
    ("manager-id-65-refused", _with("manager", id="m" * 65)),
    ("manager-id-charset-refused", _with("manager", id="a manager")),
    ("manager-command-required", _with("manager", commandLine=None)),
    ("manager-display-name-1025-refused", _with("manager", displayName="x" * 1025)),
    ("manager-output-pattern-required", _output(filePattern=None)),
    ("manager-output-destination-required", _output(destination=None)),
    ("manager-output-container-url-required", _output(destination={"container": {"path": "logs"}})),
    ("manager-output-options-required", _output(uploadOptions=None)),
    ("manager-output-condition-unknown-refused", _output(uploadOptions={"uploadCondition": "always"})),
    ("manager-package-application-required", _with("manager", applicationPackageReferences=[{"version": "1.0"}])),
    ("manager-user-exclusive", _with("manager", userIdentity={"username": "bcs", "autoUser": {"scope": "pool"}})),
    ("manager-user-needs-one", _with("manager", userIdentity={})),
    ("preparation-command-required", {"jobPreparationTask": {"id": "before"}}),
    ("preparation-id-65-refused", _with("preparation", id="p" * 65)),
    ("preparation-id-charset-refused", _with("preparation", id="be/fore")),
    ("release-command-required", _with("release", commandLine=None, id="after")),
    ("release-id-65-refused", _with("release", id="r" * 65)),
    ("release-id-charset-refused", _with("release", id="af/ter")),
    ("release-time-limit-above-refused", _with("release", maxWallClockTime="PT15M1S")),
    ("release-time-limit-above-refused", _with("release", maxWallClockTime="PT1H")),
)


@pytest.mark.parametrize(("slug", "properties"), cases("jobs.add.", REFUSED))
def test_refused(batch: Batch, expect: Expect, slug: str, properties: Json) -> None:
    expect.status(f"jobs.add.{slug}", batch.call("Job_Add", body=batch.job_body(**properties)), 400)


@pytest.mark.parametrize(
    ("slug", "missing"),
    cases("jobs.add.", [("manager-file-path-required", "filePath"), ("manager-file-source-required", "source")]),
)
def test_file_refused(batch: Batch, expect: Expect, slug: str, missing: str) -> None:
    file = {name: value for name, value in _file(batch).items() if (name == "filePath") != (missing == "filePath")}
    body = batch.job_body(**_with("manager", resourceFiles=[file]))
    expect.status(f"jobs.add.{slug}", batch.call("Job_Add", body=body), 400)


@pytest.mark.requirement("jobs.add.release-needs-preparation")
def test_release_alone(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Job_Add", body=batch.job_body(jobReleaseTask=SMALLEST["release"]))
    expect.status("jobs.add.release-needs-preparation", exchange, {400, 409})


@pytest.mark.requirement("jobs.add.task-ids-differ")
@pytest.mark.parametrize("which", ["preparation", "release"])
def test_one_id_twice(batch: Batch, expect: Expect, which: str) -> None:
    body = batch.job_body(jobManagerTask=MANAGER, **_with(which, id=MANAGER["id"]))
    expect.status("jobs.add.task-ids-differ", batch.call("Job_Add", body=body), {400, 409})
