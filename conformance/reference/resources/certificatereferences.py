"""What pools and nodes have to do with certificates: who uses one, and which a pool may refer to."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.reference.problem import BatchProblem, invalid_property
from conformance.reference.store import Store
from conformance.reference.wire import Json

ALGORITHM = "sha1"


def key(algorithm: str, thumbprint: str) -> str:
    """The certificate's key in the store."""
    return f"{algorithm}/{thumbprint}"


def check_algorithms(references: Iterable[Json]) -> None:
    name = "certificateReferences.thumbprintAlgorithm"
    for reference in references:
        if reference["thumbprintAlgorithm"].lower() != ALGORITHM:
            raise invalid_property(name, reference["thumbprintAlgorithm"], f"It must be {ALGORITHM}.")


def check(store: Store, references: Iterable[Json]) -> None:
    """The certificates that a pool wants. Raises BatchProblem.

    The documents say that each must be in the account, and name no error for one that is not (source: seed 003,
    certificateReferences): it is answered as any other value that cannot be."""
    for reference in references:
        name = "certificateReferences.thumbprint"
        certificate = store.get("certificate", key(ALGORITHM, reference["thumbprint"]))
        if certificate is None:
            raise invalid_property(name, reference["thumbprint"], "The account has no such certificate.")
        if certificate["state"] == "deleting":
            raise BatchProblem("CertificateBeingDeleted")


def users(store: Store, certificate: Json) -> list[Json]:
    """The pools and nodes that refer to the certificate, as pairs of name and value."""
    found = []
    for kind, name in (("pool", "PoolId"), ("node", "NodeId")):
        for each in store.all(kind):
            thumbprints = {reference["thumbprint"].lower() for reference in each.get("certificateReferences") or ()}
            if certificate["thumbprint"] in thumbprints:
                found.append({"name": name, "value": each["id"]})
    return found
