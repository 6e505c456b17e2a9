"""What updateproperties of a pool touches that is none of its business, and what it loses."""

from __future__ import annotations

from conformance.defects.model import Defect
from conformance.defects.paths import ABSENT
from conformance.defects.poolparts import forgives
from conformance.defects.stored import Changed, after, drops

_REPLACE = "POST /pools/{}/updateproperties"
_NEWEST = "2024-07-01.20.0"


def _machine_again(pool: Changed) -> None:
    pool.now["vmSize"] = "standard_a1_v2"


def _scale_off(pool: Changed) -> None:
    pool.now["enableAutoScale"], pool.now["resizeTimeout"] = False, "PT15M"


def _rescheduled(pool: Changed) -> None:
    usual = {"taskSlotsPerNode": 1, "taskSchedulingPolicy": {"nodeFillType": "spread"}, "enableInterNodeCommunication": False}
    pool.now.update(usual)


def _made_again(pool: Changed) -> None:
    pool.now["creationTime"] = pool.now["stateTransitionTime"] = pool.now["lastModified"]


def _etag_stays(pool: Changed) -> None:
    pool.restore("_modified", "eTag", "lastModified")


DEFECTS = (
    Defect(
        "pool-replace-drops-name",
        "The operation updateproperties removes the name, the user accounts, the network and the mounts of the pool.",
        "full-replace",
        (
            "pools.update-properties.keeps-display-name",
            "pools.update-properties.keeps-user-accounts",
            "pools.update-properties.keeps-network",
            "pools.update-properties.keeps-mounts",
            "pools.trace.kept",
        ),
        "A replacement of everything, as PUT is elsewhere.",
        after(_REPLACE, drops("displayName", "userAccounts", "networkConfiguration", "mountConfiguration")),
        consequences=("pools.trace.writes-shown",),
    ),
    Defect(
        "pool-replace-drops-tags",
        "The operation updateproperties removes the tags and the upgrade policy of the pool.",
        "full-replace",
        ("pools.update-properties.keeps-upgrade-policy", "pools.update-properties.keeps-resource-tags"),
        "A replacement of everything, as PUT is elsewhere.",
        after(_REPLACE, drops("upgradePolicy", "resourceTags")),
        consequences=("pools.trace.kept",),
        at=_NEWEST,
    ),
    Defect(
        "pool-replace-resizes-machine",
        "The operation updateproperties puts the size of the machines back to the smallest.",
        "full-replace",
        ("pools.update-properties.keeps-vm",),
        "What was not sent has its default.",
        after(_REPLACE, _machine_again),
        consequences=(
            "pools.trace.kept",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "pool-replace-stops-scaling",
        "The operation updateproperties switches autoscale off and forgets the timeout.",
        "full-replace",
        ("pools.update-properties.keeps-scale",),
        "What was not sent has its default.",
        after(_REPLACE, _scale_off),
        consequences=("pools.trace.kept",),
    ),
    Defect(
        "pool-replace-reschedules",
        "The operation updateproperties puts task slots, policy and communication between nodes back to the defaults.",
        "full-replace",
        ("pools.update-properties.keeps-scheduling",),
        "What was not sent has its default.",
        after(_REPLACE, _rescheduled),
        consequences=("pools.trace.kept",),
    ),
    Defect(
        "pool-replace-makes-anew",
        "A pool that was changed by updateproperties shows the time of the change as that of its creation.",
        "full-replace",
        ("pools.update-properties.keeps-identity-times", "pools.trace.identity"),
        "An update that is a deletion and a creation.",
        after(_REPLACE, _made_again),
        consequences=(
            "pools.patch.keeps-identity-times",
            "pools.trace.state-times",
        ),
    ),
    Defect(
        "pool-replace-etag-stays",
        "The operation updateproperties changes the pool and leaves its ETag.",
        "conditions",
        ("pools.update-properties.moves-etag",),
        "The ETag is made at creation.",
        after(_REPLACE, _etag_stays),
        consequences=(
            "pools.trace.etag-answered",
            "pools.trace.etag-transition",
            "pools.trace.modified-forward",
            "protocol.etag.moves-on-write",
            "protocol.etag.write-answers-new",
        ),
    ),
    Defect(
        "pool-replace-fixed-taken",
        "The operation updateproperties overlooks what it cannot change.",
        "full-replace",
        ("pools.update-properties.fixed-property-refused",),
        "JSON libraries overlook what the model does not have.",
        forgives(_REPLACE, dict.fromkeys(("vmSize", "resizeTimeout", "enableAutoScale"), ABSENT)),
        consequences=("protocol.errors.read-only-not-accepted",),
    ),
)
