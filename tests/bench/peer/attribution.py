"""Which failures that st reports are about a defect, and which are not."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from peer.schemathesis_cli import Found

_STATUS = frozenset({"status"})
# what of an answer a check looks at: a failure is the defect's if the defect changed that. `heard`: the service answered another
# request than the one that was sent
_LOOKS_AT: Mapping[str, frozenset[str]] = {
    "RejectedPositiveData": _STATUS,
    "UndefinedStatusCode": _STATUS | {"heard"},
    "ServerError": _STATUS | {"heard"},
    "AcceptedNegativeData": _STATUS | {"heard"},
    "MissingHeaderNotRejected": _STATUS | {"heard"},
    "UnsupportedMethodResponse": _STATUS | {"headers"},
    "MissingHeaders": _STATUS | {"headers", "heard"},
    "JsonSchemaError": _STATUS | {"headers", "body", "heard"},
    "MalformedJson": frozenset({"body"}),
    "UndefinedContentType": _STATUS | {"headers"},
    "MissingContentType": _STATUS | {"headers"},
    "MalformedMediaType": frozenset({"headers"}),
}
# these compare with an answer before: any change on the way may be the cause. The same goes for kinds that are not known here
_ANY = frozenset({"heard", "status", "headers", "body", "stored"})


def changes(notes: Path) -> Mapping[str, frozenset[str]]:
    """What the defect changed, by test case."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in notes.read_text(encoding="utf-8").splitlines():
        note = json.loads(line)
        found[note["case"] or ""].update(note["changed"])
    return {case: frozenset(changed) for case, changed in found.items()}


def about(found: Iterable[Found], changed: Mapping[str, frozenset[str]]) -> list[Found]:
    """Failures that are about what the defect changed."""
    return [one for one in found if _concerns(one, changed)]


def _concerns(one: Found, changed: Mapping[str, frozenset[str]]) -> bool:
    if one.kind in _LOOKS_AT:
        return bool(changed.get(one.chain[0], frozenset()) & _LOOKS_AT[one.kind])
    return any(changed.get(case, frozenset()) & _ANY for case in one.chain)
