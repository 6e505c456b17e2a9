"""The flow of certificates."""

from __future__ import annotations

from conformance.defects.answers import member, no_member
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.stored import Changed, after, place_of
from conformance.reference.resources.certificatereferences import key, users
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_ONE = "/certificates({})"


def _remove_used(changed: Changed) -> None:
    if users(changed.store, changed.now):
        changed.store.remove("certificate", key(changed.now["thumbprintAlgorithm"], changed.now["thumbprint"]))


def _forget_cancelling(service: Service) -> Lie:
    """The certificate is deleting again, for ever."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if asked.path.lower().endswith("/canceldelete") else None
        answer = await ask(asked)
        certificate = service.store.get(*place) if place else None
        if certificate is not None and answer.status == 204:
            certificate["state"] = "deletefailed"
        return answer

    return lie


DEFECTS = (
    Defect(
        "certificate-deleted-in-use",
        "A certificate that a pool refers to is deleted all the same.",
        "certificates",
        ("certificates.delete.used-by-pool-fails", "certificates.delete.used-by-node-fails"),
        "Nobody looks who else needs it.",
        after(f"DELETE {_ONE}", _remove_used),
        panel=True,
    ),
    Defect(
        "certificate-cancel-ignored",
        "Cancelling the failed deletion of a certificate is answered 204, and the certificate stays in deleteFailed.",
        "certificates",
        ("certificates.cancel-deletion.active-again", "certificates.trace.actions-lead"),
        "A stub that says yes.",
        _forget_cancelling,
    ),
    Defect(
        "certificate-without-error",
        "A certificate whose deletion failed does not say why.",
        "certificates",
        ("certificates.delete.says-why",),
        "The member is needed in one state only.",
        no_member(f"GET {_ONE}", "deleteCertificateError"),
    ),
    Defect(
        "certificate-public-data",
        "A certificate that is read alone shows other public data than it was added with.",
        "certificates",
        (
            "certificates.add.public-data",
            "certificates.list.has-it",
        ),
        "Base64 over base64.",
        member(f"GET {_ONE}", "publicData", lambda data: data[::-1]),
        consequences=("certificates.trace.identity",),
    ),
)
