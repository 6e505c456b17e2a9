"""Authentication of requests: SharedKey signatures and bearer tokens, as httpx.Auth."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Generator, Iterable, Mapping
from email.utils import formatdate
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import httpx

from conformance.target.config import KEY_VARIABLE, Target
from conformance.target.errors import UserError

DATA_SCOPE = "https://batch.core.windows.net/.default"
MANAGEMENT_SCOPE = "https://management.azure.com/.default"
_SIGNED = (
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-MD5",
    "Content-Type",
    "Date",
    "If-Modified-Since",
    "If-Match",
    "If-None-Match",
    "If-Unmodified-Since",
    "Range",
)


def string_to_sign(account: str, method: str, path: str, query: Iterable[tuple[str, str]], headers: Mapping[str, str]) -> str:
    """What a SharedKey signature covers. `path` is as sent (encoded), `query` decoded; `headers` are looked up without case.

    A write without body says `Content-Length: 0`, and that is signed as Microsoft's SDKs sign it, which the live service accepts;
    its documents would leave the line empty.
    """
    folded = {name.lower(): value for name, value in headers.items()}
    if "ocp-date" in folded:
        folded["date"] = ""
    lines = [method.upper(), *(folded.get(name.lower(), "") for name in _SIGNED)]
    lines += [f"{name}:{folded[name]}" for name in sorted(folded) if name.startswith("ocp-") and folded[name]]
    values: dict[str, list[str]] = {}
    for name, value in query:
        if value:
            values.setdefault(name.lower(), []).append(value)
    resource = f"/{account}{path}" + "".join(f"\n{name}:{','.join(sorted(values[name]))}" for name in sorted(values))
    return "\n".join([*lines, resource])


class SharedKey(httpx.Auth):
    """Signs each request with the account key; sets `ocp-date` when the request has none."""

    def __init__(self, account: str, key: str) -> None:
        self._account = account
        try:
            self._key = base64.b64decode(key, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(f"{KEY_VARIABLE}: the account key is not base64") from error

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if "date" not in request.headers:
            request.headers.setdefault("ocp-date", formatdate(usegmt=True))
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        text = string_to_sign(self._account, request.method, path, parse_qsl(query), request.headers)
        digest = hmac.new(self._key, text.encode("utf-8"), hashlib.sha256).digest()
        request.headers["Authorization"] = f"SharedKey {self._account}:{base64.b64encode(digest).decode('ascii')}"
        yield request


class Bearer(httpx.Auth):
    """A Microsoft Entra token for one scope, from the default credential of azure-identity, which caches and renews it."""

    def __init__(self, scope: str) -> None:
        self._scope = scope
        self._credential = _default_credential()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        try:
            token = self._credential.get_token(self._scope).token
        except Exception as error:  # azure-identity raises its own types, which are not here to be named
            first = (str(error) or type(error).__name__).splitlines()[0]
            raise UserError(f"auth entra: no token for {self._scope}: {first}") from error
        request.headers["Authorization"] = f"Bearer {token}"
        yield request


class Token(httpx.Auth):
    """A bearer token as it was given."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def _default_credential() -> Any:
    try:
        identity = import_module("azure.identity")
    except ImportError:
        raise UserError("auth entra needs azure-identity: pip install 'azure-batch-conformance[entra]'") from None
    return identity.DefaultAzureCredential()


def authentication(target: Target) -> httpx.Auth | None:
    """How requests to the data plane are authenticated. Raises UserError when key, account or azure-identity is missing."""
    match target.auth:
        case "none":
            return None
        case "entra":
            return Bearer(DATA_SCOPE)
        case _:
            return SharedKey(target.account, target.key)


def management_authentication(target: Target) -> httpx.Auth | None:
    """The same for the management plane, which has no SharedKey. Raises UserError when the token or azure-identity is missing."""
    match target.management_auth:
        case "none":
            return None
        case "entra":
            return Bearer(MANAGEMENT_SCOPE)
        case _:
            return Token(target.management_token)
