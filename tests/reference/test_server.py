"""The service over a real socket: what Starlette and uvicorn add or could spoil."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from conformance.reference.serve import PortTaken, serve
from conformance.reference.settings import Settings

PROGRAM = """
from conformance.reference.clock import SystemClock
from conformance.reference.serve import serve
from conformance.reference.settings import Settings
serve(Settings(clock=SystemClock(600)), "127.0.0.1", 0, lambda told: print(told["url"], flush=True))
"""


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    child = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stderr is not None
    yield child, child.stdout.readline().strip()
    child.kill()
    child.wait()
    child.stdout.close()
    child.stderr.close()


def test_over_http(server: tuple[subprocess.Popen[str], str]) -> None:
    _, url = server
    with httpx.Client(base_url=url, trust_env=False, params={"api-version": "2024-02-01.19.0"}) as client:
        missing = client.head("/pools/a%20b")
        assert (missing.status_code, missing.content) == (404, b"")
        answer = client.get("/pools", headers={"client-request-id": "9c4d50ee-2d56-4cd3-8152-34347dc9f2b0"})
        assert answer.json() == {"odata.metadata": f"{url}/$metadata#pools", "value": []}
        assert answer.headers["server"] == "Microsoft-HTTPAPI/2.0"
        assert len(answer.headers.get_list("date")) == 1
        assert client.request("FETCH", "/pools").status_code == 400


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_without_a_word(server: tuple[subprocess.Popen[str], str], number: signal.Signals) -> None:
    child, _ = server
    os.kill(child.pid, number)
    assert child.stderr is not None
    assert child.stderr.read() == ""
    child.wait(10)


def test_a_taken_port_is_told(server: tuple[subprocess.Popen[str], str]) -> None:
    port = int(server[1].rpartition(":")[2])
    with pytest.raises(PortTaken, match=rf"127\.0\.0\.1:{port}: cannot listen"):
        serve(Settings(), "127.0.0.1", port, lambda told: None)
