"""Scenarios of the management plane: who may create accounts, and that none is left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from conformance.plugin.probe import probe
from conformance.reference.clock import SystemClock
from conformance.reference.management.plane import Management
from conformance.reference.settings import Settings
from conformance.reference.store import Store
from conformance.reference.wire import WireRequest
from conformance.target import Client, Target, TargetUnreachable
from conformance.target.config import Management as Place

pytest_plugins = ["pytester"]
SUBSCRIPTION = Settings.subscription
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/conformance/providers/Microsoft.Batch/batchAccounts"
CREATE = """
@pytest.mark.creates_accounts
@pytest.mark.requirement("pools.one")
def test_create(accounts, expect):
    name = accounts.create(tags={"a": "b"})
    assert name.startswith("bcs") and name.isalnum() and name == name.lower() and len(name) <= 24
    expect.equal("pools.one", accounts.get(name)["tags"], {"a": "b"})
"""


@pytest.fixture
def plane(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """The URL of a management plane that wants a token, and the requests that it got."""
    monkeypatch.setenv("BATCH_MANAGEMENT_TOKEN", "t0ken-of-this-test")
    management = Management(Store(Settings(clock=SystemClock(1000), management_token="t0ken-of-this-test")))
    lock, seen = threading.Lock(), list[str]()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path, _, query = self.path.partition("?")
            seen.append(f"{self.command} {path}")
            headers = list(self.headers.items())
            with lock:
                answer = management.answer(
                    WireRequest(self.command, path, query, headers, body, f"http://{self.headers['Host']}")
                )
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = _any

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}", seen
        http.shutdown()


def reached(url: str, *more: str) -> list[str]:
    return [f"--management-endpoint={url}", f"--subscription={SUBSCRIPTION}", "--resource-group=conformance", *more]


def test_an_account_is_created_and_deleted(run: Callable[..., Any], plane: tuple[str, list[str]], state: Any) -> None:
    url, seen = plane
    ran = run(CREATE, *reached(url, "--create-accounts"))
    assert ran.verdict("pools.one")[0] == "passed"
    made = [request for request in seen if request.startswith("PUT ")]
    assert len(made) == 1
    assert f"DELETE {made[0].removeprefix('PUT ')}" in seen
    assert list(state.iterdir()) == []
    assert "t0ken-of-this-test" not in "".join(path.read_text() for path in ran.folder.iterdir())


EARLY = """
@pytest.mark.requirement("pools.one")
def test_create(accounts, expect):
    accounts.call("BatchAccount_Create", accountName=accounts.new_name(), body={"location": "eastus"})
    raise KeyboardInterrupt
"""


def test_an_account_is_deleted_though_its_scenario_ends_early(run: Callable[..., Any], plane: tuple[str, list[str]]) -> None:
    url, seen = plane
    run(EARLY, *reached(url, "--create-accounts"))
    changing = [request.partition("/bcs")[0] for request in seen if not request.startswith("GET")]
    assert changing == [f"PUT {GROUP}", f"DELETE {GROUP}"]


KEYS = """
import pathlib
@pytest.mark.creates_accounts
@pytest.mark.requirement("pools.one")
def test_keys(accounts, expect):
    exchange = accounts.call("BatchAccount_GetKeys", accountName=accounts.create())
    keys = exchange.response.json
    pathlib.Path("keys").write_text(keys["primary"] + "\\n" + keys["secondary"])
    expect("pools.one", False, expected=keys["primary"], actual=str(keys), exchange=exchange, message=keys["secondary"])
"""


def test_keys_reach_no_file(run: Callable[..., Any], plane: tuple[str, list[str]], pytester: pytest.Pytester) -> None:
    ran = run(KEYS, *reached(plane[0], "--create-accounts"))
    assert ran.verdict("pools.one")[0] == "failed"
    written = "".join(path.read_text() for path in ran.folder.iterdir())
    keys = (pytester.path / "keys").read_text().splitlines()
    assert len(keys) == 2
    assert "/listKeys" in written
    assert [key for key in keys if key in written + ran.result.stdout.str()] == []


def test_without_permission_no_account_is_created(run: Callable[..., Any], plane: tuple[str, list[str]]) -> None:
    url, seen = plane
    verdict, reason = run(CREATE, *reached(url)).verdict("pools.one")
    assert (verdict, seen) == ("not-permitted", [])
    assert "--create-accounts" in reason
    verdict, reason = run(CREATE.replace("@pytest.mark.creates_accounts", ""), *reached(url)).verdict("pools.one")
    assert (verdict, seen) == ("not-permitted", [])


def test_without_an_endpoint_accounts_are_untested(run: Callable[..., Any]) -> None:
    verdict, reason = run(CREATE, "--create-accounts").verdict("pools.one")
    assert verdict == "untested"
    assert "--management-endpoint" in reason


def test_an_endpoint_needs_its_place(run: Callable[..., Any]) -> None:
    ran = run(CREATE, "--management-endpoint=http://127.0.0.1:1")
    assert ran.code == 4
    ran.result.stderr.fnmatch_lines(["*--subscription ID and --resource-group NAME*"])


def test_an_unknown_version_is_told(run: Callable[..., Any]) -> None:
    ran = run(CREATE, *reached("http://127.0.0.1:1", "--management-version=2024-02-02"))
    ran.result.stderr.fnmatch_lines(["*unknown management api-version '2024-02-02', did you mean `2024-02-01`*"])


@pytest.mark.parametrize(
    ("group", "token", "told"),
    [
        ("conformance", "t0ken-of-this-test", ""),
        ("nowhere", "t0ken-of-this-test", "answers 404 ResourceGroupNotFound: check --management-endpoint, --subscription"),
        ("conformance", "another", "answers 401 InvalidAuthenticationToken: check --management-auth and BATCH_MANAGEMENT_TOKEN"),
    ],
)
def test_the_plane_is_asked_before_a_run(
    plane: tuple[str, list[str]], server: Any, monkeypatch: pytest.MonkeyPatch, group: str, token: str, told: str
) -> None:
    monkeypatch.setenv("BATCH_MANAGEMENT_TOKEN", token)
    place = Place(subscription=SUBSCRIPTION, resource_group=group, api_version="2024-02-01")
    with Client(Target(endpoint=server.url, management_endpoint=plane[0], management=place)) as client:
        if not told:
            probe(client, "2025-06-01", management=True)
            return
        with pytest.raises(TargetUnreachable, match=told):
            probe(client, "2025-06-01", management=True)


def test_something_else_is_no_management_plane() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text="<html>"))
    target = Target(endpoint="http://h", management_endpoint="http://h", management=Place(subscription="1", resource_group="g"))
    with Client(target, None, transport) as client, pytest.raises(TargetUnreachable, match="no Azure Resource Manager"):
        probe(client, "2025-06-01", management=True)
