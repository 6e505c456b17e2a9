"""`run`, `serve` and `sweep` as processes, against the embedded reference service."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

Cli = Callable[..., subprocess.CompletedProcess[str]]
POOL = {"id": "bcs-0123abcd-pool-1", "vmSize": "a", "targetDedicatedNodes": 0}
IMAGE = {"imageReference": {"publisher": "p", "offer": "o", "sku": "s"}, "nodeAgentSKUId": "batch.node.ubuntu 22.04"}
RECORDING = Path(__file__).parents[2] / "cassettes" / "2022-01-01.15.0"
VERSION = {"api-version": "2025-06-01"}
# xdist's workers ignore SIGINT, and what they start would inherit that
START = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from conformance.cli import main; main(sys.argv[1:])"
)


@pytest.fixture
def service(environment: dict[str, str]) -> Iterator[str]:
    """The URL of a reference service without authentication."""
    words = [sys.executable, "-m", "conformance", "serve", "--port", "0"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        assert told["account"] == "testaccount"
        yield told["url"]
        child.send_signal(signal.SIGINT)
        assert child.wait(10) == 0


def _processes(text: str) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if text in line]


def test_sweep_deletes_accounts_of_runs(cli: Cli, service: str) -> None:
    place = "00000000-0000-0000-0000-000000000000"
    group = f"/subscriptions/{place}/resourceGroups/conformance/providers/Microsoft.Batch/batchAccounts"
    words = ["--endpoint", service, "--management-endpoint", service, "--subscription", place]
    words += ["--resource-group", "conformance", "--older-than", "0s"]
    version = {"api-version": "2024-02-01"}
    with httpx.Client(base_url=service, params=version, trust_env=False) as http:
        for name in ("bcs0123abcd7", "bcsproduction1"):
            assert http.put(f"{group}/{name}", json={"location": "eastus"}).status_code == 202
        told = cli("sweep", *words)
        assert (told.returncode, told.stdout.count("would delete")) == (1, 1)
        assert f"would delete {group}/bcs0123abcd7 (created " in told.stdout
        assert cli("sweep", *words, "--yes").returncode == 0
        shown = http.get(f"{group}/bcs0123abcd7")
        assert shown.status_code == 404 or shown.json()["properties"]["provisioningState"] == "Deleting"
        assert http.get(f"{group}/bcsproduction1").json()["properties"]["provisioningState"] != "Deleting"
        assert cli("sweep", *words).stdout == "Nothing to delete.\n"


def test_sweep_deletes_what_is_old_and_ours(cli: Cli, service: str) -> None:
    with httpx.Client(base_url=service, params=VERSION, trust_env=False) as http:
        for name in (POOL["id"], "somebody-elses"):
            made = http.post("/pools", json={**POOL, "id": name, "virtualMachineConfiguration": IMAGE})
            assert made.status_code == 201, made.text
        young = cli("sweep", "--endpoint", service)
        assert (young.returncode, young.stdout) == (0, "Nothing to delete.\n")
        told = cli("sweep", "--endpoint", service, "--older-than", "0s")
        assert told.returncode == 1
        assert f"would delete /pools/{POOL['id']} (created " in told.stdout
        assert http.get(f"/pools/{POOL['id']}").status_code == 200
        done = cli("sweep", "--endpoint", service, "--older-than", "0s", "--yes", "--format", "json")
        assert (done.returncode, json.loads(done.stdout)["left"]) == (0, [])
        assert http.get("/pools/somebody-elses").status_code == 200
        assert http.get(f"/pools/{POOL['id']}").json().get("state") in {None, "deleting"}


def test_run_judges_the_embedded_service_from_any_folder(cli: Cli, tmp_path: Path) -> None:
    done = cli("run", "--requirement", "protocol.version.*", "--report", "out", "--format", "json", "--seed", "7")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report == json.loads((tmp_path / "here" / "out" / "report.json").read_text())
    assert (report["seed"], report["target"]["auth"], report["summary"]["conformant"]) == (7, "shared-key", True)
    assert report["summary"]["must"]["passed"] > 3
    assert "<testsuites" in (tmp_path / "here" / "out" / "junit.xml").read_text()
    assert list((tmp_path / "state").iterdir()) == []
    assert _processes(f"serve --port 0 --account testaccount --speed 200.0 --seed {7}") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_cleans_up_and_reports(environment: dict[str, str], tmp_path: Path, number: int) -> None:
    seed = f"99{number}"
    words = [sys.executable, "-c", START, "run", "--requirement", "pools.*", "--report", str(tmp_path / "out"), "--seed", seed]
    with subprocess.Popen(
        words, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as child:
        end = time.monotonic() + 30
        while not list((tmp_path / "state").glob("*/ledger-main.jsonl")) or "intent" not in _ledger(tmp_path):
            assert time.monotonic() < end and child.poll() is None
            time.sleep(0.02)
        if number == signal.SIGINT:
            os.killpg(child.pid, signal.SIGINT)  # as a terminal does: to the whole group
        else:
            child.terminate()
        said, _ = child.communicate(timeout=30)
    assert child.returncode == 130, said
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["notes"][0].startswith("interrupted")
    assert not [note for note in report["notes"] if "left behind" in note]
    assert list((tmp_path / "state").iterdir()) == []
    assert _processes(f"--seed {seed}") == []


def test_an_interrupt_before_the_first_request_ends_in_130_too(environment: dict[str, str], tmp_path: Path) -> None:
    early = "import conformance.plugin.start as early; early.settings = lambda _: signal.raise_signal(signal.SIGINT); "
    words = [sys.executable, "-c", START.replace("from", early + "from", 1), "run", "--replay", str(RECORDING)]
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 130, done.stdout + done.stderr


def _ledger(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.glob("state/*/ledger-main.jsonl"))


def test_a_killed_run_leaves_no_service_behind_and_a_ledger(environment: dict[str, str], tmp_path: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "conformance",
        "run",
        "--requirement",
        "pools.*",
        "--report",
        str(tmp_path / "out"),
        "--seed",
        "4711",
    ]
    with subprocess.Popen(words, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        end = time.monotonic() + 30
        while "intent" not in _ledger(tmp_path):
            assert time.monotonic() < end and child.poll() is None
            time.sleep(0.02)
        child.kill()
    end = time.monotonic() + 10
    while _processes("--seed 4711"):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert "intent" in _ledger(tmp_path)
    assert not (tmp_path / "out").exists() or not (tmp_path / "out" / "report.json").exists()
