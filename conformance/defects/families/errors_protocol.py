"""Bodies that should be refused, and what a refusal leaves."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import REFUSED, answered, member
from conformance.defects.leniency import has_member, lenient
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import ABSENT, at, sent
from conformance.defects.protocoled import second_try, with_property, without_property
from conformance.defects.refusals import code_of
from conformance.defects.requests import sent_body
from conformance.defects.stored import place_of
from conformance.defects.where import fits, version
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ADD = "POST /pools"


_WRITES = "POST /pools, PATCH /pools/{}, POST /pools/{}/updateproperties"


def _unprocessable(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    """What FastAPI answers when a body cannot be read."""
    return replace(answer, status=422) if code_of(answer) == "InvalidRequestBody" else answer


def _input(code: str) -> str:
    return "InvalidInput" if code in _BODY_CODES else code


_BODY_CODES = {"InvalidRequestBody", "UnsupportedProperty", "MissingRequiredProperty", "InvalidPropertyValue"}


def _converted(document: Json) -> None:
    """Values become what the property is, as dynamic languages do it."""
    for name, value in list(document.items()):
        if name in ("vmSize", "id") and isinstance(value, int | float):
            document[name] = str(value)
        elif name in ("enableAutoScale", "enableInterNodeCommunication") and isinstance(value, str):
            document[name] = False
        elif name in ("metadata", "startTask") and not isinstance(value, list if name == "metadata" else dict):
            del document[name]


def _applied(service: Service) -> Lie:
    """What is right in an update that is refused is kept all the same."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        place = place_of(asked.path)
        pool = service.store.get(*place) if answer.status == 400 and place and fits(_WRITES, asked) else None
        metadata = at(sent(asked), "metadata")
        if pool is not None and metadata is not ABSENT:
            pool["metadata"] = metadata
        return answer

    return lie


def _created(service: Service) -> Lie:
    """The row is there before the body is checked."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if answer.status != 400 or not fits(_ADD, asked) or not isinstance(sent(asked).get("id"), str):
            return answer
        kept = {name: value for name, value in sent(asked).items() if name in _PLAIN}
        plain = {"targetDedicatedNodes": 0, "targetDedicated": 0, **kept, "vmSize": "standard_a1"}
        del plain["targetDedicated" if version(asked) >= "2017" else "targetDedicatedNodes"]
        await ask(replace(asked, body=json.dumps(plain).encode()))
        return answer

    return lie


_PLAIN = {"id", "vmSize", "cloudServiceConfiguration", "virtualMachineConfiguration"}


DEFECTS = (
    Defect(
        "body-422",
        "A body that cannot be read is answered 422.",
        "status",
        ("protocol.errors.malformed-json", "protocol.errors.body-not-object", "protocol.errors.absent-body"),
        "Frameworks answer 422 to what does not validate.",
        answered(_WRITES, _unprocessable, statuses=REFUSED),
        consequences=("protocol.errors.*", "pools.*"),
    ),
    Defect(
        "pool-body-codes",
        "Whatever is wrong with the body of a new pool is refused as InvalidInput.",
        "error-codes",
        (
            "protocol.errors.malformed-json-code",
            "protocol.errors.unknown-property-code",
            "protocol.errors.missing-property-code",
            "protocol.errors.wrong-type-code",
        ),
        "One code for whatever is wrong.",
        member(_ADD, "code", _input, statuses=REFUSED),
        consequences=("pools.*",),
    ),
    Defect(
        "pool-unknown-ignored",
        "Members that a pool does not have are ignored at its creation.",
        "schema",
        ("protocol.errors.unknown-property", "protocol.errors.unknown-nested-property"),
        "JSON libraries ignore what they do not know.",
        second_try(_ADD, ("UnsupportedProperty",), without_property),
        consequences=(
            "protocol.errors.read-only-*",
            "pools.*",
            "protocol.errors.refused-create-creates-nothing",
            "protocol.version.*",
        ),
    ),
    Defect(
        "pool-state-taken",
        "The creation of a pool takes what only the service sets, without effect.",
        "schema",
        ("protocol.errors.read-only-property", "protocol.errors.read-only-not-accepted"),
        "One model for what is sent and what is shown.",
        second_try(_ADD, ("UnsupportedProperty",), without_property, has_member("state")),
    ),
    Defect(
        "pool-missing-filled",
        "What the body of a new pool has to have, and has not, is made up.",
        "schema",
        ("protocol.errors.missing-property", "protocol.errors.missing-nested-property"),
        "An empty string is the default of a string.",
        second_try(
            _ADD,
            ("MissingRequiredProperty",),
            with_property(id="generated", vmSize="standard_a1", nodeFillType="spread", applicationId="none"),
        ),
        consequences=("pools.*", "protocol.errors.refused-create-creates-nothing"),
    ),
    Defect(
        "pool-types-converted",
        "Members of a new pool that are of a wrong type are converted, or left out.",
        "schema",
        ("protocol.errors.wrong-type",),
        "Dynamic languages convert.",
        sent_body(_ADD, _converted),
        consequences=("protocol.errors.wrong-type-code", "pools.*", "protocol.errors.refused-create-creates-nothing"),
    ),
    Defect(
        "pool-enums-unchecked",
        "A nodeFillType that there is not is taken as spread.",
        "schema",
        ("protocol.errors.invalid-enum",),
        "Enumerations are text to many a parser.",
        second_try(_ADD, ("InvalidPropertyValue",), with_property(nodeFillType="spread"), has_member("taskSchedulingPolicy")),
        consequences=("pools.*", "protocol.errors.refused-create-creates-nothing", "protocol.errors.wrong-type"),
    ),
    Defect(
        "pool-durations-unchecked",
        "A resizeTimeout that is no duration is left out.",
        "schema",
        ("protocol.errors.invalid-duration",),
        "What cannot be parsed has a default.",
        lenient(_ADD, "resizeTimeout", "autoScaleEvaluationInterval"),
        consequences=("pools.*", "protocol.errors.outside-limits", "protocol.errors.property-combination"),
    ),
    Defect(
        "pool-combinations-unchecked",
        "A pool that scales by itself may have a target size, too.",
        "schema",
        ("protocol.errors.property-combination",),
        "The formula wins anyway.",
        lenient(_ADD, "target*", when=has_member("enableAutoScale", bool)),
        consequences=("pools.*",),
    ),
    Defect(
        "refused-update-applied",
        "The metadata of an update that is refused for something else is kept.",
        "partial-update",
        ("protocol.errors.refused-write-changes-nothing",),
        "One property after the other, until one is wrong.",
        _applied,
        consequences=(
            "protocol.conditional.unmet-write-changes-nothing",
            "pools.*",
        ),
    ),
    Defect(
        "refused-create-there",
        "A pool whose creation is refused is there.",
        "schema",
        ("protocol.errors.refused-create-creates-nothing",),
        "The row is written before the body is checked.",
        _created,
        consequences=("pools.*",),
    ),
)
