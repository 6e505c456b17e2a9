"""How fast the suite is, beside what bounds it, in one run: `make bench`. No test, since figures depend on the machine: each
is a ratio to a limit that was measured a moment before."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from conformance.exchange import Exchange, Headers, Request, Response, read_cassette
from conformance.judge import judge
from conformance.requirements import load
from conformance.rules import context_for, findings

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "tests" / "fixtures" / "recordings"
VERSION = "2023-11-01.18.0"
SERVER = """
from conformance.reference.clock import SystemClock
from conformance.reference.serve import serve
from conformance.reference.settings import Settings
serve(Settings(clock=SystemClock(600)), "127.0.0.1", 0, lambda told: print(told["url"], flush=True))
"""
LOADING = f"""
import time
start = time.process_time()
from conformance import contract
contract.at("{VERSION}")
print(time.process_time() - start)
"""
PLAIN = """
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})
import socket, uvicorn
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
listener.listen(128)
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")).run(sockets=[listener])
"""


def rate(work: Callable[[], int], seconds: float = 1.5) -> float:
    """Units of work per second of CPU of this process."""
    done, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        done += work()
    return done / (time.process_time() - start)


@contextmanager
def running(program: str) -> Iterator[str]:
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        yield child.stdout.readline().strip()
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def requests_per_second(url: str, path: str, seconds: float = 2.0) -> float:
    """Of one keep-alive client, wall time."""
    with httpx.Client(base_url=url, trust_env=False) as client:
        if path != "/":
            client.post("/pools", params={"api-version": VERSION}, json=pool()).raise_for_status()
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            client.get(path, params={"api-version": VERSION}).raise_for_status()
            done += 1
        return done / (time.perf_counter() - start)


def pool() -> dict[str, object]:
    image = {"publisher": "canonical", "offer": "ubuntuserver", "sku": "18.04-lts"}
    configuration = {"imageReference": image, "nodeAgentSKUId": "batch.node.ubuntu 18.04"}
    return {"id": "p", "vmSize": "standard_d1_v2", "virtualMachineConfiguration": configuration, "targetDedicatedNodes": 0}


def answers(count: int) -> list[Exchange]:
    """GETs of a pool as the reference service answers them, each to be parsed anew."""
    with running(SERVER) as url, httpx.Client(base_url=url, trust_env=False) as client:
        client.post("/pools", params={"api-version": VERSION}, json=pool()).raise_for_status()
        seen = client.get("/pools/p", params={"api-version": VERSION})
    headers = Headers(tuple(seen.headers.items()))
    request = Request("GET", str(seen.request.url), Headers({"accept": "application/json"}))
    return [Exchange(request, Response(200, headers, seen.content), index=i) for i in range(count)]


def main() -> None:
    loading = [float(subprocess.check_output([sys.executable, "-c", LOADING])) for _ in range(3)]
    print(f"contract of one version, import included   {min(loading):.2f} s of CPU (bound 0.30)")

    exchanges = answers(2000)
    parsing = rate(lambda: len([json.loads(e.response.body) for e in exchanges]))
    rules = rate(lambda: len([findings(context_for(_fresh(e))) for e in exchanges]))
    catalogue = load()
    profiles = frozenset({"protocol", "pools", "nodes"})

    def judge_all() -> int:
        return judge([_fresh(e) for e in exchanges], catalogue=catalogue, claims=profiles, api_version=VERSION).exchanges

    judged = rate(judge_all)
    print(f"json.loads of a pool                       {parsing:9.0f} /s")
    print(f"rules on it, parsing included              {rules:9.0f} /s   {rules / parsing:.2f} of json.loads")
    print(f"judge with the whole catalogue             {judged:9.0f} /s   {judged / rules:.2f} of the rules")

    files = [p for p in sorted((RECORDINGS / "good").rglob("*.yaml")) if "interactions:" in p.read_text(encoding="utf-8")]
    texts = [p.read_text(encoding="utf-8") for p in files]
    loaded = rate(lambda: sum(yaml.load(text, Loader=yaml.CSafeLoader) is not None for text in texts))
    read = rate(lambda: sum(bool(list(read_cassette(p))) for p in files))
    print(f"C YAML loader on {len(files)} small cassettes         {loaded:9.0f} files/s")
    print(f"read_cassette on the same                  {read:9.0f} files/s   {read / loaded:.2f} of the loader")

    with running(PLAIN) as url:
        plain = requests_per_second(url, "/")
    with running(SERVER) as url:
        served = requests_per_second(url, "/pools/p")
    print(f"one httpx client, empty ASGI application   {plain:9.0f} requests/s")
    print(f"one httpx client, GET of a pool            {served:9.0f} requests/s   {served / plain:.2f} of the empty application")


def _fresh(exchange: Exchange) -> Exchange:
    """Without what an earlier look at it has cached."""
    response = exchange.response
    return Exchange(exchange.request, Response(response.status, response.headers, response.body), exchange.index)


if __name__ == "__main__":
    main()
