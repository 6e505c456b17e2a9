"""An account that somebody pays for: no node is asked for without permission, and no more requests are sent than was told."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
NAMES = ("targetDedicatedNodes", "targetDedicated", "targetLowPriorityNodes", "targetLowPriority")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "requests.jsonl"


@pytest.fixture
def url(environment: dict[str, str], log: Path) -> Iterator[str]:
    """A reference service that writes down what it is asked."""
    words = [sys.executable, str(HERE / "recording_service.py"), str(log), "--speed", "200"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline())["url"]
        child.send_signal(signal.SIGINT)
        assert child.wait(10) == 0


@pytest.fixture
def run(environment: dict[str, str], url: str, tmp_path: Path) -> Run:
    def _run(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "conformance", "run", "--endpoint", url, "--report", "out", *words]
        return subprocess.run(line, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)

    return _run


def _asked(log: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def _wants_nodes(asked: dict[str, str]) -> bool:
    """By the text alone, so that no place in a body is overlooked. Evaluating a formula changes no pool."""
    if asked["path"].endswith("/evaluateautoscale"):
        return False
    counts = re.findall(rf'"(?:{"|".join(NAMES)})"\s*:\s*"?\s*([^,}}"]*)', asked["body"], re.IGNORECASE)
    formulas = re.findall(r"\$Target\w+\s*=([^;]*)", asked["body"], re.IGNORECASE)
    stated = [text for text in (*counts, *formulas) if text.strip() not in {"true", "false", "null"}]
    return any(re.search(r"[1-9]|[a-z]", text, re.IGNORECASE) and not text.strip().startswith("-") for text in stated)


def _told(done: subprocess.CompletedProcess[str]) -> int:
    found = re.search(r"Requests: (\d+) at most", done.stdout)
    assert found, done.stdout + done.stderr
    return int(found[1])


def _records(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "out" / "report.json").read_text())["requirements"]
    return found


@pytest.mark.parametrize(
    ("path", "body", "wants"),
    [
        ("/pools", {"targetDedicatedNodes": 0}, False),
        ("/pools", {"targetDedicatedNodes": 1}, True),
        ("/jobs", {"poolInfo": {"autoPoolSpecification": {"pool": {"targetLowPriorityNodes": 10}}}}, True),
        ("/pools/p/enableautoscale", {"autoScaleFormula": "$TargetDedicatedNodes = 0; $TargetLowPriorityNodes = 5;"}, True),
        ("/pools/p/enableautoscale", {"autoScaleFormula": "$TargetDedicated = min($a, 0);"}, True),
        ("/pools/p/evaluateautoscale", {"autoScaleFormula": "$TargetDedicated = 4;"}, False),
    ],
)
def test_the_detector(path: str, body: dict[str, Any], wants: bool) -> None:
    assert _wants_nodes({"path": path, "body": json.dumps(body)}) is wants


def test_the_whole_suite_asks_for_no_node_and_keeps_its_bound(run: Run, log: Path, tmp_path: Path) -> None:
    done = run("--workers", "2", "--api-version", "2024-02-01.19.0")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    asked = _asked(log)
    assert len(asked) > 1000
    assert [request for request in asked if _wants_nodes(request)] == []
    assert len(asked) <= _told(done)
    assert "Nodes: none, so computing costs nothing." in done.stdout
    refused = [record for record in _records(tmp_path) if record["verdict"] == "not-permitted"]
    assert len(refused) > 30
    assert [record["id"] for record in refused if "does not permit" not in json.dumps(record)] == []
    assert not any("budget" in json.dumps(record) for record in refused)
    assert list((tmp_path / "state").iterdir()) == []


def test_a_small_bound_is_kept_and_all_is_removed(run: Run, log: Path, tmp_path: Path) -> None:
    done = run("--max-requests", "40", "--requirement", "pools.*", "--requirement", "certificates.*")
    assert "Requests: 40 at most (as budget.requests or --max-requests says)" in done.stdout
    asked = _asked(log)
    assert 20 < len(asked) <= 40
    refused = [record for record in _records(tmp_path) if record["verdict"] == "not-permitted"]
    assert any("the budget of 38 requests is used up" in json.dumps(record) for record in refused)
    assert list((tmp_path / "state").iterdir()) == []


def test_several_versions_share_a_bound(run: Run, log: Path) -> None:
    done = run("--max-requests", "60", "--api-version", "2023-11-01.18.0", "--api-version", "2025-06-01", "--profile", "pools")
    assert "Requests: 60 at most" in done.stdout
    assert 20 < len(_asked(log)) <= 60


def test_permission_to_start_nodes_says_what_it_may_cost(run: Run, log: Path) -> None:
    done = run("--start-nodes", "--max-minutes", "3", "--requirement", "pools.resize.reaches-target")
    assert done.returncode == 0, done.stdout + done.stderr
    flat = " ".join(done.stdout.split())
    assert "Nodes: 12 at the same time at most (permissions.max_nodes = 2 for each of 6 pools" in flat
    assert "for 3 minutes at most (budget.minutes or --max-minutes): 36 node minutes" in flat
    assert any(_wants_nodes(request) for request in _asked(log))


def test_what_is_told_does_not_mix_with_json(run: Run) -> None:
    done = run("--format", "json", "--requirement", "pools.get.*")
    assert json.loads(done.stdout)["summary"]["conformant"]
    assert "Requests: " in done.stderr and "Nodes: none" in done.stderr
