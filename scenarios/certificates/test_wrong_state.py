"""What a certificate refuses because of its state."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.certificates.flow import ACTIVE, DELETING, key, while_deleting
from scenarios.support import json_object


@pytest.mark.requirement("certificates.delete.deleting", "certificates.delete.being-deleted-refused")
def test_deleting_twice(batch: Batch, expect: Expect) -> None:
    again, after = while_deleting(batch, lambda made: batch.call("Certificate_Delete", **key(made)))
    expect.error("certificates.delete.being-deleted-refused", again, 409, "CertificateBeingDeleted")
    shown = json_object(after)
    states = (shown.get("state"), shown.get("previousState"))
    expect.equal("certificates.delete.deleting", states, (DELETING, ACTIVE), after, "state and previousState")


@pytest.mark.requirement("certificates.add.being-deleted-refused")
def test_adding_what_is_being_deleted(batch: Batch, expect: Expect) -> None:
    added, _ = while_deleting(batch, lambda made: batch.call("Certificate_Add", body=made.body))
    expect.error("certificates.add.being-deleted-refused", added, 409, {"CertificateBeingDeleted", "CertificateExists"})


@pytest.mark.requirement("certificates.cancel-deletion.being-deleted-refused")
def test_cancelling_what_is_being_deleted(batch: Batch, expect: Expect) -> None:
    cancelled, _ = while_deleting(batch, lambda made: batch.call("Certificate_CancelDeletion", **key(made)))
    expect.error("certificates.cancel-deletion.being-deleted-refused", cancelled, 409, "CertificateBeingDeleted")


@pytest.mark.requirement("certificates.cancel-deletion.active-refused")
def test_cancelling_nothing(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Certificate_CancelDeletion", **key(batch.create_certificate()))
    expect.error("certificates.cancel-deletion.active-refused", exchange, 409, None)
