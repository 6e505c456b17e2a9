"""Defaults of parts of a pool that are others, or those of another api-version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.defects.answers import member
from conformance.defects.leniency import has_member, lacks_member
from conformance.defects.model import Defect
from conformance.defects.poolparts import made_up
from conformance.defects.stored import Changed, created
from conformance.defects.where import version
from conformance.reference.wire import Json

_NEW = "POST /pools"
_ENABLE = "POST /pools/{}/enableautoscale"
_READS = "GET /pools, GET /pools/{}"
_DISKS = has_member("virtualMachineConfiguration.dataDisks")
_OLD_WAY = "Older api-versions have it so."


def _start_task(change: Callable[[Json, Json], None]) -> Callable[[Changed], None]:
    """Of what was sent and what is kept of it."""

    def changed(pool: Changed) -> None:
        if "startTask" in pool.now:
            change(pool.sent["startTask"], pool.now["startTask"])

    return changed


def _container(sent: Json, kept: Json) -> None:
    if "workingDirectory" not in (sent.get("containerSettings") or {"workingDirectory": ""}):
        kept["containerSettings"]["workingDirectory"] = "containerImageDefault"


def _registry(pool: Changed) -> None:
    containers = pool.now.get("virtualMachineConfiguration", {}).get("containerConfiguration", {})
    for registry in containers.get("containerRegistries", ()):
        if registry.get("registryServer", "docker.io") == "docker.io":
            registry["registryServer"] = "mcr.microsoft.com"


def _caching(kind: str) -> Callable[[Changed], None]:
    def change(pool: Changed) -> None:
        sent = (pool.sent.get("virtualMachineConfiguration") or {}).get("dataDisks") or ()
        kept = pool.now.get("virtualMachineConfiguration", {}).get("dataDisks") or ()
        for was, disk in zip(sent, kept, strict=False):
            if "caching" not in was:
                disk["caching"] = kind

    return change


def _store(pool: Changed) -> None:
    kept = pool.now.get("certificateReferences", ())
    for was, reference in zip(pool.sent.get("certificateReferences") or (), kept, strict=False):
        if "storeLocation" not in was:
            reference["storeLocation"] = "localmachine"


def _machine_version(pool: Changed) -> None:
    sent = (pool.sent.get("virtualMachineConfiguration") or {}).get("imageReference") or {}
    if "version" not in sent:
        pool.now["virtualMachineConfiguration"]["imageReference"].pop("version", None)


def _os_version(pool: Changed) -> None:
    if "cloudServiceConfiguration" in pool.now:
        pool.now["cloudServiceConfiguration"]["osVersion"] = "WA-GUEST-OS-6.1"


def _named(pool: Changed) -> None:
    pool.now.setdefault("displayName", pool.key)


def _default_mode(value: Any) -> Any:
    return "classic" if str(value).lower() == "default" else value


DEFECTS = (
    Defect(
        "container-directory-own",
        "A container that does not say so works in the directory of its image.",
        "defaults",
        ("pools.add.start-task-working-directory-default",),
        "The default of Docker.",
        created(_NEW, _start_task(_container), has_member("startTask.containerSettings")),
        consequences=("pools.trace.defaults",),
    ),
    Defect(
        "container-registry-other",
        "A container registry without server is that of Microsoft.",
        "defaults",
        ("pools.add.registry-default",),
        "The registry that the author uses.",
        created(_NEW, _registry, has_member("virtualMachineConfiguration.containerConfiguration")),
    ),
    Defect(
        "disk-caching-none",
        "The caching of a data disk that does not say so is none.",
        "defaults",
        ("pools.add.data-disk-caching-default",),
        _OLD_WAY,
        created(_NEW, _caching("none"), _DISKS),
    ),
    Defect(
        "disk-caching-new",
        "Older api-versions show the caching of a data disk as newer ones do.",
        "versions",
        ("pools.add.data-disk-caching-default-old",),
        "The defaults of the newest api-version for all of them.",
        created(_NEW, _caching("readwrite"), lambda asked: _DISKS(asked) and version(asked) < "2018-08-01.7.0"),
        at="2018-03-01.6.1",
    ),
    Defect(
        "certificate-store-machine",
        "A reference to a certificate that does not say so means the store of the machine.",
        "defaults",
        ("pools.add.certificate-store-default",),
        "Where an administrator puts certificates.",
        created(_NEW, _store, has_member("certificateReferences")),
    ),
    Defect(
        "image-version-unsaid",
        "The image of a pool has no version when none was sent.",
        "defaults",
        ("pools.add.image-version-default",),
        "What was not sent is not there.",
        created(_NEW, _machine_version, lacks_member("virtualMachineConfiguration.imageReference.version")),
    ),
    Defect(
        "communication-mode-classic",
        "A pool that does not say how its nodes communicate is shown as classic.",
        "defaults",
        (
            "pools.add.communication-mode-default",
            "pools.update-properties.resets-omitted-communication-mode",
            "pools.update-properties.sets-each-communication-mode",
        ),
        "The target is mistaken for what it comes to.",
        member(_READS, "targetNodeCommunicationMode", _default_mode),
        consequences=(
            "pools.trace.defaults",
            "pools.trace.reads-agree",
            "pools.trace.writes-shown",
        ),
        at="2024-07-01.20.0",
    ),
    Defect(
        "os-version-of-today",
        "A pool of cloud services that names no version shows the one of today.",
        "defaults",
        ("pools.add.os-version-default",),
        "The latest is looked up when the pool is made.",
        created(_NEW, _os_version, has_member("cloudServiceConfiguration")),
        consequences=(
            "pools.add.vm-configuration-kept",
            "pools.trace.defaults",
            "pools.trace.sent-shown",
        ),
    ),
    Defect(
        "autoscale-interval-five",
        "Autoscale comes round every 5 minutes unless told otherwise.",
        "defaults",
        ("pools.add.autoscale-interval-default", "pools.enable-auto-scale.interval-default", "pools.trace.defaults"),
        "The minimum taken for the default.",
        made_up(f"{_NEW}, {_ENABLE}", "autoScaleEvaluationInterval", "PT5M", lambda asked: b"autoScaleFormula" in asked.body),
        consequences=("pools.enable-auto-scale.keeps-formula",),
    ),
    Defect(
        "pool-one-node",
        "A pool without targets gets one node.",
        "defaults",
        ("pools.add.no-targets",),
        "A pool without nodes is of no use.",
        made_up(_NEW, "targetDedicatedNodes", 1, lambda asked: b'enableAutoScale": true' not in asked.body),
        consequences=(
            "pools.add.targets-default",
            "pools.trace.defaults",
        ),
    ),
    Defect(
        "pool-named-by-id",
        "A pool without displayName shows its id there.",
        "defaults",
        ("pools.add.display-name-absent", "pools.trace.unsent-absent"),
        "So that a portal has something to show.",
        created(_NEW, _named, lacks_member("displayName")),
        consequences=("pools.trace.writes-shown",),
    ),
)
