"""Certificates: what is read and listed."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import REFUSED, body, member
from conformance.defects.certificatelies import DELETE, changed
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_parameter, parameter
from conformance.defects.where import fits, lacks
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST, _ONE = "GET /certificates", "GET /certificates({})"
_READS = f"{_LIST}, {_ONE}"
_STATE = ("state", "stateTransitionTime", "previousState", "previousStateTransitionTime")


def _short(document: Json) -> None:
    for certificate in document["value"]:
        certificate.pop("publicData", None)


def _newest_lacking(document: Json) -> None:
    """The list is in the order of thumbprints, which chance makes: the last is not always the newest."""
    dated = [one for one in document["value"] if "stateTransitionTime" in one]
    if dated:
        document["value"].remove(max(dated, key=lambda one: str(one["stateTransitionTime"])))


def _never_begun(store: Store, was: Json, now: Json) -> None:
    """The event that ends the deletion finds another state."""
    for name in _STATE:
        now.pop(name, None)
    now.update({name: was[name] for name in _STATE if name in was})


def _cached(service: Service) -> Lie:
    """What was read once is answered again when it is gone."""
    seen: dict[str, WireAnswer] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_ONE, asked) or "$select" in asked.query:
            return answer
        if answer.status == 200:
            seen[asked.path.lower()] = answer
        known = seen.get(asked.path.lower()) if answer.status == 404 else None
        return replace(answer, status=200, body=known.body) if known is not None else answer

    return lie


DEFECTS = (
    Defect(
        "certificate-missing-code",
        "A certificate that does not exist is answered 404 with the code ResourceNotFound.",
        "error-codes",
        ("certificates.get.missing", "certificates.delete.gone"),
        "One code for everything that is not there.",
        member(
            "* /certificates({})...",
            "code",
            lambda code: code.replace("CertificateNotFound", "ResourceNotFound"),
            statuses=REFUSED,
        ),
        consequences=(
            "certificates.cancel-deletion.can-be-deleted-later",
            "certificates.delete.again",
            "certificates.delete.used-by-node-fails",
        ),
    ),
    Defect(
        "certificate-select-ignored",
        "$select of certificates is not looked at.",
        "queries",
        ("certificates.get.select", "certificates.list.select"),
        "Clients do not notice more than they asked for.",
        deaf_to_parameter(_READS, "$select"),
        consequences=("protocol.select.only-selected",),
    ),
    Defect(
        "certificate-list-shorter",
        "Certificates in the list lack their data.",
        "schema",
        ("certificates.list.has-it",),
        "The list is made by another query.",
        body(_LIST, _short, lacks("$select")),
        consequences=(
            "certificates.responses.always-shown",
            "certificates.trace.identity",
        ),
    ),
    Defect(
        "certificate-list-late",
        "The list lacks the newest certificate.",
        "paging",
        ("certificates.list.has-it",),
        "Off by one.",
        body(_LIST, _newest_lacking, lacks("maxresults")),
        consequences=("certificates.list.filter-state-transition-time",),
    ),
    Defect(
        "certificate-filter-ignored",
        "$filter of certificates is not looked at.",
        "queries",
        (
            "certificates.list.filter-state",
            "certificates.list.filter-state-transition-time",
            "certificates.trace.list-filter",
        ),
        "OData filters need a parser, which takes a while to write.",
        deaf_to_parameter(_LIST, "$filter"),
    ),
    Defect(
        "certificate-page-99",
        "The parameter maxresults of certificates has to be below 100.",
        "limits",
        ("certificates.list.hundred",),
        "Off by one.",
        refuses(_LIST, lambda asked: asked.parameters().get("maxresults") == "100", "InvalidQueryParameterValue"),
    ),
    Defect(
        "certificate-page-above",
        "The parameter maxresults of certificates above the limit is taken as the limit.",
        "limits",
        ("certificates.list.above-hundred-refused",),
        "Other services take it as the most that they give.",
        parameter(_LIST, "maxresults", lambda value: "100" if value.isdigit() and int(value) > 100 else value),
    ),
    Defect(
        "certificate-delete-ignored",
        "DELETE of a certificate is answered 202, and it stays active.",
        "deletion",
        ("certificates.delete.gone", "certificates.trace.actions-lead"),
        "A stub that says yes.",
        changed(DELETE, _never_begun),
        consequences=(
            "certificates.delete.used-by-node-fails",
            "certificates.delete.used-by-pool-fails",
        ),
    ),
    Defect(
        "certificate-cached",
        "A certificate that is gone is answered from a cache.",
        "deletion",
        ("certificates.delete.gone",),
        "A proxy that does not know of deletions.",
        _cached,
        consequences=(
            "certificates.cancel-deletion.can-be-deleted-later",
            "certificates.delete.again",
            "certificates.delete.used-by-node-fails",
        ),
    ),
)
