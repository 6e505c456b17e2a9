"""Applications of the account: one, with one version, so that pools have something to refer to."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply

_SEEDED: Json = {"id": "sample", "displayName": "Sample", "versions": ["1.0"], "_default": "1.0"}


def find(store: Store, application_id: str) -> Json | None:
    """By id or by the ARM path that ends with it."""
    return next((each for each in (_SEEDED,) if each["id"] == application_id.rpartition("/")[2].lower()), None)


def unknown(store: Store, references: Iterable[Json]) -> dict[str, str]:
    """The references that cannot be satisfied, by id in lower case as the live service writes it, each with the reason."""
    wrong: dict[str, str] = {}
    for reference in references:
        known = find(store, reference["applicationId"])
        if known is None:
            wrong[reference["applicationId"].lower()] = "The specified application package does not exist."
        elif reference.get("version", known["_default"]) not in known["versions"]:
            wrong[reference["applicationId"].lower()] = "The specified application version does not exist."
    return wrong


@answers("Application_List")
def list_applications(store: Store, call: Call) -> Listing:
    return Listing([shown(call.contract, call.contract.models["ApplicationSummary"], _SEEDED)])


@answers("Application_Get")
def get(store: Store, call: Call) -> Reply:
    known = find(store, call.path["applicationId"])
    if known is None:
        raise BatchProblem("ApplicationNotFound")
    return Reply(shown(call.contract, call.contract.models["ApplicationSummary"], known))
