"""The environments of the SDKs: made once, complete or not at all, and a plain word when the package index is out of reach."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path
from typing import Any

import install
import pytest

RELEASE = install.RELEASES[0]


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """Environments go to a temporary folder and pip only returns a status: the last of the list."""
    statuses = [0]

    def create(folder: Path, **_: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)

    def run(command: list[Any], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, statuses[-1], "", "Looking up\nERROR: no route to the index\n")

    monkeypatch.setattr(install, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(venv, "create", create)
    monkeypatch.setattr(subprocess, "run", run)
    return statuses


def test_an_environment_is_made_once(pip: list[int]) -> None:
    assert not install.is_ready(RELEASE)
    assert install.install(RELEASE)
    assert install.is_ready(RELEASE)
    pip.append(1)
    assert install.install(RELEASE), "a second call asked pip again"


def test_changed_requirements_make_it_anew(pip: list[int]) -> None:
    assert install.install(RELEASE)
    (install.environment(RELEASE) / "requirements.txt").write_text("azure-batch==1.0\n", encoding="utf-8")
    assert not install.is_ready(RELEASE)


def test_without_the_index_it_says_so_and_is_not_ready(pip: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    pip.append(1)
    assert not install.install(RELEASE)
    assert not install.is_ready(RELEASE)
    assert "ERROR: no route to the index" in capsys.readouterr().err


@pytest.mark.parametrize("release", install.RELEASES)
def test_each_release_is_pinned_with_all_that_it_needs(release: str) -> None:
    lines = (install.HERE / f"{release}.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    package, _, version = release.rpartition("-")
    assert f"{package}=={version}" in pins
    assert all("==" in pin for pin in pins)
