"""The way of a certificate out of the account: deleting, deleteFailed, back to active, gone."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Exchange, Expect
from scenarios.certificates.flow import ACTIVE, DELETING, FAILED, delete, drop_pool, failed, key, read, settled, using_pool
from scenarios.nodes.own import reach
from scenarios.protocol.lists import pages
from scenarios.support import ACCEPTED, Json, elements, json_object, target_name, without


@pytest.mark.requirement("certificates.delete.gone")
def test_gone(batch: Batch, expect: Expect) -> None:
    made = batch.create_certificate()
    delete(batch, made)
    expect.error("certificates.delete.gone", settled(batch, made), 404, "CertificateNotFound")
    for operation in ("Certificate_Delete", "Certificate_CancelDeletion", "Certificate_Get"):
        expect.error("certificates.delete.gone", batch.call(operation, **key(made)), 404, "CertificateNotFound")


@pytest.mark.requirement("certificates.delete.used-by-pool-fails", "certificates.delete.says-why", "certificates.list.has-it")
def test_used_by_pool(batch: Batch, expect: Expect) -> None:
    made = batch.create_certificate()
    using_pool(batch, made)
    # the request is taken; it is the deletion that fails
    expect.status("certificates.delete.used-by-pool-fails", batch.call("Certificate_Delete", **key(made)), ACCEPTED)
    exchange = settled(batch, made)
    expect.status("certificates.delete.used-by-pool-fails", exchange, 200)
    shown = json_object(exchange)
    expect.equal("certificates.delete.used-by-pool-fails", shown.get("state"), FAILED, exchange, "state")
    error = shown.get("deleteCertificateError")
    told = isinstance(error, dict) and bool(error.get("code"))
    expect("certificates.delete.says-why", told, expected="an error with a code", actual=error, exchange=exchange)
    listed = [page for page in pages(batch, "Certificate_List", {"$filter": f"state eq '{FAILED}'"})]
    mine = [c for page in listed for c in elements(page) if str(c.get("thumbprint")).lower() == made.thumbprint]
    expect.equal("certificates.list.has-it", mine, [without(shown)], listed[-1], "the certificate whose deletion failed")


@pytest.mark.requirement("certificates.delete.fails-again", "certificates.add.delete-failed-refused")
def test_failed(batch: Batch, expect: Expect) -> None:
    made = batch.create_certificate()
    using_pool(batch, made)
    failed(batch, made)
    added = batch.call("Certificate_Add", body=made.body)
    expect.error("certificates.add.delete-failed-refused", added, 409, "CertificateExists")
    expect.status("certificates.delete.fails-again", batch.call("Certificate_Delete", **key(made)), ACCEPTED)
    exchange = settled(batch, made)
    expect.equal("certificates.delete.fails-again", json_object(exchange).get("state"), FAILED, exchange, "state")


@pytest.mark.requirement("certificates.delete.again")
def test_again(batch: Batch, expect: Expect) -> None:
    made = batch.create_certificate()
    pool = using_pool(batch, made)
    failed(batch, made)
    drop_pool(batch, pool)
    expect.status("certificates.delete.again", batch.call("Certificate_Delete", **key(made)), 202)
    expect.error("certificates.delete.again", settled(batch, made), 404, "CertificateNotFound")


@pytest.mark.requirement(
    "certificates.cancel-deletion.active-again",
    "certificates.cancel-deletion.clears-error",
    "certificates.cancel-deletion.usable-again",
    "certificates.cancel-deletion.can-be-deleted-later",
)
def test_cancel(batch: Batch, expect: Expect) -> None:
    made = batch.create_certificate()
    pool = using_pool(batch, made)
    failed(batch, made)
    cancelled = batch.call("Certificate_CancelDeletion", **key(made))
    expect.status("certificates.cancel-deletion.active-again", cancelled, 204)
    exchange = batch.call("Certificate_Get", **key(made))
    shown = json_object(exchange)
    states = (shown.get("state"), shown.get("previousState"))
    expect.equal("certificates.cancel-deletion.active-again", states, (ACTIVE, FAILED), exchange, "state and previousState")
    error = shown.get("deleteCertificateError")
    expect.equal("certificates.cancel-deletion.clears-error", error, None, exchange, "deleteCertificateError")
    other = batch.new_id("other")
    added = batch.call("Pool_Add", body=batch.pool_body(other, certificateReferences=[key(made)]))
    expect.status("certificates.cancel-deletion.usable-again", added, ACCEPTED)
    drop_pool(batch, pool)
    drop_pool(batch, other)
    delete(batch, made)
    later = settled(batch, made)
    expect.error("certificates.cancel-deletion.can-be-deleted-later", later, 404, "CertificateNotFound")


@pytest.mark.requirement("certificates.states.previous", "certificates.states.time-moves")
def test_states(batch: Batch, expect: Expect) -> None:
    made = batch.create_certificate()
    using_pool(batch, made)
    before = read(batch, made)
    failed(batch, made)
    middle = batch.call("Certificate_Get", **key(made))
    _follows(expect, middle, None, before)
    batch.make("Certificate_CancelDeletion", **key(made))
    last = batch.call("Certificate_Get", **key(made))
    _follows(expect, last, json_object(middle), json_object(middle))


def _follows(expect: Expect, exchange: Exchange, told: Json | None, earlier: Json) -> None:
    """`told` is the state just before, if it was seen; `earlier` is some state before."""
    shown = json_object(exchange)
    if told is not None:
        for name in ("state", "stateTransitionTime"):
            previous = f"previous{name[0].upper()}{name[1:]}"
            expect.equal("certificates.states.previous", shown.get(previous), told.get(name), exchange, previous)
    else:
        expect.equal("certificates.states.previous", shown.get("previousState"), DELETING, exchange, "previousState")
    times = [earlier.get("stateTransitionTime"), shown.get("stateTransitionTime")]
    moved = None not in times and times == sorted(times, key=str) and times[0] != times[1]
    expect("certificates.states.time-moves", moved, expected="a later time", actual=times, exchange=exchange)


@pytest.mark.starts_nodes
@pytest.mark.requirement("certificates.delete.used-by-node-fails", "certificates.node.shown")
def test_used_by_node(batch: Batch, expect: Expect) -> None:
    made = batch.create_certificate()
    pool = using_pool(batch, made, {target_name(batch): 1})
    nodes = batch.wait(
        lambda: elements(batch.call("ComputeNode_List", poolId=pool)),
        lambda found: [node.get("state") for node in found] == ["idle"],
        "the node is idle",
    )
    shown = [str(reference.get("thumbprint")).lower() for reference in nodes[0].get("certificateReferences") or []]
    expect.equal("certificates.node.shown", shown, [made.thumbprint], None, "thumbprints of the certificates of the node")
    batch.make("Pool_Patch", {"certificateReferences": []}, poolId=pool)
    delete(batch, made)
    exchange = settled(batch, made)
    expect.status("certificates.delete.used-by-node-fails", exchange, 200)
    expect.equal("certificates.delete.used-by-node-fails", json_object(exchange).get("state"), FAILED, exchange, "state")
    node = {"poolId": pool, "nodeId": nodes[0]["id"]}
    batch.make("ComputeNode_Reboot", **node)
    reach(batch, node, "idle")
    delete(batch, made)
    expect.error("certificates.delete.used-by-node-fails", settled(batch, made), 404, "CertificateNotFound")
