"""Certificates: add, list, get, delete, cancel a deletion that failed."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem, invalid_property
from conformance.reference.registry import answers
from conformance.reference.resources import certificatedata
from conformance.reference.resources.certificatereferences import ALGORITHM, key, users
from conformance.reference.resources.lifecycle import enter
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply

# Seconds of the service's life from the request to delete until the certificate is gone, or is found to be in use.
DELETE_SECONDS = 30.0


def find(store: Store, call: Call) -> Json:
    return _find(store, call.path["thumbprintAlgorithm"], call.path["thumbprint"])


def _find(store: Store, algorithm: str, thumbprint: str) -> Json:
    certificate = store.get("certificate", key(algorithm, thumbprint))
    if certificate is None:
        raise BatchProblem("CertificateNotFound")
    return certificate


def _path(certificate: Json, quirky: bool) -> str:
    """The live service writes the names with capitals in headers, and without in bodies."""
    names = ("ThumbprintAlgorithm", "Thumbprint") if quirky else ("thumbprintAlgorithm", "thumbprint")
    return f"/certificates({names[0]}={certificate['thumbprintAlgorithm']},{names[1]}={certificate['thumbprint']})"


def present(call: Call, certificate: Json) -> Json:
    whole = {**certificate, "url": call.base + _path(certificate, quirky=False)}
    return shown(call.contract, call.contract.models["Certificate"], whole)


@answers("Certificate_Add")
def add(store: Store, call: Call) -> Reply:
    body = call.body
    if body["thumbprintAlgorithm"].lower() != ALGORITHM:
        raise invalid_property("thumbprintAlgorithm", body["thumbprintAlgorithm"], "It must be sha1.")
    form = body.get("certificateFormat", "pfx")
    if form == "cer" and "password" in body:
        raise invalid_property("password", "(not shown)", "A certificate of the format cer has no password.")
    known = store.get("certificate", key(ALGORITHM, body["thumbprint"]))
    if known is not None:
        raise BatchProblem("CertificateBeingDeleted" if known["state"] == "deleting" else "CertificateExists")
    public = certificatedata.read(body["data"], form, body.get("password"))
    if public.thumbprint != body["thumbprint"].lower():
        raise invalid_property("thumbprint", body["thumbprint"], "It is not that of the certificate.")
    certificate: Json = {"thumbprint": public.thumbprint, "thumbprintAlgorithm": ALGORITHM, "publicData": public.data}
    enter(certificate, "active", call.now)
    store.put("certificate", key(ALGORITHM, public.thumbprint), certificate)
    return Reply(location=_path(certificate, "certificate-location" in store.settings.quirks))


@answers("Certificate_List")
def list_certificates(store: Store, call: Call) -> Listing:
    return Listing([present(call, certificate) for certificate in store.all("certificate")], key="thumbprint")


@answers("Certificate_Get")
def get(store: Store, call: Call) -> Reply:
    return Reply(present(call, find(store, call)))


@answers("Certificate_Delete")
def delete(store: Store, call: Call) -> Reply:
    certificate = find(store, call)
    if certificate["state"] == "deleting":
        raise BatchProblem("CertificateBeingDeleted")
    enter(certificate, "deleting", call.now)
    certificate.pop("deleteCertificateError", None)

    def end(due: int) -> None:
        if certificate["state"] != "deleting":
            return
        found = users(store, certificate)
        if found:
            enter(certificate, "deletefailed", due)
            certificate["deleteCertificateError"] = {
                "code": "CertificateInUse",
                "message": "The certificate is in use; it can be deleted once nothing refers to it.",
                "values": found,
            }
        else:
            store.remove("certificate", key(ALGORITHM, certificate["thumbprint"]))

    store.agenda.after(call.now, DELETE_SECONDS, end)
    return Reply()


@answers("Certificate_CancelDeletion")
def cancel_deletion(store: Store, call: Call) -> Reply:
    certificate = find(store, call)
    if certificate["state"] == "deleting":  # source: recording nodesdk-fail-to-cancel-deleting-certificate, 2020-03-01.11.0
        raise BatchProblem("CertificateBeingDeleted")
    if certificate["state"] != "deletefailed":
        reason = "Only a deletion that failed can be cancelled."
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": reason})
    enter(certificate, "active", call.now)
    del certificate["deleteCertificateError"]
    return Reply()
