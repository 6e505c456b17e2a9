"""The files that show a failure again are whole, are what they say, and hold no secret, whatever the target answered."""

from __future__ import annotations

import ast
import json
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from failures import JOB, LOCATION, asked, failure

from conformance.fuzz.failure import Failure
from conformance.fuzz.plan import Plan, Step
from conformance.fuzz.repro import curl_lines, pytest_file, write
from conformance.plugin.fuzzreport import again
from conformance.plugin.options import Settings, resolve
from conformance.target import load_target

HOSTILE = [
    "plain",
    "two\nlines\r\nand\x0bmore\u2028still",
    "quotes \" ' \"\"\" ''' and a backslash \\",
    'ends with "',
    "ends with \\",
    "{braces} %s $(touch here) `touch here` ; touch here",
    "\x1b[31mred\x07 \u202eback",
    "",
    "long " * 200,
    "half a pair \ud800",
]


def _plan(text: str) -> Any:
    """What the ready file says the plan is."""
    module = ast.parse(text)
    return next(ast.literal_eval(node.value) for node in module.body if isinstance(node, ast.Assign))


def _body(text: str) -> Step:
    return replace(JOB, body={"id": text, "list": [text, 1.5, None, True], text: {}})


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_the_target_says_the_files_are_whole(text: str, tmp_path: Path) -> None:
    exchange = asked("POST", "https://h/jobs?api-version=2025-06-01", json.dumps({"id": text}).encode())
    one = failure("F1", LOCATION, _body(text), title=text, message=text, expected=text, actual=text)
    one.exchanges = (exchange,)
    write(tmp_path / "repro", [one])
    assert sorted(path.name for path in (tmp_path / "repro").iterdir()) == ["F1.json", "F1.sh", "test_f1.py"]
    ready = (tmp_path / "repro" / "test_f1.py").read_text(encoding="utf-8")
    assert _plan(ready) == one.as_json()["plan"]
    assert Plan.load(json.dumps(_plan(ready))) == one.plan
    script = (tmp_path / "repro" / "F1.sh").read_text(encoding="utf-8")
    lines = script.splitlines()
    assert lines[0] == "#!/bin/sh" and lines[-1].startswith("curl -i -X POST ")
    assert all(line.startswith("#") or not line for line in lines[:-1])
    assert json.loads(shlex.split(lines[-1])[-1]) == {"id": text}
    assert not set("\x1b\x07\u202e") & set(script + ready)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_kept_failure_is_read_as_it_was(text: str, tmp_path: Path) -> None:
    one = failure("F1", LOCATION, _body(text), JOB, message=text, flaky=True)
    write(tmp_path / "repro", [one])
    told = json.loads((tmp_path / "repro" / "F1.json").read_text(encoding="ascii"))
    assert Failure.from_json(told) == replace(one, violation=replace(one.violation, index=-1))


def test_a_shell_can_read_the_script(tmp_path: Path) -> None:
    one = failure("F1", LOCATION, JOB, message="it's `a` $(b) \"c")
    one.exchanges = (asked("POST", "https://h/jobs?a='b'&c=$(d)", b'{"id": "it\'s $(e)"}'), asked("HEAD", "https://h/jobs/1"))
    script = tmp_path / "F1.sh"
    script.write_text(curl_lines(one))
    subprocess.run(["sh", "-n", script], check=True)


def test_the_script_says_what_failed_and_has_every_request_in_order() -> None:
    one = failure("F1", LOCATION, JOB)
    one.exchanges = (
        asked("POST", "https://h/jobs"),
        asked("GET", "https://h/jobs/1"),
        asked("DELETE", "https://h/jobs/1", status=0),
    )
    script = curl_lines(one)
    for told in (f"# F1: {LOCATION} [MUST]", "# A title.", "# Source: a document.", "# expected: this", "# actual: that"):
        assert told in script
    requests = [line.split()[3] for line in script.splitlines() if line.startswith("curl")]
    assert requests == ["POST", "GET", "DELETE"]
    assert "# The last request got no answer." in script


def test_signed_requests_are_told_of_and_nothing_secret_is_shown() -> None:
    one = failure("F1", LOCATION, JOB)
    one.exchanges = (asked("GET", "https://h/jobs?sig=c2VjcmV0c2VjcmV0", Authorization="SharedKey a:c2lnbmVkc2lnbmVk"),)
    script = curl_lines(one)
    assert "c2VjcmV0" not in script and "c2lnbmVk" not in script
    assert '"Authorization: $AUTHORIZATION"' in script and "# Each request needs a signature of its own" in script
    one.exchanges = (asked("GET", "https://h/jobs"),)
    assert "AUTHORIZATION" not in curl_lines(one)


def test_the_ready_file_names_requirement_and_api_version() -> None:
    ready = pytest_file(failure("F12", LOCATION, JOB), "2024-07-01.20.0")
    assert f"@pytest.mark.requirement({LOCATION!r})\ndef test_f12(resend):" in ready
    assert "pytest test_f12.py --endpoint URL --api-version 2024-07-01.20.0" in ready


def test_what_the_suite_broke_on_has_no_requirement() -> None:
    ready = pytest_file(failure("F1", "", JOB))
    assert "mark" not in ready and "resend(PLAN, '')" in ready


def test_what_an_earlier_run_left_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "repro"
    write(folder, [failure("F1", LOCATION, JOB), failure("F2", LOCATION, JOB)])
    write(folder, [failure("F1", LOCATION, JOB)])
    assert {path.stem for path in folder.iterdir()} == {"F1", "test_f1"}
    write(folder, [])
    assert list(tmp_path.iterdir()) == []


def test_what_stood_there_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "repro"
    write(folder, [failure("F1", LOCATION, JOB)])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(one: Failure, version: str) -> str:
        raise OSError("no space left")

    monkeypatch.setattr("conformance.fuzz.repro.pytest_file", full)
    with pytest.raises(OSError, match="no space left"):
        write(folder, [failure("F2", LOCATION, JOB)])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("path", ["@h/jobs", "h/jobs", "https://h/jobs", "", ".h/jobs", ":1/jobs", " /jobs", "x<<next:0>>"])
def test_a_path_names_no_other_host(path: str) -> None:
    told = {"family": "jobs", "steps": [{"operation": "", "method": "GET", "path": path}]}
    with pytest.raises(ValueError, match="no path"):
        Plan.load(json.dumps(told))
    told["steps"][0]["path"] = "<<next:0>>"  # type: ignore[index]
    assert Plan.load(json.dumps(told)).steps[0].path == "<<next:0>>"


def _settings(**fields: object) -> Settings:
    made = resolve(load_target(None, {"endpoint": "http://h", **fields}), [])
    words = ["batch-conformance", "run", "--endpoint", "http://h", *(["--account", "a b"] if fields else [])]
    return replace(made, command=shlex.join([*words, "--api-version", made.version]))


def test_the_command_to_replay_says_what_the_report_does_not() -> None:
    one, folder = failure("F1", LOCATION, JOB), Path("my reports")
    short = ["batch-conformance", "replay", "my reports", "F1"]
    plain, named = _settings(), _settings(account="a b")
    assert shlex.split(again(folder, one, plain)) == short
    assert shlex.split(again(folder, one, replace(named, embedded=True))) == short
    more = ["--endpoint", "http://h", "--account", "a b", "--api-version", plain.version]
    assert shlex.split(again(folder, one, named)) == [*short, *more]
