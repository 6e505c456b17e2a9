"""What the scripts of both SDKs share. They run in the SDK's own environment, so this needs the standard library only."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

DEADLINE = 30.0

# Values that the live service writes in another letter case than the SDKs' enumerations.
OTHER_CASE = frozenset({"nodeFillType"})


class Checks:
    """Counts what held and collects what did not."""

    def __init__(self) -> None:
        self.held = 0
        self.failures: list[str] = []

    def equal(self, what: str, actual: object, expected: object) -> None:
        self.true(what, actual == expected, f"is {actual!r}, should be {expected!r}")

    def true(self, what: str, holds: bool, otherwise: str = "does not hold") -> None:
        if holds:
            self.held += 1
        else:
            self.failures.append(f"{what} {otherwise}")

    def contains(self, what: str, read: Any, sent: Any) -> None:
        """Everything that was sent is in what was read back; the service may have added members."""
        if isinstance(sent, Mapping) and isinstance(read, Mapping):
            for name, value in sent.items():
                self.contains(f"{what}.{name}", read.get(name), value)
        elif isinstance(sent, Sequence) and not isinstance(sent, str) and isinstance(read, Sequence) and len(read) == len(sent):
            for position, value in enumerate(sent):
                self.contains(f"{what}[{position}]", read[position], value)
        elif what.rpartition(".")[2] in OTHER_CASE:
            self.equal(what, str(read).lower(), str(sent).lower())
        else:
            self.equal(what, read, sent)

    def raises(self, what: str, call: Callable[[], object], kind: type[Exception]) -> Any:
        """The error of that type which the call raises, or None."""
        try:
            call()
        except kind as error:
            self.held += 1
            return error
        self.failures.append(f"{what} raised no {kind.__name__}")
        return None


def wait_for(what: str, read: Callable[[], Any], until: Callable[[Any], bool]) -> Any:
    """What `read` returns once `until` holds; the service runs fast, so this seldom waits at all."""
    end = time.monotonic() + DEADLINE
    while True:
        found = read()
        if until(found):
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not reached within {DEADLINE:.0f} s; last seen: {found}")
        time.sleep(0.05)


def record(path: str) -> None:
    """Writes every exchange of the SDK (both go through requests) to a file of JSON lines."""
    import requests

    send = requests.Session.send

    def recording(session: Any, request: Any, **options: Any) -> Any:
        response = send(session, request, **options)
        line = {
            "request": {"method": request.method, "url": request.url, "headers": list(request.headers.items())},
            "response": {
                "status": response.status_code,
                "headers": list(response.headers.items()),
                "body": response.content.decode(),
            },
        }
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        line["request"]["body"] = body or ""
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return response

    requests.Session.send = recording  # type: ignore[method-assign,assignment]


def main(life: Callable[[Checks, str, str, str], None]) -> None:
    """Runs the script with the url, the account and the file for its exchanges, all from the command line, and the key of the
    environment; exit 1 if a check failed."""
    url, account, exchanges = sys.argv[1:4]
    record(exchanges)
    checks = Checks()
    try:
        life(checks, url, account, os.environ["BATCH_ACCOUNT_KEY"])
    except Exception:
        checks.failures.append(traceback.format_exc())
    for failure in checks.failures:
        print(f"failed: {failure}")
    print(f"{checks.held} checks held, {len(checks.failures)} failed")
    sys.exit(bool(checks.failures))
