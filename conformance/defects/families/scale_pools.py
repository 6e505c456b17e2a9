"""The size of pools: resize, and stopping it."""

from __future__ import annotations

from conformance.defects.answers import body
from conformance.defects.leniency import lenient, stub
from conformance.defects.model import Defect
from conformance.defects.poollives import stuck_resizing
from conformance.defects.poolparts import each
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, after, drops
from conformance.defects.where import lacks
from conformance.reference.wire import Json

_RESIZE = "POST /pools/{}/resize"
_STOP = "POST /pools/{}/stopresize"
_ENABLE = "POST /pools/{}/enableautoscale"
_DISABLE = "POST /pools/{}/disableautoscale"
_REMOVE = "POST /pools/{}/removenodes"
_READS = "GET /pools, GET /pools/{}"
_STUB = "A stub that says yes."
_LIKE_REPLACE = "The request is the new resource."
_REST = ("displayName", "metadata", "startTask")


def _old_targets(pool: Changed) -> None:
    pool.restore("targetDedicatedNodes", "targetLowPriorityNodes")


def _at_once(pool: Changed) -> None:
    """The nodes are never asked for."""
    pool.restore("allocationState", "allocationStateTransitionTime")


def _old_time(pool: Changed) -> None:
    pool.restore("allocationStateTransitionTime")


def _etag_stays(pool: Changed) -> None:
    pool.restore("_modified", "eTag", "lastModified")


def _stopped_target(pool: Changed) -> None:
    pool.now["targetDedicatedNodes"] = pool.now.get("currentDedicatedNodes", 0)


def _without_error(pool: Json) -> None:
    for name in ("resizeErrors", "resizeError"):
        pool.pop(name, None)


def _one_error(pool: Json) -> None:
    if pool.get("resizeErrors"):
        pool["resizeError"] = pool.pop("resizeErrors")[0]


def _errors_stay(pool: Changed) -> None:
    if "resizeErrors" in pool.was:
        pool.now["resizeErrors"] = pool.was["resizeErrors"]


