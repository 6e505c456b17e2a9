"""Who may call: SharedKey signatures and bearer tokens. Pure: the caller gives the request's parts and the time.

`Authenticator(account, key, token).check(request, now)` is None when the request may pass, or a `Refusal` with a documented error
code and `values` for the error body; the status of a code is in the contract. Without key and token everybody may pass.

The string to sign is built as the service's documents say. Microsoft's own SDKs (azure-batch 14.2.0, 15.1.0) sign two things
differently, and both spellings are accepted: for a write without body they sign the length `0`, the documents an empty line; and
they sign the names of query parameters as written (`timeOut`), the documents in lower case.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from urllib.parse import parse_qsl

from conformance.reference.httpdate import parse_http_date

MAX_AGE = timedelta(minutes=15)

# The headers of the string to sign, in its order.
_SIGNED_HEADERS = (
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a signature covers: the path as sent (percent-encoded), the raw query without `?`, headers in wire order."""

    method: str
    raw_path: str
    raw_query: str
    headers: Sequence[tuple[str, str]]

    def header(self, name: str) -> str:
        """The value of a header, empty when absent."""
        return ",".join(value.strip() for key, value in self.headers if key.lower() == name)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A documented error code, and the `values` of the error body."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Authenticator:
    """The credentials that a service accepts: `key` is base64, `token` an opaque bearer token. A key that is not
    base64 raises `ValueError`."""

    account: str
    key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.key is not None:
            base64.b64decode(self.key, validate=True)

    def check(self, request: SignedRequest, now: datetime) -> Refusal | None:
        """None when the request may pass."""
        if self.key is None and self.token is None:
            return None
        authorization = request.header("authorization")
        if not authorization:
            return Refusal("MissingRequiredHeader", {"HeaderName": "Authorization"})
        scheme, _, credentials = authorization.partition(" ")
        if scheme.lower() == "sharedkey":
            return self._check_shared_key(request, credentials.strip(), now)
        if scheme.lower() == "bearer" and credentials.strip():
            return self._check_token(credentials.strip())
        return Refusal("InvalidAuthenticationInfo", {"Reason": "The scheme is neither SharedKey nor Bearer."})

    def _check_token(self, token: str) -> Refusal | None:
        if self.token is None or not hmac.compare_digest(token.encode(), self.token.encode()):
            return _failed("The token is not valid here.")
        return None

    def _check_shared_key(self, request: SignedRequest, credentials: str, now: datetime) -> Refusal | None:
        account, separator, signature = credentials.partition(":")
        if not (account and separator and _is_signature(signature)):
            return Refusal("InvalidAuthenticationInfo", {"Reason": "SharedKey needs the account, a colon and the signature."})
        problem = _check_date(request, now)
        if problem is not None:
            return problem
        if self.key is None or account.lower() != self.account.lower():
            return _failed("The account does not exist here or takes no shared key.")
        expected = [sign(text, self.key) for text in accepted_strings_to_sign(request, account)]
        if not any(hmac.compare_digest(each, signature) for each in expected):
            text = string_to_sign(request, account)
            return _failed(f"The signature is not that of the request. The service signed {text!r}.")
        return None


def sign(text: str, key: str) -> str:
    """The signature of a string to sign under a base64 key."""
    digest = hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def string_to_sign(request: SignedRequest, account: str, content_length: str | None = None, lower_names: bool = True) -> str:
    """What the client has to sign. `content_length` replaces the one of the request; `lower_names` is about the query."""
    values = {name: request.header(name) for name in _SIGNED_HEADERS}
    if values["content-length"] == "0":
        values["content-length"] = ""
    if content_length is not None:
        values["content-length"] = content_length
    if request.header("ocp-date"):
        values["date"] = ""
    lines = [request.method.upper(), *values.values()]
    return "\n".join([*lines, *_ocp_headers(request), _resource(request, account, lower_names)])


def accepted_strings_to_sign(request: SignedRequest, account: str) -> list[str]:
    """All strings whose signature is accepted, the documented one first."""
    no_body = request.header("content-length") in ("", "0")
    lengths = (None, "0") if no_body and request.method.upper() not in ("GET", "HEAD") else (None,)
    spellings = product(lengths, (True, False))
    return [string_to_sign(request, account, length, lower_names) for length, lower_names in spellings]


def _ocp_headers(request: SignedRequest) -> list[str]:
    names = sorted({name.lower() for name, _ in request.headers if name.lower().startswith("ocp-")})
    return [f"{name}:{request.header(name)}" for name in names if request.header(name)]


def _resource(request: SignedRequest, account: str, lower_names: bool) -> str:
    parameters: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.raw_query, keep_blank_values=True):
        parameters.setdefault(name.lower() if lower_names else name, []).append(value)
    query = (f"\n{name}:{_joined(values)}" for name, values in sorted(parameters.items()))
    return f"/{account}{request.raw_path}" + "".join(query)


def _joined(values: Iterable[str]) -> str:
    return ",".join(sorted(values))


def _check_date(request: SignedRequest, now: datetime) -> Refusal | None:
    name = "ocp-date" if request.header("ocp-date") else "date"
    text = request.header(name)
    if not text:
        return Refusal("MissingRequiredHeader", {"HeaderName": "ocp-date"})
    sent = parse_http_date(text)
    if sent is None:
        return Refusal("InvalidHeaderValue", {"HeaderName": name, "HeaderValue": text})
    # the documents limit the age; a date as far in the future is no better proof that the request is fresh
    if abs(now - sent) > MAX_AGE:
        return _failed(f"The date {text} is more than 15 minutes off the time of the service.")
    return None


def _is_signature(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == hashlib.sha256().digest_size
    except (binascii.Error, ValueError):
        return False


def _failed(detail: str) -> Refusal:
    return Refusal("AuthenticationFailed", {"AuthenticationErrorDetail": detail})
