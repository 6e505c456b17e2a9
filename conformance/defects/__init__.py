"""Seeded faults: what a careless implementation would do wrong, as wrappers around the reference service, none inside it.

`DEFECTS` has them by id. `defective(defects, settings)` is an ASGI application that has these defects and behaves well
otherwise. A defect from elsewhere is a `Defect` too.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import ASGIApp

from conformance.defects.known import DEFECTS
from conformance.defects.liar import Liar
from conformance.defects.model import Defect
from conformance.defects.signing import Signer
from conformance.reference.app import create_app
from conformance.reference.settings import Settings

__all__ = ["DEFECTS", "Defect", "defective"]


def defective(defects: Iterable[Defect | str], settings: Settings | None = None) -> ASGIApp:
    """The reference service with an empty account and these defects, named or given. Raises KeyError for an unknown name."""
    app = create_app(settings)
    service = app.state.service
    chosen = [DEFECTS[defect] if isinstance(defect, str) else defect for defect in defects]
    return Liar(app, [defect.make(service) for defect in chosen], Signer(service.settings))