DEFECTS = (
    Defect(
        "resize-target-ignored",
        "A resize is answered 202, and the pool keeps its old targets.",
        "life-cycles",
        ("pools.resize.sets-target", "pools.resize.sets-low-priority-target", "pools.trace.sent-shown"),
        _STUB,
        after(_RESIZE, _old_targets),
        consequences=("pools.stop-resize.stops",),
    ),
    Defect(
        "resize-never-begins",
        "A resize is answered 202 and shows the new target, and the pool stays steady without the nodes.",
        "life-cycles",
        ("pools.resize.becomes-resizing",),
        "Emulators have no nodes.",
        after(_RESIZE, _at_once),
    ),
    Defect(
        "pool-never-steady",
        "A pool that was resized stays resizing for ever, though it has its nodes.",
        "life-cycles",
        ("pools.resize.becomes-steady",),
        "The event that ends it gets lost.",
        stuck_resizing,
        consequences=("pools.stop-resize.stops",),
    ),
    Defect(
        "resize-time-stays",
        "The time of the allocation state does not move when a resize begins.",
        "life-cycles",
        ("pools.trace.state-times",),
        "The time is written where the state ends.",
        after(_RESIZE, _old_time),
    ),
    Defect(
        "resize-timeout-ignored",
        "A resize does not read the timeout.",
        "life-cycles",
        ("pools.resize.timeout-shown",),
        "A property that the handler does not read.",
        deaf_to_member(_RESIZE, "resizeTimeout"),
        consequences=(
            "pools.resize.timeout-below-refused",
            "pools.trace.sent-shown",
            "protocol.errors.outside-limits",
        ),
    ),
    Defect(
        "resize-low-priority-ignored",
        "A resize does not read the target of low-priority nodes.",
        "life-cycles",
        ("pools.resize.sets-low-priority-target", "pools.trace.sent-shown"),
        "The handler of an older api-version.",
        deaf_to_member(_RESIZE, "targetLowPriorityNodes"),
    ),
    Defect(
        "resize-option-unchecked",
        "A resize takes any nodeDeallocationOption.",
        "limits",
        ("pools.resize.invalid-deallocation-refused",),
        "An enumeration is text.",
        lenient(_RESIZE, "nodeDeallocationOption"),
        consequences=("protocol.errors.invalid-enum",),
    ),
    Defect(
        "resize-of-autoscale-accepted",
        "A pool with autoscale can be resized.",
        "life-cycles",
        ("pools.resize.autoscale-refused",),
        "Nobody looks who decides about the size.",
        stub(_RESIZE, 202, "OperationInvalidForCurrentState"),
    ),
    Defect(
        "resize-while-resizing",
        "A pool that is being resized can be resized again.",
        "life-cycles",
        ("pools.resize.while-resizing-refused",),
        "States are not looked at.",
        stub(_RESIZE, 202, "PoolBeingResized"),
    ),
    Defect(
        "resize-drops-rest",
        "A resize removes name, metadata and start task of the pool.",
        "full-replace",
        ("pools.resize.keeps-the-rest", "pools.trace.kept"),
        _LIKE_REPLACE,
        after(_RESIZE, drops(*_REST)),
    ),
    Defect(
        "enable-drops-rest",
        "The operation enableautoscale removes name, metadata and start task of the pool.",
        "full-replace",
        ("pools.enable-auto-scale.keeps-the-rest", "pools.trace.kept"),
        _LIKE_REPLACE,
        after(_ENABLE, drops(*_REST)),
    ),
    Defect(
        "disable-drops-rest",
        "The operation disableautoscale removes name, metadata and start task of the pool.",
        "full-replace",
        ("pools.disable-auto-scale.keeps-the-rest", "pools.trace.kept"),
        _LIKE_REPLACE,
        after(_DISABLE, drops(*_REST)),
    ),
    Defect(
        "resize-errors-stay",
        "The errors of a resize stay when the next one goes well.",
        "life-cycles",
        ("pools.resize.forgets-errors",),
        "Errors are added to a list that nobody empties.",
        after(_RESIZE, _errors_stay),
    ),
    Defect(
        "stop-of-steady-accepted",
        "A steady pool takes stopresize.",
        "life-cycles",
        ("pools.stop-resize.steady-refused",),
        _STUB,
        stub(_STOP, 202, "OperationInvalidForCurrentState"),
        consequences=("pools.trace.condition-met",),
    ),
    Defect(
        "stop-lowers-target",
        "The operation stopresize sets the target to the nodes that are there.",
        "life-cycles",
        ("pools.stop-resize.stops",),
        "The pool has what it has, so that it is to have that.",
        after(_STOP, _stopped_target),
    ),
    Defect(
        "stop-without-error",
        "A pool whose resize was stopped shows no error.",
        "life-cycles",
        ("pools.stop-resize.leaves-error", "pools.versions.resize-errors"),
        "It was no error.",
        body(_READS, each(_without_error), lacks("$select")),
    ),
    Defect(
        "stop-etag-stays",
        "The operation stopresize and removenodes leave the ETag of the pool.",
        "conditions",
        ("pools.stop-resize.moves-etag", "pools.remove-nodes.moves-etag"),
        "Actions do not write the row that has the ETag.",
        after(f"{_STOP}, {_REMOVE}", _etag_stays),
        consequences=(
            "pools.trace.etag-transition",
            "pools.trace.modified-forward",
        ),
    ),
    Defect(
        "resize-error-single",
        "What went wrong in a resize is one error, as in older api-versions.",
        "versions",
        ("pools.versions.resize-errors", "pools.stop-resize.leaves-error"),
        "The oldest form for every api-version.",
        body(_READS, each(_one_error), lacks("$select")),
        consequences=("pools.responses.no-unknown-property",),
    ),
)
