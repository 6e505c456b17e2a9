"""The management plane."""

from __future__ import annotations

from conformance.defects.answers import member, no_header, status
from conformance.defects.model import Defect
from conformance.defects.requests import deaf_to_member

_ONE = "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Batch/batchAccounts/{}"

DEFECTS = (
    Defect(
        "account-tags-ignored",
        "An update of an account does not look at the tags.",
        "management",
        ("accounts.update.sets-tags", "accounts.trace.sent-shown"),
        "A property that the update does not read.",
        deaf_to_member(f"PATCH {_ONE}", "tags"),
        consequences=("accounts.update.tag*", "accounts.update.wrong-type-refused"),
    ),
    Defect(
        "account-create-without-location",
        "The creation of an account is answered 202 without a Location to ask.",
        "management",
        (
            "accounts.management-headers.location",
            "accounts.create.result",
        ),
        "A long-running operation that nobody can follow.",
        no_header(f"PUT {_ONE}", "Location"),
    ),
    Defect(
        "account-missing-204",
        "Reading an account that does not exist is answered 204.",
        "management",
        (
            "accounts.get.missing-refused",
            "accounts.get.answers-200",
            "accounts.delete.gone",
            "accounts.trace.operation-ends",
            "accounts.update.creates-nothing",
        ),
        "Nothing found, nothing told.",
        status(f"GET {_ONE}", 404, 204),
    ),
    Defect(
        "account-quota-text",
        "The quotas of an account are shown as text.",
        "management",
        ("accounts.management-body.types",),
        "Numbers come as text from a table store.",
        member(f"GET {_ONE}", "properties/poolQuota", str),
        consequences=(
            "accounts.create.result-as-get",
            "accounts.list.element-as-get",
            "accounts.update.answers-account",
        ),
    ),
)
