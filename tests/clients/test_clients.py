"""Clients that nobody here wrote, Microsoft's own SDKs, live a pool's whole life against the reference service over real HTTP."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import install
import pytest

from conformance.exchange import read_exchanges
from conformance.rules import context_for, findings

HERE = Path(__file__).parent
KEY = base64.b64encode(b"a key for tests only, 32 bytes..").decode()


@pytest.fixture
def service() -> Iterator[dict[str, str]]:
    """The reference service in a process of its own, as `batch-conformance serve` starts it; ends when the pipe to it closes."""
    command = [sys.executable, "-m", "conformance", "serve", "--port", "0", "--speed", "500"]
    environment = {**os.environ, "BATCH_ACCOUNT_KEY": KEY, "BATCH_CONFORMANCE_EMBEDDED": "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, "the service ended before it was ready"
            yield json.loads(line)
        finally:
            process.stdin.close()
            process.wait(timeout=10)


# script → the releases that it is written for
LIVES = {
    "pool_life_14.py": ["azure-batch-9.0.0", "azure-batch-14.2.0"],
    "pool_life_15.py": ["azure-batch-15.1.0"],
    "job_life_14.py": ["azure-batch-9.0.0", "azure-batch-14.2.0"],
    "job_life_15.py": ["azure-batch-15.1.0"],
    "cli_life_2.py": ["azure-cli-2.91.0"],
    "account_life_17.py": ["azure-mgmt-batch-17.3.0"],
}


@pytest.mark.parametrize(("script", "release"), [(script, release) for script, releases in LIVES.items() for release in releases])
def test_the_official_sdk_lives_a_whole_life(script: str, release: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if not install.is_ready(release):
        pytest.skip(f"{release} is not installed: run 'make clients' once (needs the Python package index)")
    told = request.getfixturevalue("service")
    exchanges = tmp_path / "exchanges.jsonl"
    done = subprocess.run(
        [install.python(release), "-W", "ignore", HERE / script, told["url"], told["account"], exchanges],
        env={"PATH": os.environ.get("PATH", ""), "BATCH_ACCOUNT_KEY": KEY},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    held = int(done.stdout.split()[-5])
    assert held > 20, done.stdout
    judge(exchanges)


def judge(path: Path) -> None:
    """The rules, which neither the SDK nor the service knows of, find nothing against what the two said to each other."""
    contexts = [context_for(exchange) for exchange in read_exchanges(path)]
    found = [(context.exchange, finding) for context in contexts for finding in findings(context)]
    assert len(contexts) > 40
    assert len(found) > 10 * len(contexts), "the rules had little to say"
    strange = [context.exchange for context in contexts if context.operation is None]
    # where a long-running operation tells its result is no operation of the contract
    assert [str(exchange) for exchange in strange if "perationResults/" not in exchange.request.url] == []
    assert [f"{exchange}: {finding}" for exchange, finding in found if not finding.holds] == []
