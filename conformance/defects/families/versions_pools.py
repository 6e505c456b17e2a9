"""What only some api-versions of pools have, and what older ones do."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import body, status, with_body
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.poolparts import corrected, each
from conformance.defects.poolreads import overlooks_unknown
from conformance.defects.requests import heard
from conformance.defects.where import before, fits, lacks, since, version
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_NEW = "POST /pools"
_READS = "GET /pools, GET /pools/{}"
_UPGRADE = "POST /pools/{}/upgradeos"
_OLD = "2018-03-01.6.1"
# a name, the first api-version that has it, the first that has it no more, one that has it
_NAMES = (
    (b'"targetDedicated"', "2015", "2017-05", "2017-01-01.4.0"),
    (b'"blobSource"', "2015", "2018-12", "2018-08-01.7.0"),
    (b'"virtualMachineImageId"', "2017-09", "9", "2022-01-01.15.0"),
    (b'"cloudServiceConfiguration"', "2015", "2024-07", "2022-01-01.15.0"),
    (b'"docker"', "2017-09", "2018-08", "2018-03-01.6.1"),
    (b'"dockerCompatible"', "2018-08", "9", "2022-01-01.15.0"),
)
_LIBRARY = "JSON libraries overlook what the model does not have."
_ONE_MODEL = "One model for every api-version."


def _one_slot(pool: Json) -> None:
    for name in ("maxTasksPerNode", "targetDedicated"):
        if name in pool:
            pool[name] = 1
            pool["vmSize"] = "small"


def _mode(pool: Json) -> None:
    pool.setdefault("currentNodeCommunicationMode", "classic")


def _system(pool: Json) -> None:
    configuration = pool.get("cloudServiceConfiguration")
    if configuration:
        configuration.setdefault("currentOSVersion", "*")


def _at_its_version(asked: WireRequest) -> WireRequest:
    """The request is read as of an api-version that has such names."""
    for name, first, end, known in _NAMES:
        if name in asked.body and not first <= version(asked) < end:
            return replace(asked, query=asked.query.replace(version(asked), known))
    return asked


def _stuck(service: Service) -> Lie:
    """A pool that was upgraded is shown as upgrading from then on."""
    upgraded: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits(_UPGRADE, asked) and answer.status == 202:
            upgraded.add(asked.path.rpartition("/")[0])
        stuck = fits("GET /pools/{}", asked) and answer.status == 200 and asked.path in upgraded
        return with_body(answer, lambda pool: pool.update(state="upgrading")) if stuck else answer

    return lie


def _swapped(statistics: Json) -> None:
    start, end = statistics["startTime"], statistics["lastUpdateTime"]
    statistics["startTime"], statistics["lastUpdateTime"] = end, start


DEFECTS = (
    Defect(
        "pool-unknown-overlooked",
        "Properties of a new pool that the api-version does not have are overlooked.",
        "versions",
        (
            "pools.versions.target-low-priority-nodes",
            "pools.versions.task-slots-per-node",
            "pools.versions.mount-configuration",
            "pools.versions.network-configuration",
            "pools.versions.resource-tags",
            "pools.versions.communication-mode",
            "pools.versions.upgrade-policy",
            "pools.versions.user-accounts",
            "pools.versions.certificate-references",
            "pools.versions.application-licenses",
        ),
        _LIBRARY,
        overlooks_unknown(_NEW, nested=False),
        consequences=(
            "protocol.errors.read-only-not-accepted",
            "protocol.errors.read-only-property",
            "protocol.errors.refused-create-creates-nothing",
            "protocol.errors.unknown-property",
        ),
    ),
    Defect(
        "pool-unknown-parts-overlooked",
        "Properties of parts of a new pool that the api-version does not have are overlooked.",
        "versions",
        (
            "pools.versions.endpoint-configuration",
            "pools.versions.source-port-ranges",
            "pools.versions.dynamic-vnet-scope",
            "pools.versions.public-addresses",
            "pools.versions.accelerated-networking",
            "pools.versions.linux-user-configuration",
            "pools.versions.windows-user-configuration",
            "pools.versions.user-ssh-key",
            "pools.versions.run-elevated",
            "pools.versions.user-identity",
            "pools.versions.container-settings",
            "pools.versions.data-disks",
            "pools.versions.license-type",
            "pools.versions.container-configuration",
            "pools.versions.disk-encryption",
            "pools.versions.extensions",
            "pools.versions.node-placement",
            "pools.versions.os-disk",
            "pools.versions.security-profile",
            "pools.versions.os-version",
            "pools.versions.identity-reference",
        ),
        _LIBRARY,
        overlooks_unknown(_NEW, nested=True),
        consequences=("protocol.errors.unknown-nested-property",),
    ),
    Defect(
        "pool-names-of-any-version",
        "A new pool may have names that only other api-versions know: of targets, files, images and containers.",
        "versions",
        (
            "pools.versions.target-dedicated-nodes",
            "pools.versions.cloud-services",
            "pools.versions.resource-file-sources",
            "pools.versions.custom-image",
            "pools.versions.container-type",
        ),
        _ONE_MODEL,
        heard(_NEW, _at_its_version),
        consequences=(
            "pools.add.one-configuration-none-refused",
            "pools.add.resource-file-needs-source",
            "pools.versions.container-configuration",
            "pools.versions.os-version",
            "protocol.errors.invalid-enum",
            "protocol.errors.missing-nested-property",
            "protocol.errors.property-combination",
            "protocol.errors.unknown-nested-property",
            "protocol.errors.unknown-property",
        ),
    ),
    Defect(
        "pool-newer-names-hidden",
        "Older api-versions show one slot, one node and the size small for every pool.",
        "versions",
        ("pools.versions.names-of-one-pool", "pools.trace.version-same"),
        "A property that was renamed has its default under the old name.",
        body(_READS, each(_one_slot), lacks("$select")),
        consequences=("pools.trace.sent-shown",),
    ),
    Defect(
        "pool-mode-always-shown",
        "The property currentNodeCommunicationMode is shown at every api-version.",
        "versions",
        ("pools.versions.current-communication-mode", "pools.responses.no-unknown-property"),
        _ONE_MODEL,
        body(_READS, each(_mode), lambda asked: lacks("$select")(asked) and before("2022-10-01.16.0")(asked)),
    ),
    Defect(
        "pool-system-always-shown",
        "The property currentOSVersion of cloud services is shown at every api-version.",
        "versions",
        ("pools.versions.current-os-version", "pools.responses.no-unknown-property"),
        _ONE_MODEL,
        body(_READS, each(_system), lacks("$select")),
    ),
    Defect(
        "upgrade-os-always",
        "The guest system of pools can be upgraded at every api-version.",
        "versions",
        ("pools.versions.upgrade-os",),
        "One router for every api-version.",
        status(_UPGRADE, 400, 202, since("2018-12-01.8.0")),
        consequences=(
            "protocol.version.other-version-operation-refused",
            "protocol.version.removed-operation-refused",
        ),
    ),
    Defect(
        "upgrade-os-200",
        "The upgrade of a guest system answers 200 instead of 202.",
        "status",
        ("pools.upgrade-os.answers-202",),
        "Frameworks answer 200 unless told otherwise.",
        status(_UPGRADE, 202, 200),
        at=_OLD,
    ),
    Defect(
        "upgrade-os-ignored",
        "The upgrade of a guest system leaves the version that was there.",
        "life-cycles",
        ("pools.upgrade-os.shows-target",),
        "A stub that says yes.",
        corrected(_UPGRADE, "targetOSVersion", lambda given: "*"),
        at=_OLD,
    ),
    Defect(
        "upgrade-os-stuck",
        "The upgrade of a guest system never ends.",
        "life-cycles",
        ("pools.upgrade-os.active-again",),
        "The event that ends it gets lost.",
        _stuck,
        at=_OLD,
        consequences=("pools.trace.state-times",),
    ),
    Defect(
        "lifetime-times-swapped",
        "The statistics over the life of the account begin when they end.",
        "schema",
        ("pools.get-all-lifetime-statistics.times",),
        "Two parameters of the same type.",
        body("GET /lifetimepoolstats", _swapped),
    ),
)
