"""Whatever is wrong with the target or the command line: one clear line, the right exit code, nothing left behind."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from wrong_servers import Answer, hangs, http, listening, says

Cli = Callable[..., subprocess.CompletedProcess[str]]


def _one_line(done: subprocess.CompletedProcess[str], code: int, told: str) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("batch-conformance: ")
    assert told in line


def _nothing_left(tmp_path: Path) -> None:
    assert list((tmp_path / "here").iterdir()) == []
    assert not (tmp_path / "state").exists() or list((tmp_path / "state").iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "scheme", "told"),
    [
        (hangs, "http", "no answer within 0.3 s"),
        (
            http("200 OK", "text/html", b"<html>hello</html>"),
            "http",
            "answers 200 with text/html, not with JSON: this is no Batch endpoint",
        ),
        (http("404 Not Found", "text/html", b"<html>no</html>"), "http", "answers 404 with text/html"),
        (http("500 Internal Server Error", "text/plain", b"oops"), "http", "GET /pools?maxresults=1 answers 500"),
        (http("401 Unauthorized", "application/json", b'{"code": "AuthenticationFailed"}'), "http", "401 AuthenticationFailed"),
        (
            http(
                "400 Bad",
                "application/json",
                b'{"code":"MissingRequiredHeader","values":[{"key":"HeaderName","value":"Authorization"}]}',
            ),
            "http",
            "the target wants credentials: --auth",
        ),
        (http("301 Moved", "text/plain", b""), "http", "is redirected (301)"),
        (says(b"SSH-2.0-OpenSSH_9.6\r\n"), "http", "the answer is not HTTP"),
        (says(b""), "http", "the answer is not HTTP: Server disconnected without sending a response."),
        (http("200 OK", "application/json", b"{}"), "https", "TLS failed"),
    ],
)
def test_a_target_that_is_none(cli: Cli, tmp_path: Path, answer: Answer, scheme: str, told: str) -> None:
    with listening(answer) as address:
        done = cli("run", "--endpoint", f"{scheme}://{address}", "--timeout", "0.3")
    _one_line(done, 3, told)
    assert f"{scheme}://{address}" in done.stderr
    _nothing_left(tmp_path)


def test_a_target_that_refuses(cli: Cli, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    _one_line(cli("run", "--endpoint", f"http://127.0.0.1:{port}"), 3, "connection refused: nothing listens there")
    _one_line(cli("sweep", "--endpoint", f"http://127.0.0.1:{port}"), 3, "connection refused")
    _nothing_left(tmp_path)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "--endpoint", ""], "the target has no `endpoint`"),
        (["run", "--endpoint", "localhost:80"], "not a URL such as"),
        (["run", "--endpoint", "http://127.0.0.1:1", "--profile", "poools"], "unknown profile 'poools', did you mean `pools`?"),
        (["run", "--endpoint", "http://127.0.0.1:1", "--api-version", "2024-02-01.19"], "did you mean `2024-02-01.19.0`?"),
        (["run", "--requirement", "pools.nothing.*"], "no requirement matches 'pools.nothing.*'"),
        (["run", "--endpoint", "http://127.0.0.1:1", "--auth", "shared-key"], "--account NAME"),
        (["run", "--endpoint", "http://127.0.0.1:1", "--auth", "shared-key", "--account", "a"], "BATCH_ACCOUNT_KEY is not set"),
        (["run", "--auth", "none"], "name one with --endpoint URL or --target FILE"),
        (["run", "--workers", "0"], "--workers: a number from 1, or auto"),
        (["run", "--target", "nowhere.toml"], "nowhere.toml: no such target file"),
        (["run", "--bogus"], "No such option: --bogus (see batch-conformance run --help)"),
        (["runn"], "No such command 'runn'"),
        (["spec", "openapi", "--api-version", "1"], "unknown api-version '1'"),
        (["sweep", "--endpoint", "http://127.0.0.1:1", "--older-than", "soon"], "--older-than: a number with s, m, h or d"),
        (["audit", "nowhere"], "nowhere"),
    ],
)
def test_a_wrong_command_line(cli: Cli, tmp_path: Path, words: list[str], told: str) -> None:
    done = cli(*words)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert told in line
    _nothing_left(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('endpoint = "http://h"\nacount = "a"', "target.toml: unknown key `acount`, did you mean `account`?"),
        ('endpoint = "http://h"\n[budget]\nrequests = "x"', "target.toml: `budget.requests`: input should be a valid integer"),
        ("endpoint: http://h", "target.toml: not TOML"),
    ],
)
def test_a_wrong_target_file(cli: Cli, tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "target.toml"
    path.write_text(text)
    _one_line(cli("run", "--target", str(path)), 2, told)
    _nothing_left(tmp_path)


@pytest.mark.parametrize("folder", ["file", "file/below", "/proc/x"])
def test_a_report_that_cannot_be_written_is_refused_before_any_request(cli: Cli, tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    asked: list[bytes] = []
    with listening(lambda connection: asked.append(connection.recv(9))) as address:
        done = cli("run", "--endpoint", f"http://{address}", "--report", str(tmp_path / folder))
    _one_line(done, 2, "no report can be written there")
    assert asked == []
    _nothing_left(tmp_path)


def test_sweep_that_could_not_list_pools_says_so(cli: Cli) -> None:
    with listening(http("200 OK", "text/html", b"<html>")) as address:
        _one_line(cli("sweep", "--endpoint", f"http://{address}"), 3, "/pools could not be listed, the answer was 200")


def test_a_taken_port(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        _one_line(cli("serve", "--port", str(port)), 2, "cannot listen")


def test_a_bug_is_one_line_too(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import conformance.requirements as c\nc.load = None\n")
    python_path = f"{tmp_path}:{Path(__file__).parents[2]}"
    done = cli("requirements", PYTHONPATH=python_path)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr and "BATCH_CONFORMANCE_TRACEBACK=1 shows where" in done.stderr
    assert "Traceback" in cli("requirements", PYTHONPATH=python_path, BATCH_CONFORMANCE_TRACEBACK="1").stderr


def test_help_names_every_command(cli: Cli) -> None:
    done = cli("--help")
    assert done.returncode == 0
    for name in ("run", "replay", "audit", "serve", "requirements", "spec", "sweep"):
        assert f"\n  {name} " in done.stdout


def test_the_command_line_is_cheap_to_load() -> None:
    heavy = "{'httpx', 'pydantic', 'yaml', 'pytest', 'starlette', 'uvicorn'}"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, conformance.cli; print({heavy} & set(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout.strip() == "set()"
