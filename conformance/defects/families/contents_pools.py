"""What stands inside of a new pool and is not looked at: packages, start task, files, users, certificates."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import REFUSED, body, simply
from conformance.defects.leniency import has_member, lenient, refuses
from conformance.defects.model import Ask, Defect
from conformance.defects.paths import ABSENT, sent
from conformance.defects.poolparts import Whole, forgives
from conformance.defects.where import before, fits
from conformance.reference.wire import Json, WireAnswer, WireRequest

_NEW = "POST /pools"
_REPLACE = "POST /pools/{}/updateproperties"
_PATCH = "PATCH /pools/{}"
_CONTENTS_ARE_OPAQUE = "A part of the pool that is stored as it comes."
_PACKAGES = "applicationPackageReferences"


def _first_only(document: Json) -> None:
    """Of the packages that are wrong, none is named."""
    if document.get("code") == "InvalidApplicationPackageReferences":
        document["values"] = [{"key": "applicationPackageReferences", "value": "Some do not exist."}]


def _odd_reference(reference: Json) -> bool:
    return reference.get("thumbprintAlgorithm") != "sha1" or "thumbprint" not in reference


async def _unknown_packages(asked: WireRequest, ask: Ask) -> WireAnswer:
    """Packages that do not exist are not looked for: the pool is made without them."""
    answer = await ask(asked)
    if not fits(f"{_NEW}, {_PATCH}, {_REPLACE}", asked) or b"InvalidApplicationPackageReferences" not in answer.body:
        return answer
    heard = {name: value for name, value in sent(asked).items() if name != _PACKAGES}
    return await ask(replace(asked, body=json.dumps(heard).encode()))


DEFECTS = (
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
        "The property maxTaskRetryCount of a start task may not be -1.",
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
