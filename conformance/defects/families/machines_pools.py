"""What the machines of a new pool may not be, and nobody looks at."""

from __future__ import annotations

from conformance.defects.leniency import lenient
from conformance.defects.model import Defect
from conformance.defects.paths import ABSENT
from conformance.defects.poolparts import MACHINE, forgives, made_up
from conformance.defects.tolerance import takes

_NEW = "POST /pools"
_UNSUPPORTED = ("standard_a0", "extrasmall")
_NOT_REQUIRED = "A member that every sample sends, so that nobody asks what comes without it."


DEFECTS = (
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
)
