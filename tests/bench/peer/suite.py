"""This suite against a server, and its own report of it."""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.target.config import KEY_VARIABLE, TOKEN_VARIABLE
from peer.servers import served
from peer.timing import timed

_MOST = 600.0


@dataclass(frozen=True)
class Run:
    """`failed`: the requirements that did."""

    requests: int
    seconds: float
    cpu: float
    failed: frozenset[str]


def unsigned(url: str, version: str, more: Sequence[str], folder: Path) -> Run:
    """Against a server that is there, and needs no signature. `folder` is empty."""
    return _run([f"--endpoint={url}", f"--api-version={version}", *more], {}, folder)


def whole(defect: str, version: str, more: Sequence[str], folder: Path) -> Run:
    """Against a server of its own with that defect, if any, signed, both planes and all permissions. `folder` is empty."""
    keys = {KEY_VARIABLE: base64.b64encode(secrets.token_bytes(64)).decode(), TOKEN_VARIABLE: secrets.token_urlsafe(32)}
    with served(defect, keys) as told:
        words = [f"--endpoint={told['url']}", "--auth=shared-key", f"--account={told['account']}", "--start-nodes"]
        words += [f"--management-endpoint={told['url']}", f"--subscription={told['subscription']}", "--create-accounts"]
        words += [f"--resource-group={told['resource_groups'].split(',')[0]}", f"--api-version={version}"]
        return _run([*words, "--timeout=5", "--deadline=20", *more], keys, folder)


def _run(words: Sequence[str], keys: Mapping[str, str], folder: Path) -> Run:
    # nothing that an earlier run found may help
    environment = {**keys, "XDG_CACHE_HOME": os.fspath(folder / "cache")}
    took = timed([sys.executable, "-m", "conformance", "run", *words, f"--report={folder}"], environment, folder, _MOST)
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RuntimeError(f"the suite wrote no report: {took.last}") from None
    failed = frozenset(one["id"] for one in report["requirements"] if one["verdict"] in ("failed", "error"))
    return Run(report["exchanges"], report["duration_s"], took.cpu, failed)
