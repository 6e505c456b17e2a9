"""Adding certificates: what is taken, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.certificates.flow import key
from scenarios.support import json_object


@pytest.mark.requirement("certificates.add.shown", "certificates.add.active", "certificates.add.public-data")
@pytest.mark.parametrize("form", ["pfx", "cer"])
def test_shown(batch: Batch, expect: Expect, form: str) -> None:
    made = batch.create_certificate(form)
    exchange = batch.call("Certificate_Get", **key(made))
    expect.status("certificates.add.shown", exchange, 200)
    shown = json_object(exchange)
    named = (str(shown.get("thumbprint")).lower(), str(shown.get("thumbprintAlgorithm")).lower())
    expect.equal("certificates.add.shown", named, (made.thumbprint, "sha1"), exchange, "thumbprint and algorithm")
    state = (shown.get("state"), shown.get("previousState"), shown.get("deleteCertificateError"))
    expect.equal("certificates.add.active", state, ("active", None, None), exchange, "state, previousState, error")
    expect.equal("certificates.add.public-data", shown.get("publicData"), made.public, exchange, "publicData")


@pytest.mark.parametrize(
    "form", [pytest.param(f, marks=pytest.mark.requirement(f"certificates.add.{f}"), id=f) for f in ("pfx", "cer")]
)
def test_formats(batch: Batch, expect: Expect, form: str) -> None:
    exchange = batch.call("Certificate_Add", body=batch.new_certificate(form).body)
    expect.status(f"certificates.add.{form}", exchange, 201)


@pytest.mark.requirement("certificates.add.location-names-it")
def test_location(batch: Batch, expect: Expect) -> None:
    made = batch.new_certificate("cer")
    exchange = batch.make("Certificate_Add", made.body)
    location = exchange.response.headers.get("Location", "")
    ending = f"/certificates(thumbprintalgorithm=sha1,thumbprint={made.thumbprint})"
    expect(
        "certificates.add.location-names-it",
        location.lower().endswith(ending),
        expected=f"a URL that ends with {ending}",
        actual=location,
        exchange=exchange,
    )


@pytest.mark.requirement("certificates.add.duplicate-refused", "certificates.add.duplicate-in-other-case-refused")
def test_duplicate(batch: Batch, expect: Expect) -> None:
    body = batch.create_certificate().body
    again = batch.call("Certificate_Add", body=body)
    expect.error("certificates.add.duplicate-refused", again, 409, "CertificateExists")
    shouted = batch.call("Certificate_Add", body={**body, "thumbprint": body["thumbprint"].upper()})
    expect.error("certificates.add.duplicate-in-other-case-refused", shouted, 409, "CertificateExists")


@pytest.mark.requirement("certificates.add.without-data-refused")
@pytest.mark.parametrize("name", ["data", "thumbprint", "thumbprintAlgorithm"])
def test_required(batch: Batch, expect: Expect, name: str) -> None:
    body = {known: value for known, value in batch.new_certificate().body.items() if known != name}
    expect.error("certificates.add.without-data-refused", batch.call("Certificate_Add", body=body), 400, None)


# the id without `certificates.add.`, the format, what differs from a good body
WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("other-algorithm-refused", "pfx", {"thumbprintAlgorithm": "sha256"}),
    ("other-thumbprint-refused", "pfx", {"thumbprint": "0123456789abcdef0123456789abcdef01234567"}),
    ("wrong-password-refused", "pfx", {"password": "not the password"}),
    ("cer-with-password-refused", "cer", {"password": "for nothing"}),
    ("broken-data-refused", "pfx", {"data": "bm8gY2VydGlmaWNhdGU="}),
]


@pytest.mark.parametrize(
    ("slug", "form", "changes"),
    [pytest.param(*row, id=row[0], marks=pytest.mark.requirement(f"certificates.add.{row[0]}")) for row in WRONG],
)
def test_refused(batch: Batch, expect: Expect, slug: str, form: str, changes: dict[str, Any]) -> None:
    exchange = batch.call("Certificate_Add", body={**batch.new_certificate(form).body, **changes})
    expect.error(f"certificates.add.{slug}", exchange, 400, None)
