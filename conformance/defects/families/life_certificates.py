"""Certificates: what is added, read and listed, and the way out of the account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from conformance.defects.answers import REFUSED, body, header, member, with_body
from conformance.defects.certificatelies import ADD, CANCEL, DELETE, changed, name_of
from conformance.defects.leniency import refuses, stub
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.paths import sent
from conformance.defects.poolparts import corrected, each
from conformance.defects.requests import deaf_to_parameter, parameter
from conformance.defects.where import When, always, fits, lacks
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST, _ONE = "GET /certificates", "GET /certificates({})"
_READS = f"{_LIST}, {_ONE}"
_NO_STATES = "States are not looked at."
_STATE = ("state", "stateTransitionTime", "previousState", "previousStateTransitionTime")


def _was_deleting(certificate: Json) -> None:
    if certificate.get("state") == "active" and "previousState" not in certificate:
        certificate["previousState"] = "deleting"


def _standard_name(certificate: Json) -> None:
    if "thumbprintAlgorithm" in certificate:
        certificate["thumbprintAlgorithm"] = "sha-1"


def _short(document: Json) -> None:
    for certificate in document["value"]:
        certificate.pop("publicData", None)


def _newest_lacking(document: Json) -> None:
    del document["value"][-1:]


def _active_again(certificate: Json) -> None:
    if certificate.get("state") == "deletefailed":
        certificate["state"] = "active"


def _never_begun(store: Store, was: Json, now: Json) -> None:
    """The event that ends the deletion finds another state."""
    for name in _STATE:
        now.pop(name, None)
    now.update({name: was[name] for name in _STATE if name in was})


def _error_stays(store: Store, was: Json, now: Json) -> None:
    if "deleteCertificateError" in was:
        now["deleteCertificateError"] = was["deleteCertificateError"]


def _previous_unsaid(store: Store, was: Json, now: Json) -> None:
    now.pop("previousState", None)


def _previous_wrong(store: Store, was: Json, now: Json) -> None:
    now["previousState"] = "active"


def _time_stays(store: Store, was: Json, now: Json) -> None:
    now["stateTransitionTime"] = was["stateTransitionTime"]


def _renamed(store: Store, was: Json, now: Json) -> None:
    now["thumbprintAlgorithm"] = "sha-1"


def _format(form: str) -> When:
    return lambda asked: sent(asked).get("certificateFormat", "pfx") == form


def _shouting(asked: WireRequest) -> bool:
    """The thumbprint is in capitals."""
    name = str(sent(asked).get("thumbprint") or asked.path.rpartition("=")[2])
    return name != name.lower()


def _in_state(where: str, state: str, previous: str | None, told: Callable[[Json], Maker]) -> Maker:
    """While the certificate is in a state, and was in another before, something else is told."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            known = service.store.get("certificate", name_of(asked)) if fits(where, asked) else None
            if known is None or known["state"] != state or (previous and known.get("previousState") != previous):
                return await ask(asked)
            return await told(known)(service)(asked, ask)

        return lie

    return make


def _cached(service: Service) -> Lie:
    """What was read once is answered again when it is gone."""
    seen: dict[str, WireAnswer] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_ONE, asked) or "$select" in asked.query:
            return answer
        if answer.status == 200:
            seen[asked.path.lower()] = answer
        known = seen.get(asked.path.lower()) if answer.status == 404 else None
        return replace(answer, status=200, body=known.body) if known is not None else answer

    return lie


def _other_each_time(service: Service) -> Lie:
    """Every second read writes the algorithm as standards do."""
    count = 0

    def wrapped(certificate: Json) -> None:
        if "thumbprintAlgorithm" in certificate:
            certificate["thumbprintAlgorithm"] = "sha-1"

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal count
        answer = await ask(asked)
        if not fits(_ONE, asked) or answer.status != 200:
            return answer
        count += 1
        return with_body(answer, wrapped) if count % 2 == 0 else answer

    return lie


def _still_suspect(service: Service) -> Lie:
    """A pool may not refer to a certificate whose deletion failed once."""

    def suspect(asked: WireRequest) -> bool:
        references = sent(asked).get("certificateReferences")
        names = [f"sha1/{one.get('thumbprint')}" for one in references or () if isinstance(one, dict)]
        found = [service.store.get("certificate", name) for name in names]
        return any(one is not None and one.get("previousState") == "deletefailed" for one in found)

    return refuses("POST /pools", suspect)(service)


