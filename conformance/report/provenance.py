"""Which suite this is: its version and, in a git clone, its commit. Read from files, as git itself may be absent."""

from __future__ import annotations

from pathlib import Path

from conformance import __version__
from conformance.report.model import Qualified, Suite

# written by `batch-conformance qualify --update`
QUALIFIED = Path(__file__).parent / "qualified.json"
_ROOT = Path(__file__).parents[2]


def suite() -> Suite:
    return Suite(name="azure-batch-conformance", version=__version__, commit=_commit(_ROOT), qualified=qualified())


def qualified() -> Qualified | None:
    """None when this copy of the suite was never qualified."""
    return Qualified.model_validate_json(QUALIFIED.read_bytes()) if QUALIFIED.exists() else None


def _commit(root: Path) -> str | None:
    git = root / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        if (git / name).is_file():
            return (git / name).read_text(encoding="ascii").strip()
        packed = (git / "packed-refs").read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
