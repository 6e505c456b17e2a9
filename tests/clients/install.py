"""Puts each official SDK into an environment of its own under `.venvs`, for the tests in this folder. They exclude each other, so
neither can live where the suite does. Running it again does nothing. Standard library only: `make clients` calls it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".venvs"
RELEASES = ("azure-batch-9.0.0", "azure-batch-14.2.0", "azure-batch-15.1.0", "azure-mgmt-batch-17.3.0", "azure-cli-2.91.0")


def environment(release: str) -> Path:
    """The folder of the environment that holds this package at this release."""
    return ENVIRONMENTS / release


def python(release: str) -> Path:
    """The interpreter of that environment."""
    folder = environment(release)
    return folder / "Scripts" / "python.exe" if sys.platform == "win32" else folder / "bin" / "python"


def is_ready(release: str) -> bool:
    """Whether the environment was completed from the requirements as they are now."""
    stamp = environment(release) / "requirements.txt"
    return stamp.is_file() and stamp.read_bytes() == _requirements(release).read_bytes()


def install(release: str) -> bool:
    """Makes the environment; False, and a message, when that is not possible."""
    if is_ready(release):
        return True
    print(f"Setting up {environment(release).name} (once)", flush=True)
    venv.create(environment(release), clear=True, with_pip=True)
    command: list[str | Path] = [
        python(release),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        _requirements(release),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        print(f"clients: {release} cannot be installed: {reason}", file=sys.stderr)
        print("clients: this needs the Python package index once; without it the tests of this SDK are skipped", file=sys.stderr)
        return False
    shutil.copyfile(_requirements(release), environment(release) / "requirements.txt")
    return True


def _requirements(release: str) -> Path:
    return HERE / f"{release}.txt"


if __name__ == "__main__":
    sys.exit(0 if all([install(release) for release in RELEASES]) else 1)
