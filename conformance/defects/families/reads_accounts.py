"""What the data plane says of the account: images, node agents, nodes by state."""

from __future__ import annotations

from conformance.defects.answers import body, status
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_parameter, parameter
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_IMAGES = "GET /supportedimages"
_AGENTS = "GET /nodeagentskus"
_COUNTS = "GET /nodecounts"
_OLD = "2018-03-01.6.1"


def _linux_only(document: Json) -> None:
    for image in document["value"]:
        if image.get("osType") == "windows":
            image.pop("nodeAgentSKUId", None)


def _portal(document: Json) -> None:
    for image in document["value"]:
        image["displayName"] = "an image"


def _numbers_as_text(document: Json) -> None:
    for pool in document["value"]:
        for kind in ("dedicated", "lowPriority"):
            for name in pool.get(kind, {}):
                pool[kind][name] = str(pool[kind][name])


def _one_more(document: Json) -> None:
    for pool in document["value"]:
        for kind in ("dedicated", "lowPriority"):
            if "total" in pool.get(kind, {}):
                pool[kind]["total"] += 1


def _unix(document: Json) -> None:
    for image in document["value"]:
        if image.get("osType") == "linux":
            image["verificationType"] = "certified"


def _items(document: Json) -> None:
    document["items"] = document.pop("value")


def _no_images(document: Json) -> None:
    for agent in document["value"]:
        agent["verifiedImageReferences"] = []


def _with_keys(document: Json) -> None:
    document["autoStorage"] = {"accountKey": "bm90IGEga2V5"}


def _everywhere(service: Service) -> Lie:
    """Images, node agents and counts are served at every api-version."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        for where, knowing in ((_IMAGES, "2019-06-01.9.0"), (_AGENTS, "2018-12-01.8.0"), (_COUNTS, "2018-03-01.6.1")):
            if fits(where, asked) and answer.status in (400, 404, 405):
                told = parameter(where, "api-version", lambda value, version=knowing: version)(service)  # type: ignore[misc]
                return await told(asked, ask)
        return answer

    return lie


DEFECTS = (
    Defect(
        "images-filter-ignored",
        "$filter is not looked at where images are listed.",
        "queries",
        (
            "accounts.list-supported-images.filter-os-type",
            "accounts.list-supported-images.filter-verification",
        ),
        "The list is a constant.",
        deaf_to_parameter(_IMAGES, "$filter"),
        consequences=("accounts.list-supported-images.filter-agent",),
    ),
    Defect(
        "images-ne-ignored",
        "A filter with ne is not looked at where images are listed.",
        "queries",
        ("accounts.list-supported-images.filter-agent",),
        "There is one operator: eq.",
        deaf_to_parameter(_IMAGES, "$filter", lambda asked: " ne " in asked.parameters().get("$filter", "")),
    ),
    Defect(
        "images-windows-bare",
        "Images of Windows name no node agent.",
        "schema",
        ("accounts.list-supported-images.has-images", "accounts.responses.required-present"),
        "Windows is not emulated.",
        body(_IMAGES, _linux_only),
    ),
    Defect(
        "images-shown-more",
        "Images have a display name, which no api-version knows.",
        "schema",
        ("accounts.responses.no-unknown-property",),
        "As the portal shows them.",
        body(_IMAGES, _portal),
    ),
    Defect(
        "images-certified",
        "Images of Linux are shown as certified, which is no type of verification.",
        "schema",
        ("accounts.responses.enum-values",),
        "Words of another service.",
        body(_IMAGES, _unix),
        consequences=("accounts.list-supported-images.filter-verification",),
    ),
    Defect(
        "images-as-items",
        "Images stand in items, not in value.",
        "paging",
        ("accounts.responses.paging",),
        "Other services call it so.",
        body(_IMAGES, _items),
        consequences=("accounts.*", "protocol.*"),
    ),
    Defect(
        "images-with-keys",
        "The list of images tells the key of the storage that they are kept in.",
        "secrets",
        ("accounts.responses.secrets",),
        "A configuration is written as it is.",
        body(_IMAGES, _with_keys),
        consequences=("accounts.responses.no-unknown-property", "protocol.secrets.absent"),
    ),
    Defect(
        "images-203",
        "Images and counts of nodes are answered 203.",
        "status",
        ("accounts.list-supported-images.answers-200", "accounts.list-pool-node-counts.answers-200"),
        "A proxy that transforms says so.",
        status(f"{_IMAGES}, {_COUNTS}", 200, 203),
        consequences=("accounts.versions.*",),
    ),
    Defect(
        "agents-203",
        "Node agents are answered 203.",
        "status",
        ("accounts.list-node-agent-skus.answers-200",),
        "A proxy that transforms says so.",
        status(_AGENTS, 200, 203),
        consequences=("accounts.versions.supported-images",),
        at=_OLD,
    ),
    Defect(
        "agents-without-images",
        "Node agents name no images.",
        "schema",
        ("accounts.list-node-agent-skus.has-agents",),
        "A nested list that is not filled.",
        body(_AGENTS, _no_images),
        at=_OLD,
    ),
    Defect(
        "counts-filter-ignored",
        "$filter is not looked at where nodes are counted.",
        "queries",
        ("accounts.list-pool-node-counts.filter",),
        "All pools are counted in one query.",
        deaf_to_parameter(_COUNTS, "$filter"),
        consequences=("nodes.*", "pools.*"),
    ),
    Defect(
        "counts-one-more",
        "The total of nodes of a pool is one more than there are.",
        "schema",
        ("accounts.list-pool-node-counts.empty-pool",),
        "The head node is counted, too.",
        body(_COUNTS, _one_more),
        consequences=("nodes.*", "pools.*"),
    ),
    Defect(
        "counts-as-text",
        "Numbers of nodes are text.",
        "schema",
        ("accounts.responses.types",),
        "Numbers come as text from a table store.",
        body(_COUNTS, _numbers_as_text),
        consequences=("accounts.list-pool-node-counts.empty-pool", "nodes.*", "pools.*"),
    ),
    Defect(
        "images-everywhere",
        "Images, node agents and counts of nodes are served at every api-version.",
        "versions",
        ("accounts.versions.supported-images", "accounts.versions.node-counts"),
        "One table of routes serves every version.",
        _everywhere,
        consequences=("protocol.version.*",),
    ),
)