DEFECTS = (
    Defect(
        "certificate-algorithm-renamed",
        "A certificate that was added with sha1 shows sha-1.",
        "certificates",
        ("certificates.add.shown", "certificates.trace.sent-shown"),
        "The name of the algorithm as standards write it.",
        body(_READS, each(_standard_name), lacks("$select")),
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
        ("certificates.add.pfx",),
        "A library that reads one format.",
        refuses(ADD, _format("pfx")),
    ),
    Defect(
        "certificate-cer-refused",
        "Certificates in the format cer are refused, for they have no password.",
        "certificates",
        ("certificates.add.cer",),
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
    Defect(
        "certificate-missing-code",
        "A certificate that does not exist is answered 404 with the code ResourceNotFound.",
        "error-codes",
        ("certificates.get.missing", "certificates.delete.gone"),
        "One code for everything that is not there.",
        member(
            "* /certificates({})...",
            "code",
            lambda code: code.replace("CertificateNotFound", "ResourceNotFound"),
            statuses=REFUSED,
        ),
        consequences=(
            "certificates.cancel-deletion.can-be-deleted-later",
            "certificates.delete.again",
            "certificates.delete.used-by-node-fails",
        ),
    ),
    Defect(
        "certificate-select-ignored",
        "$select of certificates is not looked at.",
        "queries",
        ("certificates.get.select", "certificates.list.select"),
        "Clients do not notice more than they asked for.",
        deaf_to_parameter(_READS, "$select"),
        consequences=("protocol.select.only-selected",),
    ),
    Defect(
        "certificate-list-shorter",
        "Certificates in the list lack their data.",
        "schema",
        ("certificates.list.has-it",),
        "The list is made by another query.",
        body(_LIST, _short, lacks("$select")),
    ),
    Defect(
        "certificate-list-late",
        "The list lacks the newest certificate.",
        "paging",
        ("certificates.list.has-it",),
        "Off by one.",
        body(_LIST, _newest_lacking, lacks("maxresults")),
        consequences=("certificates.list.filter-state",),
    ),
    Defect(
        "certificate-filter-ignored",
        "$filter of certificates is not looked at.",
        "queries",
        (
            "certificates.list.filter-state",
            "certificates.list.filter-state-transition-time",
            "certificates.trace.list-filter",
        ),
        "OData filters need a parser, which takes a while to write.",
        deaf_to_parameter(_LIST, "$filter"),
    ),
    Defect(
        "certificate-page-99",
        "maxresults of certificates has to be below 100.",
        "limits",
        ("certificates.list.hundred",),
        "Off by one.",
        refuses(_LIST, lambda asked: asked.parameters().get("maxresults") == "100", "InvalidQueryParameterValue"),
    ),
    Defect(
        "certificate-page-above",
        "maxresults of certificates above the limit is taken as the limit.",
        "limits",
        ("certificates.list.above-hundred-refused",),
        "Other services take it as the most that they give.",
        parameter(_LIST, "maxresults", lambda value: "100" if value.isdigit() and int(value) > 100 else value),
    ),
    Defect(
        "certificate-delete-ignored",
        "DELETE of a certificate is answered 202, and it stays active.",
        "deletion",
        ("certificates.delete.gone", "certificates.trace.actions-lead"),
        "A stub that says yes.",
        changed(DELETE, _never_begun),
        consequences=(
            "certificates.delete.used-by-node-fails",
            "certificates.delete.used-by-pool-fails",
        ),
    ),
    Defect(
        "certificate-cached",
        "A certificate that is gone is answered from a cache.",
        "deletion",
        ("certificates.delete.gone", "certificates.trace.gone"),
        "A proxy that does not know of deletions.",
        _cached,
    ),
    Defect(
        "certificate-previous-unsaid",
        "A certificate that is deleting does not say what it was before.",
        "certificates",
        ("certificates.delete.deleting",),
        "The member is needed in one state only.",
        changed(DELETE, _previous_unsaid),
    ),
    Defect(
        "certificate-previous-wrong",
        "After a cancellation the previous state is active, not deleteFailed.",
        "certificates",
        (
            "certificates.cancel-deletion.active-again",
            "certificates.states.previous",
            "certificates.trace.previous-state",
        ),
        "The state before the last change, off by one.",
        changed(CANCEL, _previous_wrong),
    ),
    Defect(
        "certificate-time-stays",
        "The time of the state of a certificate does not move when a deletion is cancelled.",
        "certificates",
        ("certificates.states.time-moves", "certificates.trace.state-times"),
        "The time is written where the state ends.",
        changed(CANCEL, _time_stays),
    ),
    Defect(
        "certificate-deletes-twice",
        "A certificate that is being deleted can be deleted again.",
        "certificates",
        ("certificates.delete.being-deleted-refused",),
        _NO_STATES,
        stub(DELETE, 202, "CertificateBeingDeleted"),
    ),
    Defect(
        "certificate-cancel-any-state",
        "Cancelling is answered 204 whatever the state of the certificate.",
        "certificates",
        ("certificates.cancel-deletion.active-refused", "certificates.cancel-deletion.being-deleted-refused"),
        _NO_STATES,
        stub(CANCEL, 204, "CertificateBeingDeleted", "OperationInvalidForCurrentState"),
        consequences=("certificates.trace.actions-lead",),
    ),
    Defect(
        "certificate-cancel-first",
        "A certificate whose deletion failed cannot be deleted before that was cancelled.",
        "certificates",
        ("certificates.delete.fails-again", "certificates.delete.again"),
        "States are looked at too closely.",
        _in_state(DELETE, "deletefailed", None, lambda known: refuses(DELETE, always, "OperationInvalidForCurrentState")),
    ),
    Defect(
        "certificate-error-stays",
        "A certificate shows after the cancellation why its deletion failed.",
        "certificates",
        ("certificates.cancel-deletion.clears-error",),
        "Errors are written and never removed.",
        changed(CANCEL, _error_stays),
    ),
    Defect(
        "certificate-suspect",
        "A pool may not refer to a certificate whose deletion failed once and was cancelled.",
        "certificates",
        ("certificates.cancel-deletion.usable-again",),
        "A mark that nobody removes.",
        _still_suspect,
    ),
    Defect(
        "certificate-kept-for-ever",
        "A certificate whose deletion was cancelled stays active when it is deleted later.",
        "certificates",
        ("certificates.cancel-deletion.can-be-deleted-later",),
        "A mark that nobody removes.",
        _in_state(DELETE, "active", "deletefailed", lambda known: changed(DELETE, _never_begun)),
        consequences=("certificates.trace.actions-lead",),
    ),
    Defect(
        "certificate-failure-hidden",
        "A certificate whose deletion failed is active again by itself.",
        "certificates",
        ("certificates.delete.used-by-pool-fails", "certificates.trace.states"),
        "What failed is rolled back.",
        body(_READS, each(_active_again), lacks("$select")),
        consequences=(
            "certificates.delete.used-by-node-fails",
            "certificates.trace.list-filter",
        ),
    ),
    Defect(
        "certificate-cancel-renames",
        "Cancelling the deletion of a certificate writes its algorithm differently.",
        "certificates",
        ("certificates.trace.kept", "certificates.trace.identity"),
        "Written by code that is newer than what reads it.",
        changed(CANCEL, _renamed),
    ),
    Defect(
        "certificate-data-changes",
        "Every second read of a certificate writes its algorithm differently.",
        "certificates",
        ("certificates.trace.reads-agree", "certificates.trace.identity"),
        "Two instances behind a balancer, of different versions.",
        _other_each_time,
    ),
    Defect(
        "certificate-hidden-cancelled",
        "A certificate whose deletion was cancelled is not found.",
        "certificates",
        ("certificates.trace.found",),
        "A flag that hides what is to be deleted, and that nobody removes.",
        _in_state(_ONE, "active", "deletefailed", lambda known: refuses(_ONE, always, "CertificateNotFound")),
    ),
    Defect(
        "certificates-of-auto-pool-unchecked",
        "A job whose auto pool refers to certificates that the account does not have runs without them.",
        "certificates",
        ("certificates.pool.unknown-in-auto-pool",),
        "Nobody looks whether it is there.",
        corrected("POST /jobs", "poolInfo.autoPoolSpecification.pool.certificateReferences", lambda given: []),
        consequences=(
            "jobs.add.pool-info-kept",
            "jobs.trace.sent-shown",
        ),
    ),
    Defect(
        "node-without-certificates",
        "Nodes do not show their certificates.",
        "certificates",
        ("certificates.node.shown",),
        "Only the pool knows.",
        body("GET /pools/{}/nodes, GET /pools/{}/nodes/{}", each(lambda node: node.pop("certificateReferences", None) and None)),
    ),
)
