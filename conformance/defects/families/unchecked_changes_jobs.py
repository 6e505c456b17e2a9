"""Services that change and disable jobs as they are told."""

from __future__ import annotations

from conformance.defects.answers import answered
from conformance.defects.leniency import has_member, lacks_member, lenient, stub
from conformance.defects.model import Defect
from conformance.defects.refusals import says

_CHANGE = "PATCH|PUT /jobs/{}"
_PATCH, _DISABLE = "PATCH /jobs/{}", "POST /jobs/{}/disable"
_MISSING, _INVALID = "MissingRequiredProperty", "InvalidPropertyValue"
_AUTO = "poolInfo.autoPoolSpecification"
_FIXED = ("id", "displayName", "usesTaskDependencies", "state", "commonEnvironmentSettings")


DEFECTS = (
    Defect(
        "job-fixed-properties-ignored",
        "What a change of a job cannot change is ignored instead of being refused.",
        "partial-update",
        ("jobs.patch.fixed-property-refused", "jobs.update.fixed-property-refused"),
        "Unknown members of a body are skipped by default in most JSON libraries.",
        lenient(_CHANGE, *_FIXED),
    ),
    Defect(
        "job-fixed-properties-changed",
        "PUT of a job changes what it cannot change.",
        "full-replace",
        ("jobs.update.fixed-property-unchanged",),
        "The document is replaced by the one that was sent.",
        lenient("PUT /jobs/{}", *_FIXED, kept=True),
        at="2024-07-01.20.0",
        consequences=(
            "jobs.responses.state",
            "jobs.trace.kept",
            "jobs.trace.state-times",
            "jobs.update.keeps-display-name",
            "jobs.update.keeps-uses-task-dependencies",
        ),
    ),
    Defect(
        "job-replacement-without-pool",
        "PUT of a job needs no poolInfo.",
        "full-replace",
        ("jobs.update.pool-info-required",),
        "PUT and PATCH share a model.",
        stub("PUT /jobs/{}", 200, _MISSING, properties=("poolInfo",)),
        consequences=("protocol.errors.missing-property",),
    ),
    Defect(
        "job-active-moved",
        "A change that names another pool is answered 200 whatever the state of the job.",
        "life-cycles",
        ("jobs.patch.pool-of-active-refused", "jobs.update.pool-of-active-refused"),
        "Nobody asks for the state.",
        stub(_CHANGE, 200, "OperationInvalidForCurrentState", when=lacks_member(_AUTO)),
    ),
    Defect(
        "job-auto-pool-changed",
        "A change of a job may change the specification of the auto pool that it runs on.",
        "partial-update",
        ("jobs.auto-pool.specification-not-updated",),
        "The pool is a property like any other.",
        stub(
            _PATCH,
            200,
            "OperationInvalidForCurrentState",
            when=has_member(f"{_AUTO}.poolLifetimeOption", lambda option: option == "job"),
        ),
    ),
    Defect(
        "job-auto-pool-lifetime-changed",
        "A change of a job may turn its auto pool into one of a job schedule.",
        "partial-update",
        ("jobs.auto-pool.lifetime-not-updated",),
        "Pools are compared by what they are, and not by how long they live.",
        stub(
            _PATCH,
            200,
            "OperationInvalidForCurrentState",
            when=has_member(f"{_AUTO}.poolLifetimeOption", lambda option: option != "job"),
        ),
    ),
    Defect(
        "job-termination-revoked",
        "The onAllTasksComplete goes back from terminatejob to noaction.",
        "life-cycles",
        ("jobs.patch.termination-not-revoked", "jobs.update.termination-not-revoked"),
        "Two values of an enumeration, and no rule between them.",
        stub(_CHANGE, 200, _INVALID, properties=("onAllTasksComplete",)),
    ),
    Defect(
        "job-termination-revoked-code",
        "Going back from terminatejob to noaction is refused with the code of an operation that the state does not allow.",
        "error-codes",
        ("jobs.patch.termination-not-revoked-code",),
        "It is about what the job is, so somebody thinks of its state.",
        answered(
            "PATCH /jobs/{}",
            says(b"InvalidPropertyValue", b"OperationInvalidForCurrentState", 400),
            has_member("onAllTasksComplete"),
        ),
        consequences=("protocol.errors.code-status",),
    ),
    Defect(
        "job-disable-without-option",
        "Disabling a job without saying what becomes of its tasks is answered 202.",
        "defaults",
        ("jobs.disable.option-required",),
        "A required parameter that got a default.",
        stub(_DISABLE, 202, _MISSING, properties=("disableTasks",)),
        consequences=("protocol.errors.missing-property",),
    ),
    Defect(
        "job-disable-anyhow",
        "Disabling a job with an option that is not on offer is answered 202.",
        "schema",
        ("jobs.disable.option-unknown-refused",),
        "Enumerations that are read with a fallback.",
        stub(_DISABLE, 202, _INVALID, properties=("disableTasks",)),
        consequences=("protocol.errors.invalid-enum",),
    ),
)
