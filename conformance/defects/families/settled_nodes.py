"""What was settled once, and is told otherwise later: of nodes, of certificates, of files."""

from __future__ import annotations

from conformance.defects.answers import body, with_body
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.nodelies import NODE
from conformance.defects.poolparts import each
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_CERTIFICATE = "/certificates({})"


def _since(done: str, read: str, name: str, value: str | None) -> Maker:
    """Once that was done to it, a resource that is read alone shows another value there; None: nothing."""

    def change(document: Json) -> None:
        if name in document:
            document.pop(name)
            document.update({name: value} if value is not None else {})

    def make(service: Service) -> Lie:
        acted: set[str] = set()

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            answer = await ask(asked)
            if fits(done, asked) and answer.status < 300:
                acted.add(asked.path.removesuffix("/reboot").lower())
            told = fits(read, asked) and answer.status == 200 and asked.path.lower() in acted
            return with_body(answer, change) if told else answer

        return lie

    return make


def _touched(file: Json) -> None:
    if "properties" in file:
        file["properties"]["lastModified"] = "2020-01-01T00:00:00Z"


DEFECTS = (
    Defect(
        "node-reboot-other-size",
        "A node that was rebooted shows another size.",
        "life-cycles",
        ("nodes.trace.identity",),
        "A node is made anew, with what is usual.",
        _since(f"POST {NODE}/reboot", f"GET {NODE}", "vmSize", "standard_d2"),
    ),
    Defect(
        "node-reboot-allocates",
        "A node that was rebooted shows that it was allocated then.",
        "life-cycles",
        ("nodes.trace.identity",),
        "A node is made anew.",
        _since(f"POST {NODE}/reboot", f"GET {NODE}", "allocationTime", "2100-01-01T00:00:00Z"),
    ),
    Defect(
        "certificate-public-data-lost",
        "A certificate shows no public data once its deletion was asked for.",
        "certificates",
        ("certificates.trace.identity",),
        "The data go first.",
        _since(f"DELETE {_CERTIFICATE}", f"GET {_CERTIFICATE}", "publicData", None),
        consequences=(
            "certificates.list.has-it",
            "certificates.responses.always-shown",
        ),
    ),
    Defect(
        "node-action-body-refused",
        "Actions on nodes are refused when they have a body.",
        "schema",
        ("nodes.requests.valid-served",),
        "Whoever wrote it never sent one.",
        refuses(
            f"POST {NODE}/reboot, POST {NODE}/reimage, POST {NODE}/disablescheduling",
            lambda asked: bool(asked.body),
            "InvalidRequestBody",
        ),
    ),
    Defect(
        "file-list-other-times",
        "The list of files shows other times than the files themselves do.",
        "schema",
        ("files.get-properties.times-as-in-list",),
        "The list is that of a cache.",
        body("GET /jobs/{}/tasks/{}/files, GET /pools/{}/nodes/{}/files", each(_touched)),
    ),
)
