"""Certificates made for a run: self-signed, valid for a day, of use to nobody."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

_VALID = timedelta(days=1)
_EARLIER = timedelta(hours=1)


@dataclass(frozen=True)
class MadeCertificate:
    """`thumbprint` in lower-case hex; `public` is the certificate alone, DER in base64; `body` adds it to an account."""

    thumbprint: str
    public: str
    body: dict[str, Any] = field(repr=False)  # it holds secrets, and what a test compares is shown when it fails

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody else may see: nothing of a certificate without private key."""
        return (self.body["password"], self.body["data"]) if "password" in self.body else ()


def make(name: str, form: str) -> MadeCertificate:
    """`form`: pfx, with the private key and a password, or cer, without either."""
    key = _key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        subject, subject, key.public_key(), x509.random_serial_number(), now - _EARLIER, now + _VALID
    )
    certificate = builder.sign(key, hashes.SHA256())
    der = certificate.public_bytes(serialization.Encoding.DER)
    thumbprint = certificate.fingerprint(hashes.SHA1()).hex()
    body: dict[str, Any] = {"thumbprint": thumbprint, "thumbprintAlgorithm": "sha1", "certificateFormat": form}
    if form == "cer":
        body["data"] = _text(der)
    else:
        body["password"] = _password()
        locked = serialization.BestAvailableEncryption(body["password"].encode())
        body["data"] = _text(pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, locked))
    return MadeCertificate(thumbprint, _text(der), body)


@dataclass(frozen=True)
class Named:
    """What a certificate says about itself: its common name, and when it was made (ISO 8601)."""

    name: str
    made: str


def name_of(public: str) -> Named | None:
    """`public` is DER in base64; None when that is no certificate with a common name."""
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(public, validate=True))
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    except (binascii.Error, ValueError):
        return None
    return Named(str(names[0].value), (certificate.not_valid_before_utc + _EARLIER).isoformat()) if names else None


@cache
def _key() -> rsa.RSAPrivateKey:
    """One key for all certificates of a process: making one takes long."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _password() -> str:
    """One for all certificates of a process: each is one more thing to look for in all that is written."""
    return secrets.token_urlsafe(12)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
