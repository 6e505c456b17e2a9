"""Values for the properties of a pool that any account accepts on a pool without nodes, at the api-version of the target."""

from __future__ import annotations

from typing import Any

from conformance.plugin import Batch, Blocked
from scenarios.support import Json, elements, has

METADATA = [{"name": "team", "value": "blue"}, {"name": "empty", "value": ""}]
START_TASK = {
    "commandLine": "/bin/sh -c 'echo one'",
    "environmentSettings": [{"name": "COLOUR", "value": "red"}, {"name": "SHAPE", "value": "round"}],
    "maxTaskRetryCount": 2,
    "waitForSuccess": True,
}
MOUNTS = [{"nfsMountConfiguration": {"source": "10.0.0.4:/share", "relativeMountPath": "share"}}]
INBOUND = {"name": "web", "protocol": "tcp", "backendPort": 8080, "frontendPortRangeStart": 50000, "frontendPortRangeEnd": 50100}
NETWORK = {"endpointConfiguration": {"inboundNATPools": [INBOUND]}}
USERS = [{"name": "bcsuser", "password": "Bcs-0-Pa55-word", "elevationLevel": "admin"}]
DISKS = [{"lun": 0, "diskSizeGB": 32}]
SLOTS = "taskSlotsPerNode"


def slots_name(batch: Batch) -> str:
    return SLOTS if has(batch, "CloudPool", SLOTS) else "maxTasksPerNode"


def certificates(batch: Batch) -> list[Json]:
    """A reference to a certificate that was added for it: a pool may refer to those of the account only."""
    return [{"thumbprint": batch.create_certificate("cer").thumbprint, "thumbprintAlgorithm": "sha1"}]


def packages(batch: Batch) -> list[Json]:
    """A reference to some application of the account that has a version."""
    for application in elements(batch.call("Application_List")):
        if application.get("versions"):
            return [{"applicationId": application["id"], "version": application["versions"][0]}]
    raise Blocked("the account has no application with a version to refer to")


def eleven(batch: Batch) -> list[Json]:
    """One reference more than is allowed, of a package that exists if the account has any."""
    try:
        return packages(batch) * 11
    except Blocked:
        return [{"applicationId": f"absent{number}"} for number in range(11)]


def value(batch: Batch, name: str) -> Any:
    """A value for one property; what the account itself must have is looked up (an application) or added (a certificate)."""
    known: Json = {
        "metadata": METADATA,
        "startTask": START_TASK,
        "targetNodeCommunicationMode": "simplified",
        "displayName": "a name",
        "enableInterNodeCommunication": True,
        "mountConfiguration": MOUNTS,
        "networkConfiguration": NETWORK,
        "resourceTags": {"suite": "conformance"},
        "taskSchedulingPolicy": {"nodeFillType": "pack"},
        SLOTS: 2,
        "maxTasksPerNode": 2,
        "upgradePolicy": {"mode": "manual"},
        "userAccounts": USERS,
        "resizeTimeout": "PT20M",
        "vmSize": "standard_d4s_v3",
        "virtualMachineConfiguration": linux(
            batch, **({"dataDisks": DISKS} if has(batch, "VirtualMachineConfiguration", "dataDisks") else {})
        ),
    }
    looked_up = {"applicationPackageReferences": packages, "certificateReferences": certificates}
    return looked_up[name](batch) if name in looked_up else known[name]


def linux(batch: Batch, **more: Any) -> Json:
    """The virtual machine configuration that the driver uses, with more in it."""
    return {**batch.pool_body("any")["virtualMachineConfiguration"], **more}


def cleared(batch: Batch, **given: Any) -> Json:
    """A body of updateproperties that gives every list that is marked as required, empty unless given."""
    known = batch.contract.models["PoolUpdatePropertiesParameter"].properties
    return {name: [] for name, property in known.items() if property.required} | given


def covers(shown: Any, sent: Any) -> bool:
    """Whether what is shown holds all that was sent; the service may add defaults."""
    if isinstance(sent, dict):
        return isinstance(shown, dict) and all(name in shown and covers(shown[name], sent[name]) for name in sent)
    if isinstance(sent, list):
        return isinstance(shown, list) and len(shown) == len(sent) and all(map(covers, shown, sent))
    return bool(shown == sent)


def public(sent: Any) -> Any:
    """What was sent, without what no answer may show."""
    if isinstance(sent, dict):
        return {name: public(inner) for name, inner in sent.items() if name != "password"}
    return [public(inner) for inner in sent] if isinstance(sent, list) else sent
