"""A small Batch-like server, and pytest runs against it with a catalogue of four requirements."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore
import pytest

from conformance.plugin import certificates, controller, start
from conformance.report import Report, read
from conformance.requirements import Catalogue, Requirement, Source

# pytester forgets what is first imported in an inner run: these must be there before
__all__ = ["certificates", "controller", "httpcore", "start"]

CATALOGUE = Catalogue(
    {
        r.id: r
        for r in [
            Requirement(id="pools.one", level="MUST", profile="pools", title="One.", source=Source(document="d", section="s")),
            Requirement(id="pools.two", level="MUST", profile="pools", title="Two.", source=Source(document="d", section="s")),
            Requirement(
                id="pools.old",
                level="MUST",
                profile="pools",
                title="Old.",
                source=Source(document="d", section="s"),
                until="2016-07-01.3.1",
            ),
            Requirement(id="jobs.one", level="MUST", profile="jobs", title="Job.", source=Source(document="d", section="s")),
        ]
    },
    (),
)


@dataclass
class Server:
    """Remembers pools; `seen` are the requests, `status` an answer to everything when it is not 0; with `hangs_up` none is
    given."""

    url: str = ""
    status: int = 0
    hangs_up: bool = False
    pools: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        self.seen.append(f"{method} {path}")
        if self.status:
            return self.status, None
        name = path.removeprefix("/pools").strip("/")
        if method == "POST" and not name:
            self.pools.add(json.loads(body)["id"])
            return 201, None
        if not name:
            return 200, {"value": [{"id": p, "creationTime": "2020-01-01T00:00:00Z"} for p in sorted(self.pools)]}
        if name not in self.pools:
            return 404, {"code": "PoolNotFound"}
        if method == "DELETE":
            self.pools.discard(name)
            return 202, None
        return 200, {"id": name, "secret": "x", "password": "hunter2"}


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if state.hangs_up:
                self.close_connection = True
                return
            status, answer = state.answer(self.command, self.path.partition("?")[0], body)
            content = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_PATCH = _any

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        state.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield state
        http.shutdown()


@dataclass
class Ran:
    result: pytest.RunResult
    folder: Path

    @property
    def code(self) -> int:
        return int(self.result.ret)

    @property
    def report(self) -> Report:
        return read(self.folder / "report.json")

    def verdict(self, name: str) -> tuple[str, str]:
        """The verdict, and the reason or the message of the last evidence."""
        record = next(r for r in self.report.requirements if r.id == name)
        return record.verdict, record.evidence[-1].message if record.evidence else record.reason


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("BATCH_CONFORMANCE_STATE", str(folder))
    return folder


@pytest.fixture
def run(pytester: pytest.Pytester, server: Server, state: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run a scenario's source against the server, in this process."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr("conformance.plugin.options.load", lambda: CATALOGUE)

    def _run(source: str, *options: str, subprocess: bool = False) -> Ran:
        pytester.makepyfile(test_scenario=f"import pytest\nfrom conformance.plugin import Blocked\n{source}")
        folder = pytester.path / "report"
        words = ["-p", "conformance.plugin", "-p", "no:cacheprovider", f"--endpoint={server.url}", f"--batch-report={folder}"]
        words += ["--strict-markers", "--tb=short", *options]
        if subprocess:
            return Ran(pytester.runpytest_subprocess(*words, timeout=30), folder)
        return Ran(pytester.runpytest_inprocess(*words, no_reraise_ctrlc=True), folder)

    return _run
