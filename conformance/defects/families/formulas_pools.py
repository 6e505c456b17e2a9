"""Scaling and metadata of a new pool that nobody looks at."""

from __future__ import annotations

from conformance.defects.answers import REFUSED, body, member
from conformance.defects.leniency import lenient, longer, refuses
from conformance.defects.model import Defect
from conformance.defects.poolparts import corrected, forgives
from conformance.defects.requests import sent_body
from conformance.defects.tolerance import takes
from conformance.defects.where import since
from conformance.reference.wire import Json

_NEW = "POST /pools"
_ENABLE = "POST /pools/{}/enableautoscale"
_EXCLUSION = "Properties that exclude each other are each looked at alone."
_BAD, _FIXED = "===", "$TargetDedicatedNodes = 0;"


def _no_values(document: Json) -> None:
    if str(document.get("code")).startswith("AutoScaling"):
        document.pop("values", None)


def _named(document: Json) -> None:
    items = document.get("metadata")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("name") == "":
            item["name"] = "nameless"


DEFECTS = (
    Defect(
        "pool-scale-exclusions",
        "A pool may have targets beside autoscale, and a formula without it.",
        "limits",
        (
            "pools.add.autoscale-with-targets-refused",
            "pools.add.autoscale-with-low-priority-target-refused",
            "pools.add.formula-without-autoscale-refused",
        ),
        _EXCLUSION,
        lenient(_NEW, "targetDedicatedNodes", "targetLowPriorityNodes", "autoScaleFormula", when=since("2017-05-01.5.0")),
        consequences=("protocol.errors.property-combination",),
    ),
    Defect(
        "pool-formula-optional",
        "A pool with autoscale needs no formula.",
        "limits",
        ("pools.add.autoscale-needs-formula",),
        "The formula is looked at when it is computed for the first time.",
        forgives(_NEW, {"autoScaleFormula": _FIXED}),
        consequences=("protocol.errors.property-combination",),
    ),
    Defect(
        "pool-formula-unchecked",
        "The formula of a new pool is not read before it is computed.",
        "limits",
        ("pools.add.formula-checked",),
        "A formula is text.",
        takes(_NEW, "autoScaleFormula", lambda text: _BAD in text, lambda text: _FIXED),
    ),
    Defect(
        "pool-formula-any-length",
        "The formula of a new pool may be of any length.",
        "limits",
        ("pools.add.formula-too-long",),
        "A formula is text.",
        takes(_NEW, "autoScaleFormula", longer(20_000), lambda text: _FIXED),
    ),
    Defect(
        "formula-error-code",
        "A formula with a syntax error is refused with the code InvalidPropertyValue.",
        "error-codes",
        ("pools.add.formula-error-code", "pools.add.formula-too-long"),
        "One code for every property.",
        member(_NEW, "code", lambda code: "InvalidPropertyValue" if code.startswith("AutoScaling") else code, statuses=REFUSED),
    ),
    Defect(
        "formula-error-bare",
        "A formula with a syntax error is refused, and nothing says what is wrong with it.",
        "envelope",
        ("pools.add.formula-error-details",),
        "The parser says yes or no.",
        body(_NEW, _no_values, statuses=REFUSED),
    ),
    Defect(
        "enable-formula-unchecked",
        "The operation enableautoscale does not read the formula before it is computed.",
        "limits",
        ("pools.enable-auto-scale.formula-checked",),
        "Checked where a pool is created, forgotten where autoscale is enabled.",
        corrected(_ENABLE, "autoScaleFormula", lambda text: _FIXED if _BAD in text else text),
    ),
    Defect(
        "enable-formula-optional",
        "The operation enableautoscale of a pool without formula needs none.",
        "limits",
        ("pools.enable-auto-scale.formula-needed",),
        "A member that every sample sends.",
        forgives(_ENABLE, {"autoScaleFormula": _FIXED}),
    ),
    Defect(
        "metadata-name-empty",
        "Metadata of a pool may have an empty name.",
        "limits",
        ("pools.add.metadata-empty-name-refused",),
        "Required is taken for present.",
        sent_body(_NEW, _named),
    ),
    Defect(
        "metadata-name-code",
        "An empty name of metadata is refused with the code InvalidPropertyValue.",
        "error-codes",
        ("pools.add.metadata-empty-name-code",),
        "One code for every property.",
        member(_NEW, "code", lambda code: "InvalidPropertyValue" if code == "EmptyMetadataKey" else code, statuses=REFUSED),
    ),
    Defect(
        "metadata-value-optional",
        "Metadata of a pool need no value.",
        "limits",
        ("pools.add.metadata-item-needs-value",),
        "A tag is a name.",
        forgives(_NEW, {"metadata.*.value": ""}),
        consequences=("protocol.errors.missing-nested-property",),
    ),
    Defect(
        "metadata-value-needed",
        "Metadata of a pool may not have an empty value.",
        "limits",
        ("pools.requests.valid-served",),
        "A tag without value is of no use.",
        refuses(_NEW, lambda asked: b'"value": ""' in asked.body or b'"value":""' in asked.body),
    ),
)
