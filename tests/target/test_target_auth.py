"""SharedKey signatures agree with those of azure-batch 14.2.0; bearer tokens come from azure-identity."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import pytest

from conformance.target import Target, UserError
from conformance.target.auth import SharedKey, authentication, management_authentication

KEY = "bm90IGEgcmVhbCBrZXksIG9ubHkgYSB0ZXN0IHZlY3Rvcg=="
DATE = "Tue, 02 Jan 2024 03:04:05 GMT"
HOST = "https://testaccount.westeurope.batch.azure.com"

# made with azure.batch.batch_auth.SharedKeyAuth of azure-batch 14.2.0
VECTORS = [
    ("GET", "/pools?api-version=2024-02-01.19.0", {}, b"", "pQX5E5wMj+MrDFC37lWsvv9UsM91KdHczfYzpZgmzs4="),
    (
        "GET",
        "/pools?$filter=startswith(id%2C%27a%20b%27)&$select=id%2Cstate&maxresults=5&api-version=2024-02-01.19.0",
        {"client-request-id": "00000000-0000-0000-0000-000000000001"},
        b"",
        "hMpYE3fMoewE1jHDHo2TBiRzpvYJxP1hEGdttcaWvwE=",
    ),
    (
        "HEAD",
        "/pools/a%2Fb%20c?api-version=2024-02-01.19.0",
        {"If-None-Match": "0x8DC0B4A5C5D5E5F", "If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
        b"",
        "3mYzBW3IsSIFcX7KWVHGNlkVjpqMJUOM4nkxoEn2Y54=",
    ),
    (
        "POST",
        "/pools?api-version=2024-02-01.19.0",
        {"Content-Type": "application/json; odata=minimalmetadata"},
        b'{"id": "p"}',
        "3rFqd/EeLp/7K8mHbxB3bONsbNh880Rgv9sM5ygHY2E=",
    ),
    (
        "POST",
        "/pools/p/stopresize?api-version=2024-02-01.19.0",
        {"If-Match": "0x1"},
        b"",
        "42izhAjvzEzcUQeWM8e3JLF9P5PG1nZZqGYIpo4d8cI=",
    ),
    (
        "PATCH",
        "/pools/p?api-version=2024-02-01.19.0",
        {"Content-Type": "application/json; odata=minimalmetadata", "If-Unmodified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
        b"{}",
        "xHDo4tlCkEgMsoec0BrsBzJNyHEcyMjf0CCRhsc42II=",
    ),
    ("DELETE", "/pools/p?api-version=2024-02-01.19.0", {}, b"", "HulqMwLrkJJf+Gi1V306tcHxthdq2YTL8H25QYdyxXM="),
    (
        "GET",
        "/pools/p/nodes/n/files/f?api-version=2024-02-01.19.0",
        {"ocp-range": "bytes=0-9"},
        b"",
        "+93R9Q6NZSehpTP6wGKYCJHfo9XmcB0JpvtDq5LbRfU=",
    ),
]


@pytest.mark.parametrize(("method", "path", "headers", "body", "signature"), VECTORS)
def test_a_signature_is_the_one_of_the_sdk(method: str, path: str, headers: dict[str, str], body: bytes, signature: str) -> None:
    request = httpx.Request(method, HOST + path, headers={"ocp-date": DATE, **headers}, content=body or None)
    next(SharedKey("testaccount", KEY).auth_flow(request))
    assert request.headers["Authorization"] == f"SharedKey testaccount:{signature}"


def test_a_request_without_date_gets_one() -> None:
    request = httpx.Request("GET", HOST + "/pools")
    next(SharedKey("testaccount", KEY).auth_flow(request))
    assert request.headers["ocp-date"].endswith(" GMT")


def test_a_key_that_is_not_base64_is_told() -> None:
    with pytest.raises(UserError, match="BATCH_ACCOUNT_KEY: the account key is not base64"):
        SharedKey("a", "not base64!")


def test_entra_without_azure_identity_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    with pytest.raises(UserError, match=r"pip install 'azure-batch-conformance\[entra\]'"):
        authentication(Target(endpoint="http://h", auth="entra"))


class _Credential:
    def get_token(self, scope: str) -> Any:
        if "management" in scope:
            raise RuntimeError("no login\nlong explanation")
        return SimpleNamespace(token=f"token for {scope}")


def _install(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("azure.identity")
    module.DefaultAzureCredential = _Credential  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "azure", ModuleType("azure"))
    monkeypatch.setitem(sys.modules, "azure.identity", module)


def test_entra_sends_a_token_of_the_data_plane(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch)
    auth = authentication(Target(endpoint="http://h", auth="entra"))
    assert auth is not None
    request = next(auth.auth_flow(httpx.Request("GET", "http://h/pools")))
    assert request.headers["Authorization"] == "Bearer token for https://batch.core.windows.net/.default"


def test_entra_without_a_token_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch)
    auth = management_authentication(Target(endpoint="http://h", auth="entra"))
    assert auth is not None
    with pytest.raises(UserError, match=r"no token for https://management\.azure\.com/\.default: no login$"):
        next(auth.auth_flow(httpx.Request("GET", "http://h/pools")))
