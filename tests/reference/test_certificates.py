"""Certificates: what is accepted, what is shown, and how a deletion fails, is cancelled, or succeeds."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from service_calls import BASE, Account

PASSWORD = "only-for-tests"


@cache
def made() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()), key


def body(form: str = "pfx", **changes: object) -> dict[str, Any]:
    certificate, key = made()
    if form == "cer":
        data = certificate.public_bytes(serialization.Encoding.DER)
    else:
        locked = serialization.BestAvailableEncryption(PASSWORD.encode())
        data = pkcs12.serialize_key_and_certificates(b"tests", key, certificate, None, locked)
    known: dict[str, Any] = {
        "thumbprint": certificate.fingerprint(hashes.SHA1()).hex(),
        "thumbprintAlgorithm": "sha1",
        "data": base64.b64encode(data).decode(),
        "certificateFormat": form,
        **({"password": PASSWORD} if form == "pfx" else {}),
    }
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def path(capital: bool = False) -> str:
    names = ("ThumbprintAlgorithm", "Thumbprint") if capital else ("thumbprintAlgorithm", "thumbprint")
    return f"/certificates({names[0]}=sha1,{names[1]}={body('cer')['thumbprint']})"


@pytest.fixture
def account() -> Account:
    return Account()


def shown(account: Account) -> dict[str, Any]:
    answer = account.send("GET", path())
    assert answer.status == 200, answer.wire
    return dict(answer.json)


@pytest.mark.parametrize("form", ["pfx", "cer"])
@pytest.mark.parametrize("version", ["2016-02-01.3.0", "2022-01-01.15.0", "2024-07-01.20.0"])
def test_what_is_added_is_shown_but_for_its_secrets(version: str, form: str) -> None:
    account = Account(version)
    sent = body(form)
    added = account.send("POST", "/certificates", sent)
    assert added.status == 201, added.wire
    assert added.headers["location"] == added.headers["dataserviceid"] == BASE + path(capital=True)
    found = shown(account)
    der = made()[0].public_bytes(serialization.Encoding.DER)
    assert found["publicData"] == base64.b64encode(der).decode()
    assert (found["thumbprint"], found["state"], found["url"]) == (sent["thumbprint"], "active", BASE + path())
    assert not found.keys() & {"data", "password", "certificateFormat", "previousState"}


def test_the_capitals_of_the_location_are_a_quirk() -> None:
    account = Account(quirks=frozenset())
    assert account.send("POST", "/certificates", body()).headers["location"] == BASE + path()


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"password": "wr\0ng"},
        {"password": None},
        {"data": "not base64!"},
        {"data": base64.b64encode(b"not a certificate").decode()},
        {"thumbprint": "0" * 40},
        {"thumbprintAlgorithm": "md5"},
    ],
)
def test_what_does_not_fit_is_refused_and_not_repeated(account: Account, changes: dict[str, Any]) -> None:
    sent = body(**changes)
    answer = account.send("POST", "/certificates", sent)
    assert (answer.status, answer.code) == (400, "InvalidPropertyValue")
    assert PASSWORD.encode() not in answer.wire.body and sent["data"].encode() not in answer.wire.body


def test_a_certificate_without_key_has_no_password(account: Account) -> None:
    assert account.send("POST", "/certificates", body("cer", password="x")).code == "InvalidPropertyValue"


def test_it_is_added_once_whatever_the_case_of_its_thumbprint(account: Account) -> None:
    account.send("POST", "/certificates", body())
    again = body()
    again["thumbprint"] = again["thumbprint"].upper()
    answer = account.send("POST", "/certificates", again)
    assert (answer.status, answer.code) == (409, "CertificateExists")


def test_an_unused_certificate_goes_away(account: Account) -> None:
    account.send("POST", "/certificates", body())
    before = shown(account)
    assert account.send("DELETE", path()).status == 202
    leaving = shown(account)
    assert (leaving["state"], leaving["previousState"]) == ("deleting", "active")
    assert leaving["previousStateTransitionTime"] == before["stateTransitionTime"]
    assert account.send("DELETE", path()).code == "CertificateBeingDeleted"
    assert account.send("POST", "/certificates", body()).code == "CertificateBeingDeleted"
    assert account.send("POST", f"{path()}/canceldelete").code == "CertificateBeingDeleted"
    account.clock.advance(31)
    assert account.send("GET", path()).code == "CertificateNotFound"


def test_a_used_certificate_stays_until_nothing_uses_it(account: Account) -> None:
    account.send("POST", "/certificates", body())
    assert account.send("POST", f"{path()}/canceldelete").status == 409
    reference = {"thumbprint": body()["thumbprint"].upper(), "thumbprintAlgorithm": "sha1"}
    account.add_pool("user", certificateReferences=[reference])
    account.send("DELETE", path())
    account.clock.advance(31)
    failed = shown(account)
    assert (failed["state"], failed["previousState"]) == ("deletefailed", "deleting")
    assert {"name": "PoolId", "value": "user"} in failed["deleteCertificateError"]["values"]
    assert account.send("POST", f"{path()}/canceldelete").status == 204
    kept = shown(account)
    assert (kept["state"], kept["previousState"], "deleteCertificateError" in kept) == ("active", "deletefailed", False)
    account.send("DELETE", path())
    account.clock.advance(31)
    account.send("DELETE", "/pools/user")
    account.clock.advance(60)
    assert account.send("DELETE", path()).status == 202
    account.clock.advance(31)
    assert account.send("GET", path()).status == 404


def test_a_node_keeps_using_it_until_it_boots_again(account: Account) -> None:
    account.send("POST", "/certificates", body())
    reference = {"thumbprint": body()["thumbprint"], "thumbprintAlgorithm": "sha1"}
    account.add_pool("user", certificateReferences=[reference], **{account.target: 1})
    account.clock.advance(600)
    account.send("PATCH", "/pools/user", {"certificateReferences": []})
    account.send("DELETE", path())
    account.clock.advance(31)
    assert shown(account)["state"] == "deletefailed"
    node = account.send("GET", "/pools/user/nodes").json["value"][0]["id"]
    account.send("POST", f"/pools/user/nodes/{node}/reboot")
    account.clock.advance(600)
    account.send("DELETE", path())
    account.clock.advance(31)
    assert account.send("GET", path()).status == 404
