"""Places in a JSON document, as the service names them in its errors: `constraints.maxTaskRetryCount`, `metadata.0.value`."""

from __future__ import annotations

import json
from typing import Any

from conformance.reference.wire import Json, WireRequest

ABSENT = object()


def sent(asked: WireRequest) -> Json:
    """The JSON object that was sent; empty when it is none."""
    try:
        document = json.loads(asked.body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def at(document: Any, path: str) -> Any:
    """What stands there, or ABSENT."""
    for step in path.split("."):
        if isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        elif isinstance(document, dict) and step in document:
            document = document[step]
        else:
            return ABSENT
    return document


def put(document: Any, path: str, value: Any) -> bool:
    """Puts it there, or takes away what is there when it is ABSENT; says whether there is such a place."""
    way, _, last = path.rpartition(".")
    holder = at(document, way) if way else document
    if isinstance(holder, list) and last.isdecimal() and int(last) < len(holder):
        holder[int(last) : int(last) + 1] = [] if value is ABSENT else [value]
    elif isinstance(holder, dict) and (last in holder or value is not ABSENT):
        if value is ABSENT:
            del holder[last]
        else:
            holder[last] = value
    else:
        return False
    return True
