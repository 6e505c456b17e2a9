"""The states of a certificate, and how to bring it from one to another."""

from __future__ import annotations

from collections.abc import Callable

from conformance.plugin import Batch, Blocked, Exchange, MadeCertificate
from scenarios.support import ACCEPTED, Json, json_object

DELETING, FAILED, ACTIVE = "deleting", "deletefailed", "active"
_ATTEMPTS = 5


def key(made: MadeCertificate) -> Json:
    """The path parameters of a certificate."""
    return {"thumbprintAlgorithm": "sha1", "thumbprint": made.thumbprint}


def read(batch: Batch, made: MadeCertificate) -> Json:
    return json_object(batch.call("Certificate_Get", **key(made)))


def delete(batch: Batch, made: MadeCertificate) -> None:
    exchange = batch.call("Certificate_Delete", **key(made))
    if exchange.response.status not in ACCEPTED:
        raise Blocked(f"the deletion was not accepted: {exchange.response.status}")


def settled(batch: Batch, made: MadeCertificate) -> Exchange:
    """A read of the certificate once its deletion has come to an end, good or bad; or one that shows that it never does."""
    return batch.outcome(
        lambda: batch.call("Certificate_Get", **key(made)),
        lambda exchange: exchange.response.status != 200 or json_object(exchange).get("state") != DELETING,
        "the deletion of the certificate ends",
    )


def failed(batch: Batch, made: MadeCertificate) -> Json:
    """The certificate, after a deletion that failed."""
    delete(batch, made)
    shown = json_object(settled(batch, made))
    if shown.get("state") != FAILED:
        raise Blocked(f"the deletion did not fail: the certificate is {shown.get('state')}")
    return shown


def using_pool(batch: Batch, made: MadeCertificate, nodes: Json | None = None) -> str:
    """A pool that refers to the certificate."""
    return batch.create_pool(certificateReferences=[key(made)], **(nodes or {}))


def drop_pool(batch: Batch, pool: str) -> None:
    """Delete a pool and wait until it is gone."""
    batch.call("Pool_Delete", poolId=pool)
    batch.wait(lambda: batch.call("Pool_Get", poolId=pool).response.status, lambda status: status == 404, f"{pool} is gone")


def while_deleting(batch: Batch, act: Callable[[MadeCertificate], Exchange]) -> tuple[Exchange, Exchange]:
    """What `act` answers between the request to delete a certificate and its end, and a read of the certificate just after that.

    A target may be quick: another certificate is tried then."""
    for _ in range(_ATTEMPTS):
        made = batch.create_certificate()
        delete(batch, made)
        answer = act(made)
        after = batch.call("Certificate_Get", **key(made))
        if after.response.status == 200 and json_object(after).get("state") == DELETING:
            return answer, after
    raise Blocked("certificates were gone before anything else could be asked")
