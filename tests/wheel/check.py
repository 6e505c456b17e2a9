"""Builds the wheel, installs it in an empty environment and certifies from another folder: what `pip install` gives must work
without the checkout. Run by `make wheel`; not a pytest module, because it needs a package index."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run(*command: str | Path, folder: Path) -> None:
    subprocess.run([str(part) for part in command], cwd=folder, check=True)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "dist", ROOT, folder=folder)
        (wheel,) = (folder / "dist").glob("*.whl")
        venv.create(folder / "env", with_pip=True)
        binaries = folder / "env" / "bin"
        run(binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, folder=folder)
        away = folder / "elsewhere"
        away.mkdir()
        run(binaries / "batch-conformance", "run", folder=away)
        if not (away / "reports" / "latest" / "report.json").exists():
            print("wheel: the run wrote no reports/latest/report.json", file=sys.stderr)
            return 1
    print(f"wheel: {wheel.name} certifies from an empty environment")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
