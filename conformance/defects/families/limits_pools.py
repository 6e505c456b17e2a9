"""What a new pool may not be, and is not looked at; limits of pools that are off by one, or not there."""

from __future__ import annotations

from conformance.defects.leniency import has_member, lenient, refuses
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import ABSENT, sent
from conformance.defects.poolparts import MACHINE, forgives, made_up
from conformance.defects.tolerance import takes
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_NEW = "POST /pools"
_LONGEST = 64
_UNSUPPORTED = ("standard_a0", "extrasmall")
_STATES_NO_LIMIT = "A limit that is only in the description, which generated code does not read."
_NOT_REQUIRED = "A member that every sample sends, so that nobody asks what comes without it."


def _allowed(name: str) -> bool:
    return all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in name)


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
        "pool-id-any-characters",
        "The id of a pool may have any characters.",
        "limits",
        ("pools.add.id-charset-refused",),
        "A pattern that is only in the description.",
        takes(_NEW, "id", lambda name: not _allowed(name), lambda name: "".join(filter(_allowed, name)) + "-x"),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "pool-id-empty",
        "A pool may have an empty id.",
        "limits",
        ("pools.add.id-empty-refused",),
        "Required is taken for present.",
        takes(_NEW, "id", lambda name: name == "", lambda name: "nameless"),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "pool-id-invented",
        "A pool without id gets one.",
        "limits",
        ("pools.add.id-required",),
        "A database gives every row a key.",
        made_up(_NEW, "id", "pool-1"),
        consequences=("protocol.errors.missing-property",),
    ),
    Defect(
        "pool-id-63",
        "A pool id may have no more than 63 characters.",
        "limits",
        ("pools.add.id-64-accepted",),
        "Off by one, on the other side; 63 is the limit of names in a DNS.",
        refuses(_NEW, has_member("id", lambda name: len(name) == _LONGEST)),
    ),
    Defect(
        "pool-id-without-underscore",
        "A pool id may not have an underscore.",
        "limits",
        ("pools.add.id-charset-accepted",),
        "The pattern of names in a DNS.",
        refuses(_NEW, has_member("id", lambda name: "_" in name)),
    ),
    Defect(
        "pool-size-invented",
        "A pool without vmSize gets the usual one.",
        "limits",
        ("pools.add.vm-size-required",),
        _NOT_REQUIRED,
        made_up(_NEW, "vmSize", "standard_d2s_v3"),
        consequences=(
            "pools.trace.unsent-absent",
            "protocol.errors.missing-property",
            "protocol.errors.refused-create-creates-nothing",
        ),
    ),
    Defect(
        "pool-size-unchecked",
        "Sizes that Batch does not support are taken for pools.",
        "limits",
        ("pools.add.vm-size-a0-refused", "pools.add.vm-size-extra-small-refused"),
        "Whatever the compute service has.",
        takes(_NEW, "vmSize", lambda size: str(size).lower() in _UNSUPPORTED, lambda size: "standard_d2s_v3"),
    ),
    Defect(
        "pool-configuration-invented",
        "A pool without any configuration of its machines gets one.",
        "limits",
        ("pools.add.one-configuration-none-refused",),
        _NOT_REQUIRED,
        forgives(_NEW, {"cloudServiceConfiguration or virtualMachineConfiguration": MACHINE}),
        consequences=("protocol.errors.property-combination",),
    ),
    Defect(
        "pool-two-configurations",
        "A pool may have the configurations of cloud services and of virtual machines together.",
        "limits",
        ("pools.add.one-configuration-both-refused",),
        "Properties that exclude each other are each looked at alone.",
        lenient(_NEW, "virtualMachineConfiguration", "cloudServiceConfiguration"),
        consequences=("protocol.errors.property-combination",),
    ),
    Defect(
        "pool-machine-unchecked",
        "The configuration of the virtual machines of a pool is not looked at.",
        "limits",
        (
            "pools.add.image-required",
            "pools.add.node-agent-required",
            "pools.add.node-agent-unknown-refused",
            "pools.add.windows-configuration-on-linux-refused",
            "pools.add.agent-of-another-image-refused",
        ),
        "No machine is started, so that it does not matter.",
        forgives(
            _NEW,
            {
                "virtualMachineConfiguration.imageReference": MACHINE["imageReference"],
                "virtualMachineConfiguration.nodeAgentSKUId": MACHINE["nodeAgentSKUId"],
                "virtualMachineConfiguration.windowsConfiguration": ABSENT,
            },
        ),
        consequences=("protocol.errors.missing-nested-property",),
    ),
    Defect(
        "pool-image-parts-unchecked",
        "An image without publisher, offer or sku is taken.",
        "limits",
        ("pools.add.image-parts-required",),
        "Newer api-versions know images that have none of them.",
        forgives(_NEW, {"virtualMachineConfiguration.imageReference.*": "any"}),
        consequences=("protocol.errors.missing-nested-property",),
        at="2016-07-01.3.1",
    ),
    Defect(
        "pool-cloud-services-unchecked",
        "The family of the guest system of cloud services is not looked at.",
        "limits",
        ("pools.add.os-family-required", "pools.add.os-family-unknown-refused"),
        "Nobody uses cloud services any more.",
        forgives(_NEW, {"cloudServiceConfiguration.osFamily": "6"}),
        consequences=("protocol.errors.missing-nested-property",),
    ),
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
