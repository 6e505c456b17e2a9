"""What a formula may name: the service's variables by generation, constants, methods of metrics, members of timestamps."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from conformance.reference.autoscale.values import Interval

DEALLOCATION = "$NodeDeallocationOption"
DEALLOCATION_OPTIONS = ("requeue", "terminate", "taskcompletion", "retaineddata")
DEDICATED = "$TargetDedicatedNodes"
LOW_PRIORITY = "$TargetLowPriorityNodes"

_METRICS = frozenset(
    {
        "CPUPercent", "WallClockSeconds", "MemoryBytes", "DiskBytes", "DiskReadBytes", "DiskWriteBytes", "DiskReadOps",
        "DiskWriteOps", "NetworkInBytes", "NetworkOutBytes", "SampleNodeCount", "ActiveTasks", "RunningTasks", "PendingTasks",
        "SucceededTasks", "FailedTasks",
    }
)  # fmt: skip
_NODE_METRICS = frozenset(
    {"CurrentDedicatedNodes", "CurrentLowPriorityNodes", "PreemptedNodeCount", "TaskSlotsPerNode", "UsableNodeCount"}
)

INTERVALS: Mapping[str, Interval] = MappingProxyType(
    {
        "TimeInterval_Zero": Interval(0),
        "TimeInterval_100ns": Interval(1),
        "TimeInterval_Microsecond": Interval(10),
        "TimeInterval_Millisecond": Interval(10_000),
        "TimeInterval_Second": Interval(10_000_000),
        "TimeInterval_Minute": Interval(60 * 10_000_000),
        "TimeInterval_Hour": Interval(3_600 * 10_000_000),
        "TimeInterval_Day": Interval(86_400 * 10_000_000),
        "TimeInterval_Week": Interval(7 * 86_400 * 10_000_000),
        "TimeInterval_Year": Interval(365 * 86_400 * 10_000_000),
    }
)

# Method of a metric → fewest and most arguments.
METHODS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"GetSample": (1, 3), "GetSamplePercent": (1, 2), "GetSamplePeriod": (0, 0), "Count": (0, 0), "HistoryBeginTime": (0, 0)}
)

TIMESTAMP_MEMBERS = ("year", "month", "day", "weekday", "hour", "minute", "second")


class Naming(Enum):
    """Which generation of variables: `targets` maps each name that may be written to the target it stands for, the preferred
    name of a target first; `metrics` maps what may be read to the name of its samples."""

    CLASSIC = "classic"
    NODES = "nodes"

    @property
    def targets(self) -> Mapping[str, str]:
        if self is Naming.CLASSIC:
            return {"$TargetDedicated": DEDICATED}
        return {
            DEDICATED: DEDICATED,
            LOW_PRIORITY: LOW_PRIORITY,
            "$TargetDedicated": DEDICATED,
            "$TargetLowPriority": LOW_PRIORITY,
        }

    @property
    def metrics(self) -> Mapping[str, str]:
        aliases = {"$CurrentDedicated": "CurrentDedicatedNodes"}
        names = _METRICS if self is Naming.CLASSIC else _METRICS | _NODE_METRICS
        return {f"${name}": name for name in names} | aliases
