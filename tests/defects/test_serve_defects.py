"""`serve --defect` as a process: what only a real connection shows, and what a user is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from conformance.defects import DEFECTS

_SERVE = [sys.executable, "-m", "conformance", "serve", "--port", "0", "--clock", "requests"]
_VERSION = {"api-version": "2022-01-01.15.0"}


@contextmanager
def served(*defects: str, files: Sequence[Path] = ()) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    words = [*_SERVE, *(f"--defect={name}" for name in defects), *(f"--defects={file}" for file in files)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            url = json.loads(child.stdout.readline())["url"]
            with httpx.Client(base_url=url, trust_env=False, params=_VERSION, timeout=10) as client:
                yield client, child
        finally:
            child.terminate()


def test_a_connection_is_closed_and_the_service_lives_on_and_says_nothing() -> None:
    with served("empty-collection-crash", "request-id-absent") as (client, child):
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            client.post("/jobs/one/addtaskcollection", content=b'{"value":[]}')
        answer = client.get("/pools")
        assert answer.status_code == 200
        assert "request-id" not in answer.headers
        child.terminate()
        assert child.stderr is not None
        assert child.stderr.read() == ""


def test_a_service_that_never_answers_can_be_stopped() -> None:
    with served("expand-hangs") as (client, child):
        with pytest.raises(httpx.ReadTimeout):
            client.get("/jobs", params={**_VERSION, "$expand": "stats"}, timeout=0.3)
        assert client.get("/pools").status_code == 200
        child.terminate()
        assert child.wait(10) is not None


@pytest.mark.parametrize(
    ("given", "said"), [("pool-id-66", "did you mean `pool-id-65`?; --defect list tells all"), ("", "there is no ''")]
)
def test_an_unknown_defect_is_told_in_one_line(given: str, said: str) -> None:
    done = subprocess.run([*_SERVE, "--defect", given], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


def test_a_file_without_a_defect_that_is_chosen_is_refused() -> None:
    done = subprocess.run([*_SERVE, "--defects", "ours.py"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "unless --defect says which" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_defect_of_a_file_is_served(tmp_path: Path) -> None:
    file = tmp_path / "ours.py"
    file.write_text(
        "from conformance.defects import Defect\n"
        "from conformance.defects.answers import added_header\n"
        "make = added_header('GET /pools', 'x-ours', 'yes')\n"
        "DEFECTS = [Defect('our-own', 'It tells more.', 'headers', (), 'Ours.', make)]\n",
        encoding="utf-8",
    )
    with served("our-own", files=[file]) as (client, _):
        assert client.get("/pools").headers["x-ours"] == "yes"


def test_every_defect_is_listed_with_its_sentence() -> None:
    done = subprocess.run([*_SERVE, "--defect", "list"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == [f"{name}: {DEFECTS[name].lie}" for name in sorted(DEFECTS)]
