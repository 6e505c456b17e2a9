"""Servers to compare on: the reference service as a child process, clean or with one defect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

# as the embedded run has it
SPEED = "200"
_WITNESS = Path(__file__).with_name("witness.py")


@contextmanager
def served(defect: str = "", secrets: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Its url, account, subscription, resource_groups. Without `secrets` (the environment variables of the key and the token)
    requests need not be signed."""
    words = ["-m", "conformance", "serve", "--port=0", f"--speed={SPEED}", *([f"--defect={defect}"] if defect else [])]
    with _running(words, secrets or {}) as told:
        yield told


@contextmanager
def witnessed(defect: str, notes: Path) -> Iterator[dict[str, str]]:
    """The same with a defect, and unsigned; `notes` says afterwards which answers it changed."""
    with _running([str(_WITNESS), defect, str(notes), SPEED], {}) as told:
        yield told


@contextmanager
def _running(words: list[str], secrets: Mapping[str, str]) -> Iterator[dict[str, str]]:
    # what strange requests make uvicorn say is of no use here
    with subprocess.Popen(
        [sys.executable, *words], env={**os.environ, **secrets}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdout is not None
        try:
            yield json.loads(child.stdout.readline())
        finally:
            child.kill()
