"""Api-versions that are taken for one another."""

from __future__ import annotations

import re

from conformance.defects.answers import member
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import parameter
from conformance.defects.where import EVERYTHING, before, lacks
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_SHOWN = {"GET /pools/{}": "upgradePolicy", "GET /pools": "value/*/upgradePolicy"}
_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}\.\d+\.\d+")
_NEWEST = "2024-07-01.20.0"
# the years in which versions of the data plane came out; a version of any other is none
_UNKNOWN_YEAR = re.compile(r"(199\d|200\d|201[0-4]|202[6-9]|20[3-9]\d)-")


def _known(version: str) -> str:
    return _NEWEST if _SHAPE.fullmatch(version) and _UNKNOWN_YEAR.match(version) else version


def _shows_upgrade_policy(service: Service) -> Lie:
    told = [member(where, path, {"mode": "automatic"}, _older)(service) for where, path in _SHOWN.items()]

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        return await told[0](asked, lambda again: told[1](again, ask))

    return lie


def _older(asked: WireRequest) -> bool:
    return before("2024-02-01.19.0")(asked) and lacks("$select")(asked)


DEFECTS = (
    Defect(
        "newer-property-shown",
        "Pools show upgradePolicy, which came with 2024-02-01.19.0, at every api-version before.",
        "versions",
        ("pools.responses.no-unknown-property",),
        "One model serves every version.",
        _shows_upgrade_policy,
        panel=True,
    ),
    Defect(
        "unknown-version-served",
        "An api-version that was never published is served as the newest one.",
        "versions",
        ("protocol.version.unknown-refused",),
        "Nobody looks at the parameter.",
        parameter(EVERYTHING, "api-version", _known),
        panel=True,
    ),
    Defect(
        "older-name-kept",
        "Pools show maxTasksPerNode, which became taskSlotsPerNode, at every api-version.",
        "versions",
        (
            "protocol.version.shows-own-names",
            "pools.responses.no-unknown-property",
        ),
        "The name was changed in the database, and the old one kept for old clients.",
        member("GET /pools/{}", "maxTasksPerNode", 1),
        consequences=(
            "protocol.select.*",
            "pools.list.element-equals-get",
        ),
    ),
)
