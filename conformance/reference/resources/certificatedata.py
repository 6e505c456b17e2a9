"""What is inside of a certificate that a client sends: its public part and its thumbprint. The rest is thrown away."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from conformance.reference.problem import invalid_property


@dataclass(frozen=True)
class Public:
    """`thumbprint` in lower-case hex, `data` the certificate without private key, in base64."""

    thumbprint: str
    data: str


def read(data: str, form: str, password: str | None) -> Public:
    """`form` is pfx or cer. Raises BatchProblem (InvalidPropertyValue), which never holds what was sent."""
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise _refused("It is not base64.") from None
    try:
        certificate = _cer(raw) if form == "cer" else _pfx(raw, password)
    except ValueError:
        raise _refused(f"It is no certificate of the format {form}, or the password does not open it.") from None
    if certificate is None:
        raise _refused("There is no certificate in it.")
    der = certificate.public_bytes(serialization.Encoding.DER)
    # sha1 names a certificate here, it protects nothing
    return Public(certificate.fingerprint(hashes.SHA1()).hex(), base64.b64encode(der).decode())


def _cer(raw: bytes) -> x509.Certificate:
    if raw.lstrip().startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(raw)
    return x509.load_der_x509_certificate(raw)


def _pfx(raw: bytes, password: str | None) -> x509.Certificate | None:
    if password and "\0" in password:  # OpenSSL takes C strings, and what binds it to Python panics
        raise ValueError("no password of a certificate")
    opened = pkcs12.load_pkcs12(raw, password.encode() if password else None)
    return opened.cert.certificate if opened.cert else None


def _refused(reason: str) -> Exception:
    return invalid_property("data", "(not shown)", reason)
