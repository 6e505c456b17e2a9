"""`replay`: fixed, still failing, or an error; whatever is wrong with a report is told in one line; nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from kept_failures import ANSWERS, CHANGED, COLLECTION, HANGS, JOB, LOCATION, VERSION, failure, keep

from conformance.cli import call
from conformance.fuzz.plan import Step

ROOT = Path(__file__).parents[2]
# xdist's workers ignore SIGINT, and what they start would inherit that
START = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from conformance.cli import main; main(sys.argv[1:])"
)
DEFECTS = ("location-relative", "empty-collection-crash", "expand-hangs")


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
    with _served(*DEFECTS) as url:
        yield url


@pytest.fixture(scope="module")
def clean() -> Iterator[str]:
    with _served() as url:
        yield url


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Nothing stays of what a replay keeps while it goes on."""
    folder = tmp_path / "state"
    monkeypatch.setenv("BATCH_CONFORMANCE_STATE", str(folder))
    for name in ("BATCH_ACCOUNT_KEY", "BATCH_MANAGEMENT_TOKEN", "BATCH_CONFORMANCE_TRACEBACK"):
        monkeypatch.setenv(name, "")  # and what the embedded service needs is taken back at the end
    yield folder
    assert not folder.exists() or list(folder.iterdir()) == []


def _jobs(url: str) -> list[str]:
    answer = httpx.get(f"{url}/jobs", params={"api-version": VERSION}, trust_env=False).json()
    return [job["id"] for job in answer["value"] if job.get("state") != "deleting"]


