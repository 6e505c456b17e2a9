"""Counts and spans of time of pools: limits that are off by one, or not there; names."""

from __future__ import annotations

from conformance.defects.leniency import has_member, lenient, refuses
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.tolerance import takes
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_NEW = "POST /pools"
_STATES_NO_LIMIT = "A limit that is only in the description, which generated code does not read."


def _name_taken(service: Service) -> Lie:
    names: set[str] = set()

    def known(asked: WireRequest) -> bool:
        return sent(asked).get("displayName") in names

    refused = refuses(_NEW, known, "PoolExists")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await refused(asked, ask)
        if fits(_NEW, asked) and answer.status == 201 and "displayName" in sent(asked):
            names.add(sent(asked)["displayName"])
        return answer

    return lie


DEFECTS = (
    Defect(
        "pool-slots-unlimited",
        "A node may have more than 256 task slots.",
        "limits",
        ("pools.add.slots-257-refused",),
        _STATES_NO_LIMIT,
        takes(_NEW, "taskSlotsPerNode", lambda slots: isinstance(slots, int) and slots > 256, lambda slots: 256),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "pool-target-negative",
        "A pool may be created with a negative target of nodes.",
        "limits",
        ("pools.add.negative-target-refused",),
        "A signed integer.",
        takes(_NEW, "targetDedicatedNodes", lambda count: isinstance(count, int) and count < 0, lambda count: 0),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "pool-durations-unlimited",
        "Timeouts and intervals of pools may be as short and as long as one likes.",
        "limits",
        (
            "pools.add.resize-timeout-below-refused",
            "pools.add.autoscale-interval-below-refused",
            "pools.add.autoscale-interval-above-refused",
            "pools.enable-auto-scale.interval-below-refused",
            "pools.enable-auto-scale.interval-above-refused",
        ),
        _STATES_NO_LIMIT,
        lenient(f"{_NEW}, POST /pools/{{}}/enableautoscale", "resizeTimeout", "autoScaleEvaluationInterval"),
        consequences=(
            "protocol.errors.invalid-duration",
            "protocol.errors.outside-limits",
        ),
    ),
    Defect(
        "pool-resize-timeout-unlimited",
        "The timeout of a resize may be as short as one likes.",
        "limits",
        ("pools.resize.timeout-below-refused",),
        "Checked where a pool is created, forgotten where it is resized.",
        lenient("POST /pools/{}/resize", "resizeTimeout"),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "pool-five-minutes-refused",
        "A timeout or an interval has to be longer than five minutes, not as long.",
        "limits",
        (
            "pools.add.resize-timeout-minimum-accepted",
            "pools.add.autoscale-interval-minimum-accepted",
            "pools.resize.timeout-minimum-accepted",
            "pools.enable-auto-scale.applies",
        ),
        "Less or equal where less is meant.",
        refuses("POST /pools...", lambda asked: b'"PT5M"' in asked.body),
        consequences=("pools.remove-nodes.removes",),
    ),
    Defect(
        "pool-week-refused",
        "The interval of autoscale has to be shorter than a week.",
        "limits",
        ("pools.add.autoscale-interval-maximum-accepted", "pools.enable-auto-scale.applies"),
        "Less where less or equal is meant.",
        refuses("POST /pools...", has_member("autoScaleEvaluationInterval", lambda interval: interval in ("PT168H", "P7D"))),
    ),
    Defect(
        "pool-name-1025",
        "The displayName of a pool may be of any length.",
        "limits",
        ("pools.add.display-name-1025-refused",),
        _STATES_NO_LIMIT,
        takes(_NEW, "displayName", lambda name: len(name) > 1024, lambda name: name[:1024]),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "pool-name-bytes",
        "The displayName of a pool may have 1024 bytes, not 1024 characters.",
        "limits",
        ("pools.add.display-name-1024-accepted",),
        "The length of a column of a database.",
        refuses(_NEW, has_member("displayName", lambda name: len(name.encode()) > 1024 >= len(name))),
    ),
    Defect(
        "pool-name-unique",
        "Two pools may not have the same displayName.",
        "limits",
        ("pools.add.display-name-shared",),
        "An index that is unique.",
        _name_taken,
    ),
)
