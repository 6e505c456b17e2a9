"""Certificates: what is added."""

from __future__ import annotations

from conformance.defects.answers import body, header
from conformance.defects.certificatelies import ADD
from conformance.defects.leniency import refuses, stub
from conformance.defects.model import Defect
from conformance.defects.paths import sent
from conformance.defects.poolparts import each
from conformance.defects.where import When, lacks
from conformance.reference.wire import Json, WireRequest

_LIST, _ONE = "GET /certificates", "GET /certificates({})"
_READS = f"{_LIST}, {_ONE}"
_NO_STATES = "States are not looked at."


def _was_deleting(certificate: Json) -> None:
    if certificate.get("state") == "active" and "previousState" not in certificate:
        certificate["previousState"] = "deleting"


def _standard_name(certificate: Json) -> None:
    if "thumbprintAlgorithm" in certificate:
        certificate["thumbprintAlgorithm"] = "sha-1"


def _format(form: str) -> When:
    return lambda asked: sent(asked).get("certificateFormat", "pfx") == form


def _shouting(asked: WireRequest) -> bool:
    """The thumbprint is in capitals."""
    name = str(sent(asked).get("thumbprint") or asked.path.rpartition("=")[2])
    return name != name.lower()


DEFECTS = (
    Defect(
        "certificate-algorithm-renamed",
        "A certificate that was added with sha1 shows sha-1.",
        "certificates",
        ("certificates.add.shown", "certificates.trace.sent-shown"),
        "The name of the algorithm as standards write it.",
        body(_READS, each(_standard_name), lacks("$select")),
        consequences=(
            "certificates.list.has-it",
            "certificates.responses.url",
        ),
    ),
    Defect(
        "certificate-location-flat",
        "Location of a new certificate ends with its thumbprint alone.",
        "certificates",
        ("certificates.add.location-names-it",),
        "The path of every other resource.",
        header(ADD, "Location", lambda url: f"{url.partition('(')[0]}/{url.rpartition('=')[2].rstrip(')')}"),
        consequences=("certificates.responses.data-service-id-is-location",),
    ),
    Defect(
        "certificate-born-with-past",
        "A new certificate shows that it was deleting before.",
        "certificates",
        ("certificates.add.active",),
        "An enumeration that has no value for none.",
        body(_READS, each(_was_deleting), lacks("$select")),
    ),
    Defect(
        "certificate-pfx-refused",
        "Certificates in the format pfx are refused.",
        "certificates",
        ("certificates.add.pfx", "certificates.requests.valid-served"),
        "A library that reads one format.",
        refuses(ADD, _format("pfx")),
    ),
    Defect(
        "certificate-cer-refused",
        "Certificates in the format cer are refused, for they have no password.",
        "certificates",
        ("certificates.add.cer", "certificates.requests.valid-served"),
        "A member that every sample sends.",
        refuses(ADD, _format("cer")),
    ),
    Defect(
        "certificate-twice",
        "A certificate that is there is added again with 201.",
        "certificates",
        ("certificates.add.duplicate-refused", "certificates.add.delete-failed-refused", "certificates.trace.exists"),
        "What is there is overwritten.",
        stub(ADD, 201, "CertificateExists"),
    ),
    Defect(
        "certificate-capitals-twice",
        "A certificate is added again when its thumbprint is written in capitals.",
        "certificates",
        ("certificates.add.duplicate-in-other-case-refused",),
        "Keys compare as they are written.",
        stub(ADD, 201, "CertificateExists", when=_shouting),
        consequences=("certificates.trace.exists",),
    ),
    Defect(
        "certificate-capitals-missing",
        "A certificate is not found under its thumbprint in capitals.",
        "certificates",
        ("certificates.get.other-case",),
        "Keys compare as they are written.",
        refuses(_ONE, _shouting, "CertificateNotFound"),
    ),
    Defect(
        "certificate-deleting-added",
        "A certificate that is being deleted can be added meanwhile.",
        "certificates",
        ("certificates.add.being-deleted-refused",),
        _NO_STATES,
        stub(ADD, 201, "CertificateBeingDeleted"),
        consequences=("certificates.trace.states",),
    ),
    Defect(
        "certificate-parts-optional",
        "A certificate without data, thumbprint or algorithm is answered 201.",
        "limits",
        ("certificates.add.without-data-refused",),
        "A stub that says yes.",
        stub(ADD, 201, "MissingRequiredProperty"),
        consequences=("protocol.errors.missing-property",),
    ),
    Defect(
        "certificate-algorithm-any",
        "A thumbprint may have any algorithm.",
        "limits",
        ("certificates.add.other-algorithm-refused",),
        "Newer services take sha256.",
        stub(ADD, 201, "InvalidPropertyValue", properties=("thumbprintAlgorithm",)),
    ),
    Defect(
        "certificate-unopened",
        "Nobody opens a certificate: any data, any password and any thumbprint will do.",
        "certificates",
        (
            "certificates.add.other-thumbprint-refused",
            "certificates.add.wrong-password-refused",
            "certificates.add.cer-with-password-refused",
            "certificates.add.broken-data-refused",
        ),
        "Emulators do not read certificates.",
        stub(ADD, 201, "InvalidPropertyValue", properties=("thumbprint", "data", "password")),
    ),
)
