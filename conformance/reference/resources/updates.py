"""What an update changes: a merge what it names, a replacement everything that it may change."""

from __future__ import annotations

from conformance.reference.shapes import fill, stored
from conformance.reference.wire import Call, Json


def changes(call: Call) -> Json:
    """New values by name, in the newest naming, filled; None for what goes."""
    filled = fill(call.contract, call.request_model, call.body)
    if call.operation.update != "replace":
        return dict(stored({name: filled[name] for name in call.body}))
    gone: Json = dict.fromkeys(call.contract.updatable(call.operation.id))
    return dict(stored({**gone, **filled}))


def apply(resource: Json, change: Json) -> None:
    for name, value in change.items():
        if value is None or value == []:
            resource.pop(name, None)
        else:
            resource[name] = value
