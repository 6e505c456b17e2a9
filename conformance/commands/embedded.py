"""The reference service as a child process of `run`, on a free port."""

from __future__ import annotations

import base64
import json
import os
import secrets
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from conformance.commands.serve import EMBEDDED_VARIABLE
from conformance.target.config import KEY_VARIABLE, TOKEN_VARIABLE
from conformance.target.errors import TargetUnreachable

ACCOUNT = "testaccount"
# fast enough that nothing is waited for, slow enough that a state between can be seen
SPEED = 200.0
_START_SECONDS = 30.0
_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Service:
    url: str
    account: str
    key: str
    token: str
    subscription: str
    resource_groups: tuple[str, ...]


@contextmanager
def embedded(seed: int, repeatable: bool = False, defects: Sequence[str] = ()) -> Iterator[Service]:
    """Start the service, and stop it at the end, whatever happens. Raises TargetUnreachable when it does not come up.

    `repeatable`: its time moves with the requests, so that the same ones get the same answers. `defects`: how it misbehaves."""
    key = base64.b64encode(secrets.token_bytes(64)).decode("ascii")
    token = secrets.token_urlsafe(32)
    with tempfile.TemporaryFile() as said:
        child = _start(key, token, seed, repeatable, defects, said)
        try:
            told = json.loads(_first_line(child, said))
            groups = tuple(str(told["resource_groups"]).split(","))
            yield Service(str(told["url"]), str(told["account"]), key, token, str(told["subscription"]), groups)
        finally:
            _stop(child)


def _start(key: str, token: str, seed: int, repeatable: bool, defects: Sequence[str], said: IO[bytes]) -> subprocess.Popen[bytes]:
    home = str(Path(__file__).parents[2])
    path = os.pathsep.join(p for p in (home, os.environ.get("PYTHONPATH", "")) if p)
    # a key given on the command line could be seen by everybody on the machine
    environment = {**os.environ, "PYTHONPATH": path, EMBEDDED_VARIABLE: "1", KEY_VARIABLE: key, TOKEN_VARIABLE: token}
    words = [sys.executable, "-P", "-m", "conformance", "serve", "--port", "0", "--account", ACCOUNT]
    words += ["--clock", "requests"] if repeatable else ["--speed", str(SPEED)]
    words += ["--seed", str(seed), *(f"--defect={name}" for name in defects)]
    # a pipe that nobody reads would fill, and hold the service up
    return subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)


def _first_line(child: subprocess.Popen[bytes], errors: IO[bytes]) -> bytes:
    assert child.stdout is not None
    readable, _, _ = select.select([child.stdout], [], [], _START_SECONDS)
    line = child.stdout.readline() if readable else b""
    if not line:
        child.kill()
        child.wait()
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").strip().splitlines()
        raise TargetUnreachable(f"the embedded reference service did not start: {said[-1] if said else 'it says nothing'}")
    return line


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()
    child.terminate()
    try:
        child.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()
