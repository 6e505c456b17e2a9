"""`sweep` and the certificates that runs left, against the embedded reference service."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.plugin.certificates import make, name_of
from conformance.target import Ledger

Cli = Callable[..., subprocess.CompletedProcess[str]]
POOL: dict[str, Any] = {
    "id": "bcs-0123abcd-pool-1",
    "vmSize": "a",
    "targetDedicatedNodes": 0,
    "virtualMachineConfiguration": {
        "imageReference": {"publisher": "p", "offer": "o", "sku": "s"},
        "nodeAgentSKUId": "batch.node.ubuntu 22.04",
    },
}


@pytest.fixture
def http(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """A reference service without authentication, whose time runs fast."""
    words = [sys.executable, "-m", "conformance", "serve", "--port", "0", "--speed", "500"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        url = json.loads(child.stdout.readline())["url"]
        with httpx.Client(base_url=url, params={"api-version": "2022-01-01.15.0"}, trust_env=False) as client:
            yield client
        child.send_signal(signal.SIGTERM)
        child.wait(10)


def test_sweep_deletes_certificates_of_runs_after_what_uses_them(cli: Cli, http: httpx.Client, tmp_path: Path) -> None:
    ours, foreign = make("bcs-0123abcd-certificate-1", "pfx"), make("somebody-elses", "cer")
    reference = {"thumbprint": ours.thumbprint, "thumbprintAlgorithm": "sha1"}
    for path, body in (
        ("/certificates", ours.body),
        ("/certificates", foreign.body),
        ("/pools", {**POOL, "certificateReferences": [reference]}),
    ):
        answer = http.post(path, json=body)
        assert answer.status_code == 201, answer.text
    paths = [f"/certificates(thumbprintAlgorithm=sha1,thumbprint={made.thumbprint})" for made in (ours, foreign)]
    # by its own fast time the service made the pool in the future, which no sweep touches; the ledger says when it was asked to
    with Ledger(tmp_path / "state" / "crashed" / "ledger-main.jsonl", str(http.base_url)) as ledger:
        ledger.intent(f"/pools/{POOL['id']}")
    # the newest api-version has no certificates: those before it have
    words = ["sweep", "--endpoint", str(http.base_url), "--format", "json", "--older-than"]
    assert json.loads(cli(*words, "2h").stdout)["found"] == []
    done = cli(*words, "0s", "--yes")
    assert (done.returncode, json.loads(done.stdout)["left"]) == (0, []), done.stderr
    assert [http.get(path).status_code for path in paths] == [404, 200]


@pytest.mark.parametrize("text", ["", "no base64!", "bm8gY2VydGlmaWNhdGU="])
def test_what_is_no_certificate_has_no_name(text: str) -> None:
    assert name_of(text) is None
