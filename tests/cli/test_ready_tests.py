"""The pytest file that a failure comes with: fails while the target is wrong, passes when it is right, says what it needs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kept_failures import ANSWERS, CHANGED, JOB, LOCATION, VERSION, failure, keep

from conformance.fuzz.plan import Step


@contextmanager
def _served(*defects: str) -> Iterator[str]:
    words = [sys.executable, "-m", "conformance", "serve", "--port", "0", *(f"--defect={name}" for name in defects)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield json.loads(child.stdout.readline())["url"]
        finally:
            child.terminate()


@pytest.fixture(scope="module")
def defective() -> Iterator[str]:
    with _served("location-relative") as url:
        yield url


@pytest.fixture(scope="module")
def clean() -> Iterator[str]:
    with _served() as url:
        yield url


@pytest.fixture
def report(tmp_path: Path) -> Path:
    unsent = [Step("Job_Get", "GET", "/jobs/<<job:1>>"), Step("", "GET", "<<location:0>>")]
    return keep(
        tmp_path / "r", failure("F1", LOCATION, JOB, CHANGED), failure("F2", ANSWERS, JOB), failure("F3", LOCATION, *unsent)
    )


def _pytest(environment: dict[str, str], folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_fails_for_the_same_reason(defective: str, environment: dict[str, str], report: Path) -> None:
    before = {path.name: path.read_bytes() for path in report.rglob("*") if path.is_file()}
    words = ["--endpoint", defective, "--api-version", VERSION, "--batch-report", "r"]
    done = _pytest(environment, report.parent, "r/repro/test_f1.py", *words)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{LOCATION} does not hold: Location is not an absolute URL" in done.stdout
    assert "expected: an absolute URL" in done.stdout and "actual:   /jobs/job-" in done.stdout
    assert f"pytest r/repro/test_f1.py::test_f1 --endpoint {defective} --api-version {VERSION}" in done.stdout
    # the report from which it comes is still there
    assert {path.name: path.read_bytes() for path in report.rglob("*.*") if path.name in before} == before
    told = json.loads((report.parent / "r-again" / "report.json").read_text())
    verdicts = {one["id"]: one["verdict"] for one in told["requirements"]}
    assert verdicts[LOCATION] == "failed" and told["suite_errors"] == 0


def test_it_passes_when_it_is_mended(clean: str, environment: dict[str, str], report: Path) -> None:
    done = _pytest(environment, report / "repro", "test_f1.py", "test_f2.py", "--endpoint", clean, "--api-version", VERSION)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_what_cannot_be_told_is_skipped_and_says_why(clean: str, environment: dict[str, str], report: Path) -> None:
    done = _pytest(environment, report / "repro", "test_f3.py", "--endpoint", clean, "--api-version", VERSION, "-rs")
    assert "= 1 skipped in" in done.stdout
    assert "step 2 of 2, GET <<location:0>>, could not be sent" in done.stdout


def test_without_a_target_it_says_that_it_needs_one(environment: dict[str, str], report: Path) -> None:
    done = _pytest(environment, report / "repro", "test_f1.py")
    assert done.returncode == 4
    assert "test_f1.py shows a failure again: it needs a target: pytest test_f1.py --endpoint URL" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_fixture_of_that_name_in_another_project_is_its_own_matter(environment: dict[str, str], tmp_path: Path) -> None:
    lines = ["import pytest", "@pytest.fixture", "def resend():", "    return 1"]
    lines += ["@pytest.mark.requirement('x')", "def test_x(resend):", "    assert resend == 1"]
    (tmp_path / "test_x.py").write_text("\n".join(lines))
    assert _pytest(environment, tmp_path, "test_x.py").returncode == 0