def _told(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any]:
    code = call(["replay", *map(str, words), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def _outcomes(told: Any) -> dict[str, str]:
    return {one["id"]: one["outcome"] for one in told["results"]}


def test_what_still_fails_is_told_with_expected_and_actual(
    defective: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = keep(tmp_path / "r", failure("F1", LOCATION, JOB), failure("F2", "jobs.add.status", JOB), endpoint=defective)
    assert call(["replay", str(report), "F1"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    lines = [line.strip() for line in out.splitlines()]
    assert lines[0] == f"F1  still failing  {LOCATION} [MUST]"
    assert lines[3] == "expected: an absolute URL" and lines[4].startswith("actual:   /jobs/job-1")
    assert "violated too: jobs.responses.data-service-id-is-location" in lines
    assert _jobs(defective) == []


def test_of_several_each_is_told_and_they_are_counted(defective: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crash, fixed = failure("F1", ANSWERS, JOB, COLLECTION), failure("F10", "jobs.responses.etag-present", JOB, flaky=True)
    report = keep(tmp_path / "r", crash, failure("F2", LOCATION, JOB), fixed, endpoint=defective)
    assert call(["replay", str(report), "all"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        f"F1  still failing  {ANSWERS} [MUST]",
        f"F2  still failing  {LOCATION} [MUST]",
        "F10  fixed  jobs.responses.etag-present [MUST]",
        "1 fixed, 2 still failing",
    ]
    assert "did not come again in that run either" in lines[-2]
    assert _jobs(defective) == []


def test_what_is_fixed_is_told(clean: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = keep(tmp_path / "r", failure("F1", LOCATION, JOB), failure("F2", ANSWERS, JOB, COLLECTION))
    code, told = _told(capsys, report / "report.json", LOCATION, "f2", "--endpoint", clean)
    assert (code, _outcomes(told)) == (0, {"F1": "fixed", "F2": "fixed"})
    assert told["target"] == {"endpoint": clean, "api_version": VERSION} and told["left"] == []
    assert _jobs(clean) == []


def test_no_answer_in_time_is_a_failure(defective: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = keep(tmp_path / "r", failure("F1", ANSWERS, HANGS), endpoint=defective)
    code, told = _told(capsys, report, "F1", "--timeout", "0.5")
    (one,) = told["results"]
    assert (code, one["outcome"]) == (1, "still failing")
    assert "no answer within 0.5 s" in one["actual"]


@pytest.mark.parametrize(
    ("steps", "requirement", "words", "why"),
    [
        ([JOB], LOCATION, ["--endpoint", "http://127.0.0.1:9"], "connection refused"),
        ([JOB], LOCATION, ["--api-version", "2016-02-01.3.0"], ""),
        ([JOB], "jobs.gone.requirement", [], "there is no requirement jobs.gone.requirement any more"),
        ([JOB], "nodes.responses.types", [], "the profile nodes, which the target does not claim"),
        ([Step("", "GET", "/subscriptions/<<subscription>>")], LOCATION, [], "no --management-endpoint is given"),
        ([], LOCATION, [], "the plan has no steps"),
        ([HANGS], LOCATION, ["--timeout", "0.3"], "got no HTTP answer"),
        (
            [Step("Job_Get", "GET", "/jobs/<<job:1>>"), Step("", "GET", "<<location:0>>")],
            LOCATION,
            [],
            "step 2 of 2, GET <<location:0>>, could not be sent: the target does not permit it, or an earlier answer lacks what "
            "it needs (step 1 was answered 404)",
        ),
    ],
)
def test_what_cannot_be_told_is_not_called_fixed(
    defective: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    steps: list[Step],
    requirement: str,
    words: list[str],
    why: str,
) -> None:
    report = keep(tmp_path / "r", failure("F1", requirement, *steps), endpoint=defective)
    code, told = _told(capsys, report, "F1", *words)
    (one,) = told["results"]
    if not why:  # an older api-version is another one, at which the requirement holds too
        assert (code, one["outcome"], told["target"]["api_version"]) == (1, "still failing", words[1])
        return
    assert (code, one["outcome"]) == (3, "error")
    assert why in one["why"]


def test_the_reference_service_is_started_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = keep(tmp_path / "r", failure("F1", LOCATION, JOB, CHANGED), embedded=True)
    code, told = _told(capsys, report, "F1")
    assert (code, _outcomes(told)) == (0, {"F1": "fixed"})
    code, told = _told(capsys, report, "F1", "--defect", "location-relative")
    assert (code, _outcomes(told)) == (1, {"F1": "still failing"})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["r", "F3"], "r has no failure 'F3'"),
        (["r", "F3"], f"it has: F1 ({LOCATION}), F2 ({ANSWERS})"),
        (["r", "jobs.responses.locatio"], f"did you mean `{LOCATION}`?"),
        (["s", "F1"], "s: no report is there; reports in"),
        (["rr", "F1"], "did you mean `r`?"),
        ([".", "F1"], "there is one for each api-version in it: r"),
        (["r", "F1", "--api-version", "2016"], "unknown api-version '2016'"),
        (["r", "F1", "--defect", "location-relativ"], "did you mean `location-relative`?"),
        (["r", "F1", "--defect", "location-relative", "--endpoint", "http://h"], "--defect is for the reference service"),
        (["r", "F1", "--auth", "shared-key"], "needs the name of the account: --account NAME"),
        (["r", "F1", "--target", "none.toml"], "no such target file"),
        (["r", "F1", "--endpoint", "nowhere"], "not a URL such as"),
        (["r"], "Missing argument"),
    ],
)
def test_wrong_usage_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    keep(tmp_path / "r", failure("F1", LOCATION, JOB), failure("F2", ANSWERS, HANGS))
    monkeypatch.chdir(tmp_path)
    _one_line(["replay", *words], told, capsys)


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("report.json", "{", "report.json: not a report: "),
        ("report.json", "{}", "report.json: not a report: suite: Field required"),
        ("report.json", "\udcff", "report.json: cannot be read: "),
        ("repro/F1.json", "", "F1.json: not a failure that fuzzing wrote: "),
        ("repro/F1.json", "[]", "F1.json: not a failure that fuzzing wrote: "),
        ("repro/F1.json", '{"id": "F1"}', "F1.json: not a failure that fuzzing wrote: "),
        ("repro/F1.json", "[" * 100_000, "F1.json: not a failure that fuzzing wrote: "),
        ("repro/F1.json", "{plan}@h/jobs", "no path: '@h/jobs'"),
    ],
)
def test_broken_files_are_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, told: str
) -> None:
    report = keep(tmp_path / "r", failure("F1", LOCATION, JOB))
    path = report / file
    text = path.read_text().replace('"/jobs"', '"@h/jobs"') if text.startswith("{plan}") else text
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    _one_line(["replay", str(report), "all"], told, capsys)


def test_where_nothing_was_found_nothing_is_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _one_line(["replay", str(keep(tmp_path / "a")), "F1"], "fuzzing found no failure in that run", capsys)
    _one_line(["replay", str(keep(tmp_path / "b", fuzzed=False)), "F1"], "nothing was fuzzed in that run", capsys)
    report = keep(tmp_path / "c", failure("F1", LOCATION, JOB))
    for path in (report / "repro").iterdir():
        path.unlink()
    _one_line(["replay", str(report), "F1"], "is gone, though the report tells of failures", capsys)


def test_how_to_reach_a_target_is_of_no_use_to_the_reference_service(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = keep(tmp_path / "r", failure("F1", LOCATION, JOB), embedded=True)
    _one_line(["replay", str(report), "F1", "--account", "a"], "--account says how to reach a target", capsys)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_an_interrupted_replay_created_is_removed(defective: str, tmp_path: Path, number: int) -> None:
    report = keep(tmp_path / "r", failure("F1", ANSWERS, JOB, HANGS), endpoint=defective)
    words = [sys.executable, "-c", START, "replay", str(report), "F1"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        end = time.monotonic() + 30
        while not _jobs(defective) and child.poll() is None and time.monotonic() < end:
            pass
        child.send_signal(number)
        out, err = child.communicate(timeout=30)
    assert (child.returncode, out, err) == (130, "", "")
    assert _jobs(defective) == []


def _one_line(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(words) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == "" and line.startswith("batch-conformance: ") and told in line, line


def test_what_a_run_finds_is_replayed(defective: str, clean: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "r"
    words = ["--endpoint", defective, "--timeout", "1", "--fuzz-only", "--fuzz-examples", "16", "--profile", "jobs"]
    words += ["--report", str(report)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BATCH_CONFORMANCE_CACHE": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-m", "conformance", "run", *words], env=environment, capture_output=True, check=False)
    code, told = _told(capsys, report, LOCATION)
    assert code == 1 and set(_outcomes(told).values()) == {"still failing"}
    again = next(
        e for r in json.loads((report / "report.json").read_text())["requirements"] for e in r["evidence"] if e["kind"] == "fuzz"
    )
    assert again["reproduce"].startswith(f"batch-conformance replay {report} F")
    code, told = _told(capsys, report, LOCATION, "--endpoint", clean)
    assert code == 0 and set(_outcomes(told).values()) == {"fixed"}
