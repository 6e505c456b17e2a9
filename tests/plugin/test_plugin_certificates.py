"""Certificates that a run adds: their secrets stay in the process, and they are gone at its end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytest_plugins = ["pytester"]

VERSION = "--api-version=2022-01-01.15.0"
SCENARIO = """
@pytest.mark.requirement("pools.one")
def test_certificate(batch, expect):
    made = batch.create_certificate()
    pool = batch.create_pool(certificateReferences=[{"thumbprint": made.thumbprint, "thumbprintAlgorithm": "sha1"}])
    batch.call("Certificate_Delete", thumbprintAlgorithm="sha1", thumbprint=made.thumbprint)
"""


class Certificates:
    """A server's certificates in front of its pools. None can be deleted while there is a pool."""

    def __init__(self, server: Any) -> None:
        self._pools, self._other = server.pools, server.answer
        self.states: dict[str, str] = {}
        self.sent: list[dict[str, Any]] = []
        self.refuses = False

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        if not path.startswith("/certificates"):
            return self._other(method, path, body)  # type: ignore[no-any-return]
        if method == "POST":
            return self._add(json.loads(body))
        thumbprint = path.rpartition("thumbprint=")[2].rstrip(")")
        if thumbprint not in self.states:
            return 404, {"code": "CertificateNotFound"}
        if method == "DELETE":
            self.states[thumbprint] = "deleteFailed"
            if not self._pools:
                del self.states[thumbprint]
            return 202, None
        return 200, {"thumbprint": thumbprint, "state": self.states[thumbprint]}

    def _add(self, sent: dict[str, Any]) -> tuple[int, Any]:
        """Refused, it repeats the secrets in prose, as no service should."""
        self.sent.append(sent)
        if self.refuses:
            told = f"not opened by {sent['password']}: {sent['data']}"
            return 400, {"code": "InvalidPropertyValue", "message": {"lang": "en", "value": told}}
        self.states[sent["thumbprint"]] = "active"
        return 201, None


@pytest.fixture
def certificates(server: Any) -> Certificates:
    made = Certificates(server)
    server.answer = made.answer
    return made


def test_one_whose_deletion_failed_is_deleted_after_what_uses_it(
    run: Callable[..., Any], server: Any, state: Any, certificates: Certificates
) -> None:
    ran = run(SCENARIO + '    expect.equal("pools.one", 1, 1)', VERSION)
    assert ran.code == 0
    assert (certificates.states, server.pools) == ({}, set())
    assert list(state.iterdir()) == []
    assert not [note for note in ran.report.notes if "left behind" in note]


@pytest.mark.parametrize("refuses", [False, True])
def test_nothing_that_is_written_holds_the_secrets(run: Callable[..., Any], certificates: Certificates, refuses: bool) -> None:
    certificates.refuses = refuses
    failing = SCENARIO.replace("create_certificate()", "new_certificate()").replace(
        "    pool", '    answer = batch.call("Certificate_Add", body=made.body)\n    print(answer, made)\n    pool', 1
    )
    told = 'expect.equal("pools.one", answer.response.body.decode(), str(made), answer, made.body["password"])'
    ran = run(f"{failing}    {told}", VERSION)
    (sent,) = certificates.sent
    assert (ran.code, ran.verdict("pools.one")[0]) == (1, "failed")
    written = [path.read_text() for path in ran.folder.rglob("*") if path.is_file()]
    assert any(sent["thumbprint"] in text for text in written)
    for secret in (sent["password"], sent["data"]):
        assert not [text for text in written if secret in text]
        assert secret not in ran.result.stdout.str()
