"""Fuzzing through the real entry point: what it finds, tells, keeps, and leaves behind."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fuzz_runs import VERSION, begun, ended, fuzzed, left_at, requests_of, served, stored

from conformance.cli import call
from conformance.fuzz.naming import NO_NODES
from conformance.fuzz.plan import Step

Environment = dict[str, str]
ANSWERS, NO_SERVER_ERROR = "protocol.robustness.answers", "protocol.robustness.no-server-error"
LOCATION = "jobs.responses.location"
OWN = "/jobs/<<job:1>>"
JOB = Step("Job_Add", "POST", "/jobs", body={"id": "<<job:1>>", "poolInfo": {"poolId": "none"}})
RARE = replace(JOB, body={**JOB.body, "displayName": "é", "priority": 7, "metadata": [{"name": "a", "value": "b"}]})
PATCHED = Step("Job_Patch", "PATCH", OWN, body={"priority": 7, "metadata": [{"name": "a", "value": "b"}]})
GOT = Step("Job_Get", "GET", OWN)
LIST = Step("Job_List", "GET", "/jobs")
SMALL = ("--profile=jobs", "--profile=certificates", "--profile=protocol", "--fuzz-examples=30")


def test_a_clean_service_has_no_failure_and_a_seed_gives_the_same_requests(environment: Environment, tmp_path: Path) -> None:
    first, again, other = (tmp_path / name / "report" for name in ("first", "again", "other"))
    with (
        begun(environment, first, *SMALL, "--seed=5") as one,
        begun(environment, again, *SMALL, "--seed=5") as two,
    ):
        run, second = ended(one, first), ended(two, again)
    assert (run.code, run.err) == (0, ""), run.out
    fuzz = run.fuzz
    assert (fuzz["seed"], fuzz["failures"], fuzz["stopped"]) == (5, [], [])
    assert 5 <= fuzz["sequences"] <= 30 and 30 < fuzz["requests"] <= run.report["exchanges"]
    assert f"fuzzing sent {fuzz['sequences']} sequences, {fuzz['requests']} requests in all, seed 5; no failure" in " ".join(
        run.out.split()
    )
    assert not (first / "repro").exists()
    sent = requests_of(run)
    assert requests_of(second) == sent
    third = fuzzed(environment, other, *SMALL, "--seed=6")
    assert third.code == 0 and requests_of(third) != sent
    assert list((tmp_path / "state").iterdir()) == []


def test_what_is_wrong_is_found_grouped_shrunk_and_written_down(environment: Environment, tmp_path: Path) -> None:
    wrong = ("location-relative", "job-patch-ignored", "unicode-500", "empty-collection-crash")
    folder, cache = tmp_path / "report", tmp_path / "cache"
    with served(environment, *wrong) as url:
        # rare input: chance would need many examples, so they are kept as if they had failed before
        stored(cache, url, "tasks", RARE, GOT, LIST)
        stored(cache, url, "jobs", JOB, LIST, GOT, PATCHED, GOT, LIST)
        stored(cache, url, "tasks", JOB, LIST, Step("Task_AddCollection", "POST", f"{OWN}/addtaskcollection", body={"value": []}))
        words = ("--endpoint", url, "--profile=jobs", "--profile=tasks", "--profile=protocol", "--fuzz-examples=40", "--seed=1")
        run = fuzzed(environment, folder, *words)
        left = left_at(url)
    assert (run.code, run.err, left) == (1, "", []), run.out
    causes = run.causes
    assert {LOCATION, NO_SERVER_ERROR, ANSWERS} <= causes.keys()
    forgetful = [one for one in run.fuzz["failures"] if "jobs.trace.sent-shown" in one["requirements"]]
    # with so few examples there may be too few requests to find the three steps that do
    assert forgetful and all(one["by"] == "patch.taken" and one["steps"] <= 4 for one in forgetful if one["shrunk"])
    location, crash = causes[LOCATION], causes[ANSWERS]
    assert (location["steps"], location["shrunk"]) == (1, True) and location["count"] >= 10
    assert crash["steps"] <= 2 and crash["operations"].keys() == {"Task_AddCollection"}
    _is_small(run.repro(causes[NO_SERVER_ERROR]["id"]))
    _tells_how_to_replay(run.report, LOCATION, f"batch-conformance replay {folder} {location['id']}")
    names = {one["id"] for one in run.fuzz["failures"]}
    written = {path.name for path in (folder / "repro").iterdir()}
    assert written == {f"{name}.{kind}" for name in names for kind in ("json", "sh")} | {f"test_{n.lower()}.py" for n in names}


def _is_small(told: Any) -> None:
    (step,) = told["plan"]["steps"]
    assert len(json.dumps(step["body"])) < 120


def _tells_how_to_replay(report: Any, requirement: str, command: str) -> None:
    (judged,) = (one for one in report["requirements"] if one["id"] == requirement)
    assert judged["verdict"] == "failed"
    told = [one for one in judged["evidence"] if one["kind"] == "fuzz"]
    assert told and all(one["reproduce"].startswith(command) for one in told)


def test_no_secret_stands_in_what_shows_a_failure(environment: Environment, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    with served(environment, "request-id-absent") as url:
        run = fuzzed(environment, folder, "--endpoint", url, "--profile=certificates", "--profile=protocol", "--fuzz-examples=60")
    assert run.code == 1 and run.fuzz["failures"]
    for path in (folder / "repro").iterdir():
        text = path.read_text()
        assert "MII" not in text, path  # how a certificate begins in base64; a password is one of its plan's tokens
    added = [one["request"].get("body") or "" for one in run.exchanges if "/certificates" in one["request"]["url"]]
    assert any('"data": "SCRUBBED"' in body for body in added) and not any("MII" in body for body in added)


def test_what_failed_is_tried_first_and_forgotten_when_it_passes(environment: Environment, tmp_path: Path) -> None:
    cache, words = tmp_path / "cache", ("--profile=jobs", "--fuzz-examples=6")
    environment = {**environment, "BATCH_CONFORMANCE_CACHE": str(cache)}
    with served(environment, "location-relative") as url:
        store = stored(cache, url, "jobs")
        assert fuzzed(environment, tmp_path / "a", "--endpoint", url, *words).code == 1
        kept = store.plans()
        assert kept and all(len(plan.steps) == 1 for plan in kept)
        again = fuzzed(environment, tmp_path / "b", "--endpoint", url, *words, "--seed=8")
    assert again.code == 1 and again.fuzz["sequences"] > len(kept)
    asked = again.exchanges[0]["request"]
    assert (asked["method"], urlsplit(asked["url"]).path) == ("POST", "/jobs")
    assert set(json.loads(asked["body"])) == set(kept[0].steps[0].body)
    with served(environment, port=urlsplit(url).port or 0) as clean:
        assert clean == url
        mended = fuzzed(environment, tmp_path / "c", "--endpoint", url, *words)
    assert (mended.code, store.plans()) == (0, [])


def test_a_request_that_is_never_answered_does_not_end_the_run(environment: Environment, tmp_path: Path) -> None:
    with served(environment, "expand-hangs") as url:
        rare = replace(LIST, query={"$expand": "stats", "maxresults": "10"})
        stored(tmp_path / "cache", url, "jobs", JOB, LIST, rare, GOT)
        words = ("--endpoint", url, "--timeout=0.5", "--profile=jobs", "--profile=protocol", "--fuzz-examples=20", "--seed=2")
        run = fuzzed(environment, tmp_path / "report", *words)
        left = left_at(url)
    assert (run.code, left) == (1, []), run.out
    (hang,) = run.fuzz["failures"]
    assert (hang["requirement"], hang["steps"]) == (ANSWERS, 1)
    told = run.repro(hang["id"])
    assert "no answer within 0.5 s" in told["actual"] and told["plan"]["steps"][0]["query"] == {"$expand": "stats"}
    assert "The last request got no answer." in (run.folder / "repro" / f"{hang['id']}.sh").read_text()
    assert run.fuzz["sequences"] > 3  # it went on


@pytest.mark.parametrize("bound", [("--max-requests=60",), ("--fuzz-time=4", "--fuzz-examples=100000")])
def test_a_bound_ends_it_and_nothing_is_left_and_no_node_was_asked_for(
    environment: Environment, tmp_path: Path, bound: tuple[str, ...]
) -> None:
    with served(environment) as url:
        run = fuzzed(environment, tmp_path / "report", "--endpoint", url, "--profile=pools", *bound)
        left = left_at(url)
    assert (run.code, left) == (0, []), run.out
    fuzz = run.fuzz
    assert fuzz["failures"] == [] and 1 <= fuzz["sequences"] < 100_000
    if "--max-requests=60" in bound:
        assert run.report["exchanges"] <= 60 + len(run.exchanges_of("cleanup")) and "(pools" in fuzz["stopped"][0]
    for exchange in run.exchanges:
        _asks_for_no_node(exchange)


def _asks_for_no_node(exchange: Any) -> None:
    body = exchange["request"].get("body")
    if not body or exchange["response"]["status"] >= 400:
        return
    told = json.loads(body)
    assert not any(told.get(name) for name in ("targetDedicatedNodes", "targetLowPriorityNodes")), body
    assert told.get("autoScaleFormula", NO_NODES) == NO_NODES, body


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(environment: Environment, tmp_path: Path, number: int) -> None:
    folder, state = tmp_path / "report", tmp_path / "state"
    words = ("--profile=pools", "--profile=jobs", "--profile=job-schedules", "--fuzz-examples=5000")
    with served(environment) as url, begun(environment, folder, "--endpoint", url, *words) as child:
        end = time.monotonic() + 40
        while sum(path.read_text().count("intent") for path in state.glob("*/ledger-*.jsonl")) < 5:
            assert time.monotonic() < end and child.poll() is None
            time.sleep(0.02)
        child.send_signal(number)
        run = ended(child, folder)
        left = left_at(url)
    assert (run.code, left) == (130, []), run.out
    assert run.report["notes"][0].startswith("interrupted")
    assert list(state.iterdir()) == []


GET = {"responses": {"200": {"description": "OK"}}}
ID = {"name": "jobId", "in": "path", "required": True}
BODY = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "priority": {"type": "integer"}}}
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/jobs": {"post": {**GET, "parameters": [{"name": "job", "in": "body", "schema": {"$ref": "#/definitions/Job"}}]}},
        "/jobs/{jobId}": {"get": {**GET, "parameters": [{**ID, "type": "string"}]}},
    },
    "definitions": {"Job": BODY},
}
OPENAPI: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/jobs": {"post": {**GET, "requestBody": {"content": {"application/json": {"schema": BODY}}}}},
        "/jobs/{jobId}": {
            "get": {
                **GET,
                "parameters": [
                    {**ID, "schema": {"type": "string"}},
                    {"name": "api-version", "in": "query", "required": True, "schema": {"type": "string"}},
                ],
            }
        },
    },
}


@pytest.mark.parametrize("document", [SWAGGER, OPENAPI])
def test_a_document_of_the_users_is_what_requests_are_made_from(
    environment: Environment, tmp_path: Path, document: dict[str, Any]
) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(document))
    words = (f"--spec={spec}", "--profile=jobs", "--profile=files", "--fuzz-examples=40")
    run = fuzzed(environment, tmp_path / "report", *words)
    assert (run.code, run.err) == (0, ""), run.out
    assert 5 <= run.fuzz["sequences"] <= 40 and run.fuzz["failures"] == []
    asked = [one["request"] for one in run.exchanges]
    assert {urlsplit(one["url"]).path.split("/")[1] for one in asked} == {"jobs"}
    # what the document lacks is asked for only as a method that it does not know of a path
    assert sum(one["method"] == "PATCH" for one in asked) < 0.1 * len(asked)
    versions = [f"api-version={VERSION}" in one["url"] for one in asked]
    assert versions.count(True) > 0.8 * len(versions)  # a document that pins none does not make them up
    assert "1 skipped" in run.out  # it knows nothing of files


def test_the_rendered_document_gives_the_same_as_the_contract(
    environment: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "spec.json"
    assert call(["spec", "openapi", "--api-version", VERSION]) == 0
    spec.write_text(capsys.readouterr().out)
    words = ("--profile=files", "--profile=jobs", "--fuzz-examples=20")
    with (
        begun(environment, tmp_path / "a" / "r", *words) as one,
        begun(environment, tmp_path / "b" / "r", *words, f"--spec={spec}") as two,
    ):
        contract, own = ended(one, tmp_path / "a" / "r"), ended(two, tmp_path / "b" / "r")
    assert (contract.code, own.code) == (0, 0), own.out + own.err
    assert requests_of(contract) == requests_of(own)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read: No such file or directory"),
        ("a: [", "neither JSON nor YAML: while parsing a flow node"),
        ("{", "neither JSON nor YAML: Expecting property name"),
        ("\udcff", "cannot be read: it is no UTF-8 text"),
        ("just text", "no OpenAPI document: it has neither `openapi` nor `swagger` at its top"),
        ('{"openapi": "3.1.0", "paths": [1]}', "Schemathesis cannot read it as OpenAPI"),
        (json.dumps({**OPENAPI, "paths": {}}), "it describes no operation"),
        (json.dumps({**OPENAPI, "paths": {"/pets": {"get": GET}}}), "GET /pets, for example, is not"),
    ],
)
def test_a_document_of_no_use_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str | None, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if text is not None:
        Path("spec.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    _one_line(["--spec", "spec.json"], f"--spec spec.json: {told}" if "pets" not in told else told, capsys)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--fuzz-examples", "-1"], "Invalid value for '--fuzz-examples'"),
        (["--fuzz-examples", "many"], "Invalid value for '--fuzz-examples'"),
        (["--fuzz-time", "0"], "Invalid value for '--fuzz-time'"),
        (["--fuzz-time", "nan"], "Invalid value for '--fuzz-time'"),
        (["--seed", "a"], "Invalid value for '--seed'"),
        (["--fuzz-only", "--fuzz-examples", "0"], "nothing would be done"),
        (["--fuzz-only", "--profile", "protocol"], "nothing of the profiles that are claimed is fuzzed"),
        (["--fuzz-only", "--requirement", "none.such"], "no requirement matches 'none.such'"),
        (["--fuzz-only", "--record", "rec"], "--record: recordings are of scenarios; fuzz in a run of its own"),
        (["--fuzz-examples", "3", "--record", "rec"], "--record: recordings are of scenarios; fuzz in a run of its own"),
        (["--fuzz-only", "--replay", "rec"], "--fuzz-only says what a run is to do with a target"),
        (["--spec", "s", "--replay", "rec"], "--spec says what a run is to do with a target"),
        (["--fuzz-time", "3", "--replay", "rec"], "--fuzz-time says what a run is to do with a target"),
    ],
)
def test_options_of_no_sense_are_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    _one_line(words, told, capsys)


def _one_line(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", *words]) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == "" and line.startswith("batch-conformance: ") and told in line, line
    assert list(Path.cwd().glob("reports")) == []
