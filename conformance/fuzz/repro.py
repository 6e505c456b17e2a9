"""Files that show a failure again: as data for `replay`, as curl lines for a shell, and as a test for pytest."""

from __future__ import annotations

import json
import os
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from pprint import pformat
from typing import Final

from conformance.exchange.curl import curl
from conformance.fuzz.failure import Failure

_WIDTH: Final = 110
_TEST: Final = '''"""{head}

While the target violates the requirement, this fails:

    pytest {name} --endpoint URL{version}        (or --target FILE; --help tells how to sign in)
"""

import pytest

PLAN = {plan}


{mark}def test_{id}(resend):
    resend(PLAN, {requirement!r})
'''


def curl_lines(failure: Failure) -> str:
    """A shell script: every request in order. Credentials are variables."""
    comment = "\n".join(f"# {line}".rstrip() for line in [*_head(failure), "", *_limits(failure)])
    told = [curl(exchange) for exchange in failure.exchanges]
    return "\n".join(["#!/bin/sh", comment, "", *told, ""])


def _limits(failure: Failure) -> Iterable[str]:
    """What a shell cannot do by itself."""
    yield "Names, ETags and links are those of that run; `batch-conformance replay` makes new ones and removes what it created."
    if any("authorization" in exchange.request.headers for exchange in failure.exchanges):
        yield "Each request needs a signature of its own, or a token, in $AUTHORIZATION, and the time of signing in ocp-date."
    if not failure.exchanges or failure.exchanges[-1].response.status == 0:
        yield "The last request got no answer."


def pytest_file(failure: Failure, version: str = "") -> str:
    """A test that sends the same again, under the suite's plugin. `version`: the api-version at which it failed."""
    requirement = failure.violation.requirement
    return _TEST.format(
        head=_quotable("\n".join(_head(failure))),
        name=test_name(failure),
        plan=pformat(failure.as_json()["plan"], width=_WIDTH, sort_dicts=False),
        mark=f"@pytest.mark.requirement({requirement!r})\n" if requirement else "",
        requirement=requirement,
        version=f" --api-version {version}" if version else "",
        id=failure.id.lower(),
    )


def test_name(failure: Failure) -> str:
    return f"test_{failure.id.lower()}.py"


def write(folder: Path, failures: Sequence[Failure], version: str = "") -> None:
    """All files of all failures, whole or not at all; what stood in the folder is gone."""
    made = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(made, ignore_errors=True)
    try:
        for failure in failures:
            made.mkdir(parents=True, exist_ok=True)
            data = json.dumps(failure.as_json(), indent=1, ensure_ascii=True)
            (made / f"{failure.id}.json").write_text(data + "\n", encoding="utf-8")
            (made / f"{failure.id}.sh").write_text(_printable(curl_lines(failure)), encoding="utf-8")
            (made / test_name(failure)).write_text(_printable(pytest_file(failure, version)), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        if made.exists():
            made.replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _head(failure: Failure) -> Iterable[str]:
    one = failure.violation
    told = [f"{failure.id}: {one.requirement} [{one.level}]", one.title, f"Source: {one.source}. Found by {one.by}."]
    told += ["", one.message, f"expected: {one.expected}", f"actual:   {one.actual}"]
    for line in told:
        yield from textwrap.wrap(_flat(line), _WIDTH) or [""]


def _flat(text: str) -> str:
    """One line; what a target says must not move anybody's cursor."""
    return "".join(c if c.isprintable() else "�" for c in " ".join(text.split()))


def _quotable(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _printable(text: str) -> str:
    """Half of a surrogate pair is no text that a file could hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
