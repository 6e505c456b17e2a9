"""Services that take auto pools and changes of jobs as they come."""

from __future__ import annotations

from conformance.defects.answers import answered
from conformance.defects.leniency import has_member, stub
from conformance.defects.model import Defect
from conformance.defects.refusals import says

_ADD = "POST /jobs"
_MISSING, _INVALID = "MissingRequiredProperty", "InvalidPropertyValue"
_AUTO = "poolInfo.autoPoolSpecification"


DEFECTS = (
    Defect(
        "job-auto-pool-nothing-required",
        "An auto pool needs neither a lifetime nor a pool, nor anything in it.",
        "schema",
        (
            "jobs.auto-pool.configuration-required",
            "jobs.auto-pool.formula-required",
            "jobs.auto-pool.lifetime-required",
            "jobs.auto-pool.pool-required",
            "jobs.auto-pool.vm-size-required",
        ),
        "The pool in a job is another class than the pool of the account, and has no rules of its own.",
        stub(_ADD, 201, _MISSING, properties=("pool", f"{_AUTO}.*")),
        consequences=(
            "jobs.trace.found",
            "protocol.errors.missing-nested-property",
            "protocol.errors.property-combination",
        ),
    ),
    Defect(
        "job-auto-pool-anything-goes",
        "What is said of an auto pool is not looked at.",
        "schema",
        (
            "jobs.auto-pool.configuration-one-only",
            "jobs.auto-pool.formula-alone-refused",
            "jobs.auto-pool.formula-checked",
            "jobs.auto-pool.formula-with-target-refused",
            "jobs.auto-pool.interval-limits",
            "jobs.auto-pool.lifetime-of-schedule-refused",
            "jobs.auto-pool.prefix-21-refused",
            "jobs.auto-pool.resize-timeout-below-refused",
        ),
        "The pool in a job is another class than the pool of the account, and has no rules of its own.",
        stub(_ADD, 201, _INVALID, "AutoScalingFormulaSyntaxError", properties=("", "poolLifetimeOption", f"{_AUTO}.*")),
        consequences=(
            "jobs.auto-pool.display-name-1025-refused",
            "jobs.auto-pool.lifetime-unknown-refused",
            "jobs.trace.found",
            "protocol.errors.invalid-enum",
            "protocol.errors.outside-limits",
            "protocol.errors.property-combination",
        ),
    ),
    Defect(
        "job-auto-pool-without-targets",
        "An auto pool without targets is taken for a malformed request.",
        "status",
        ("jobs.auto-pool.no-targets",),
        "A framework's own status for a body that does not fit its schema: 422.",
        answered(
            _ADD,
            says(b"targetDedicatedNodes or", b"targetDedicatedNodes or", 422),
            has_member("poolInfo.autoPoolSpecification.pool"),
        ),
        consequences=(
            "protocol.errors.code-status",
            "protocol.errors.status-documented",
        ),
    ),
    Defect(
        "job-auto-pool-failure-untold",
        "An auto pool that refers to packages that are not there is answered 404.",
        "error-codes",
        ("jobs.auto-pool.failure-told",),
        "Something was not found, so the answer is that.",
        answered(_ADD, says(b"InvalidApplicationPackageReferences", b"ApplicationNotFound", 404)),
    ),
)
