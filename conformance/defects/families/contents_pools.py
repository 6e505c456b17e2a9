"""What stands inside of a new pool and is not looked at: scaling, start task, files, users, packages, certificates."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import REFUSED, body, member, simply
from conformance.defects.leniency import has_member, lenient, longer, refuses
from conformance.defects.model import Ask, Defect
from conformance.defects.paths import ABSENT, sent
from conformance.defects.poolparts import Whole, corrected, forgives
from conformance.defects.requests import sent_body
from conformance.defects.tolerance import takes
from conformance.defects.where import before, fits, since
from conformance.reference.wire import Json, WireAnswer, WireRequest

_NEW = "POST /pools"
_ENABLE = "POST /pools/{}/enableautoscale"
_REPLACE = "POST /pools/{}/updateproperties"
_PATCH = "PATCH /pools/{}"
_CONTENTS_ARE_OPAQUE = "A part of the pool that is stored as it comes."
_EXCLUSION = "Properties that exclude each other are each looked at alone."
_BAD, _FIXED = "===", "$TargetDedicatedNodes = 0;"
_PACKAGES = "applicationPackageReferences"


def _no_values(document: Json) -> None:
    if str(document.get("code")).startswith("AutoScaling"):
        document.pop("values", None)


def _first_only(document: Json) -> None:
    """Of the packages that are wrong, none is named."""
    if document.get("code") == "InvalidApplicationPackageReferences":
        document["values"] = [{"key": "applicationPackageReferences", "value": "Some do not exist."}]


def _odd_reference(reference: Json) -> bool:
    return reference.get("thumbprintAlgorithm") != "sha1" or "thumbprint" not in reference


def _named(document: Json) -> None:
    items = document.get("metadata")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("name") == "":
            item["name"] = "nameless"


async def _unknown_packages(asked: WireRequest, ask: Ask) -> WireAnswer:
    """Packages that do not exist are not looked for: the pool is made without them."""
    answer = await ask(asked)
    if not fits(f"{_NEW}, {_PATCH}, {_REPLACE}", asked) or b"InvalidApplicationPackageReferences" not in answer.body:
        return answer
    heard = {name: value for name, value in sent(asked).items() if name != _PACKAGES}
    return await ask(replace(asked, body=json.dumps(heard).encode()))


_ODD_REFERENCE = has_member("certificateReferences.0", _odd_reference)

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
        "enableautoscale does not read the formula before it is computed.",
        "limits",
        ("pools.enable-auto-scale.formula-checked",),
        "Checked where a pool is created, forgotten where autoscale is enabled.",
        corrected(_ENABLE, "autoScaleFormula", lambda text: _FIXED if _BAD in text else text),
    ),
    Defect(
        "enable-formula-optional",
        "enableautoscale of a pool without formula needs none.",
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
        "packages-unlimited",
        "A pool may refer to more than ten packages.",
        "limits",
        ("pools.add.packages-eleven-refused", "pools.update-properties.packages-eleven-refused"),
        "A limit that is only in the description, which generated code does not read.",
        forgives(f"{_NEW}, {_REPLACE}", {_PACKAGES: []}),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "packages-nine",
        "A pool may refer to fewer than ten packages, and not to ten.",
        "limits",
        ("pools.add.packages-ten-accepted", "pools.update-properties.packages-ten-accepted"),
        "Off by one.",
        refuses(f"{_NEW}, {_REPLACE}", has_member(_PACKAGES, lambda given: len(given) == 10)),
    ),
    Defect(
        "packages-unknown-taken",
        "A pool may refer to packages that do not exist.",
        "limits",
        (
            "pools.add.packages-unknown-refused",
            "pools.add.packages-ten-accepted",
            "pools.patch.unknown-packages-refused",
            "pools.update-properties.unknown-packages-refused",
            "pools.update-properties.packages-ten-accepted",
        ),
        "Emulators have no packages to look for.",
        simply(_unknown_packages),
    ),
    Defect(
        "packages-unknown-unnamed",
        "The refusal of packages that do not exist does not say which.",
        "envelope",
        ("pools.add.packages-unknown-named",),
        "One question to the database for all of them.",
        body(_NEW, _first_only, statuses=REFUSED),
    ),
    Defect(
        "licences-unchecked",
        "Any application licence can be rented.",
        "limits",
        ("pools.add.licenses-unknown-refused",),
        _CONTENTS_ARE_OPAQUE,
        lenient(_NEW, "applicationLicenses", when=before("2024-07-01.20.0")),
    ),
    Defect(
        "start-task-unchecked",
        "The start task of a pool needs no command line, its container no image, and its user may be two or none.",
        "limits",
        (
            "pools.add.start-task-command-required",
            "pools.add.start-task-user-exclusive",
            "pools.add.start-task-user-needs-one",
            "pools.add.start-task-image-required",
            "pools.update-properties.start-task-command-required",
        ),
        _CONTENTS_ARE_OPAQUE,
        forgives(
            f"{_NEW}, {_REPLACE}",
            {
                "startTask.commandLine": "hostname",
                "startTask.userIdentity.autoUser": ABSENT,
                "startTask.userIdentity.username or autoUser": {},
                "startTask.containerSettings.imageName": "busybox",
            },
        ),
        consequences=(
            "protocol.errors.missing-nested-property",
            "protocol.errors.property-combination",
        ),
    ),
    Defect(
        "start-task-retries-below-zero",
        "maxTaskRetryCount of a start task may not be -1.",
        "limits",
        ("pools.add.start-task-retries-unlimited-accepted", "pools.update-properties.sets-start-task-retries"),
        "A count is not negative.",
        refuses(f"{_NEW}, {_REPLACE}", has_member("startTask.maxTaskRetryCount", lambda count: count == -1)),
    ),
    Defect(
        "resource-files-unchecked",
        "The resource files of a start task are not looked at.",
        "limits",
        (
            "pools.add.resource-file-sources-exclusive",
            "pools.add.resource-file-needs-source",
            "pools.add.resource-file-url-needs-path",
            "pools.add.resource-file-prefix-only-container",
            "pools.add.resource-file-outside-refused",
        ),
        _CONTENTS_ARE_OPAQUE,
        forgives(_NEW, {"startTask.resourceFiles.[!0-9]*": Whole("startTask.resourceFiles")}),
        consequences=("protocol.errors.missing-nested-property", "protocol.errors.property-combination"),
    ),
    Defect(
        "resource-file-needs-path",
        "A resource file has to have a filePath, from a container too.",
        "limits",
        ("pools.add.resource-file-path-optional",),
        "So it was when resource files had URLs only.",
        refuses(_NEW, has_member("startTask.resourceFiles.0", lambda file: "filePath" not in file and "httpUrl" not in file)),
    ),
    Defect(
        "user-without-password",
        "A user account of a pool needs no password.",
        "limits",
        ("pools.add.user-account-password-required",),
        "A user with a key needs none.",
        forgives(_NEW, {"userAccounts.*.password": "Any-0-Pa55-word"}),
        consequences=("protocol.errors.missing-nested-property",),
    ),
    Defect(
        "certificate-references-unchecked",
        "A reference to a certificate may have any algorithm, and no thumbprint.",
        "limits",
        ("pools.add.certificate-thumbprint-required", "pools.add.certificate-algorithm-sha1"),
        _CONTENTS_ARE_OPAQUE,
        forgives(
            _NEW,
            {"certificateReferences.*": Whole("certificateReferences")},
            has_member("certificateReferences.0", _odd_reference),
        ),
        consequences=("protocol.errors.missing-nested-property",),
    ),
    Defect(
        "certificates-unknown-taken",
        "A pool may refer to certificates that the account does not have.",
        "certificates",
        (
            "certificates.pool.unknown-refused",
            "certificates.pool.unknown-refused-in-update",
        ),
        "Nobody looks whether it is there.",
        forgives(f"{_NEW}, {_PATCH}, {_REPLACE}", {"certificateReferences.thumbprint": Whole("certificateReferences")}),
    ),
)
