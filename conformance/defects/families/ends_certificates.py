"""The way of a certificate out of the account."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import body, with_body
from conformance.defects.certificatelies import ADD, CANCEL, DELETE, changed, name_of
from conformance.defects.leniency import refuses, stub
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.paths import sent
from conformance.defects.poolparts import corrected, each
from conformance.defects.where import always, fits, lacks
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST, _ONE = "GET /certificates", "GET /certificates({})"
_READS = f"{_LIST}, {_ONE}"
_NO_STATES = "States are not looked at."
_STATE = ("state", "stateTransitionTime", "previousState", "previousStateTransitionTime")


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


def _hidden_at_first(service: Service) -> Lie:
    fresh: set[str] = set()
    refused = refuses(_ONE, always, "CertificateNotFound")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(_ONE, asked) and name_of(asked) in fresh:
            fresh.discard(name_of(asked))
            return await refused(asked, ask)
        answer = await ask(asked)
        if fits(ADD, asked) and answer.status == 201:
            fresh.add(name_of(asked))
        return answer

    return lie


DEFECTS = (
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
        consequences=("certificates.responses.url",),
    ),
    Defect(
        "certificate-data-changes",
        "Every second read of a certificate writes its algorithm differently.",
        "certificates",
        ("certificates.trace.reads-agree", "certificates.trace.identity"),
        "Two instances behind a balancer, of different versions.",
        _other_each_time,
        consequences=(
            "certificates.list.has-it",
            "certificates.trace.kept",
            "certificates.trace.sent-shown",
            "certificates.responses.url",
        ),
    ),
    Defect(
        "certificate-hidden-at-first",
        "A certificate is not found by the first read after it was added.",
        "certificates",
        ("certificates.add.shown", "certificates.trace.found"),
        "Read from a replica that lags behind.",
        _hidden_at_first,
        consequences=(
            "certificates.delete.gone",
            "certificates.delete.used-by-node-fails",
            "certificates.delete.used-by-pool-fails",
        ),
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
    Defect(
        "certificate-missing-deleted",
        "DELETE of a certificate that does not exist is answered 202.",
        "deletion",
        ("certificates.get.missing", "certificates.delete.gone", "certificates.trace.gone"),
        "It is as was asked.",
        stub(DELETE, 202, "CertificateNotFound"),
    ),
)
