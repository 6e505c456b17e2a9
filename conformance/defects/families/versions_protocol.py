"""Api-versions and addresses that are taken for others."""

from __future__ import annotations

import re
from dataclasses import replace

from conformance.defects.answers import REFUSED, answered, member
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.refusals import refusal
from conformance.defects.requests import heard, parameter, sent_body, with_parameter
from conformance.defects.where import before, lacks, version
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_DATA = "* /pools..., * /jobs..., * /jobschedules..., * /certificates..., * /applications..., * /nonsense"


_NEWEST = "2024-07-01.20.0"


_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}(\.\d+\.\d+)?")


def _defaulted(asked: WireRequest) -> WireRequest:
    return replace(asked, query="&".join(part for part in (asked.query, f"api-version={_NEWEST}") if part))


def _first_refused(service: Service) -> Lie:
    """The oldest api-version is not served any more."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if version(asked).startswith("2016-02-"):
            return refusal(service, asked, "UnsupportedRequestVersion")
        return await ask(asked)

    return lie


def _not_found(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    missing = b'"InvalidUri"' in answer.body or b'"UnsupportedHttpVerb"' in answer.body
    return replace(answer, status=200, headers=_plain(answer), body=b"") if missing else answer


def _plain(answer: WireAnswer) -> list[tuple[str, str]]:
    return [pair for pair in answer.headers if pair[0].lower() != "content-type"]


def _other_versions(service: Service) -> Lie:
    """An operation that the named api-version lacks is served as one that has it serves it."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not (b'"InvalidUri"' in answer.body or b'"UnsupportedHttpVerb"' in answer.body) or answer.status < 400:
            return answer
        for other in ("2016-07-01.3.1", "2018-08-01.7.0", _NEWEST):
            again = await ask(replace(asked, query=with_parameter(asked.query, "api-version", lambda _, o=other: o)))  # type: ignore[misc]
            if again.status < 400:
                return again
        return answer

    return lie


def _wait_for_success(document: Json) -> None:
    if isinstance(document.get("startTask"), dict):
        document["startTask"].setdefault("waitForSuccess", True)


DEFECTS = (
    Defect(
        "version-optional",
        "Without api-version the newest one is served.",
        "versions",
        ("protocol.version.absent-refused",),
        "Everybody wants the newest one.",
        heard(_DATA, _defaulted, lacks("api-version")),
        consequences=("pools.responses.no-unknown-property",),
    ),
    Defect(
        "version-codes-other",
        "A lacking or an unknown api-version is refused as InvalidInput.",
        "error-codes",
        ("protocol.version.absent-code", "protocol.version.unknown-code"),
        "One code for whatever is wrong.",
        member(
            _DATA,
            "code",
            lambda code: "InvalidInput" if code in ("MissingRequiredQueryParameter", "UnsupportedRequestVersion") else code,
            statuses=REFUSED,
        ),
    ),
    Defect(
        "version-malformed-served",
        "An api-version that is none is taken as the newest one.",
        "versions",
        ("protocol.version.malformed-refused",),
        "What cannot be parsed has a default.",
        parameter(_DATA, "api-version", lambda value: value if _SHAPE.fullmatch(value) else _NEWEST),
    ),
    Defect(
        "version-oldest-gone",
        "The oldest api-version is not served.",
        "versions",
        ("protocol.version.published-answer",),
        "Nobody uses them any more.",
        _first_refused,
    ),
    Defect(
        "version-default-newer",
        "waitForSuccess of a start task is true unless it is sent, at api-versions before 2019-08-01.10.0, too.",
        "versions",
        ("protocol.version.defaults-follow-version",),
        "One default serves every version.",
        sent_body("POST /pools", _wait_for_success, before("2019-08-01.10.0")),
        consequences=(
            "pools.trace.defaults",
            "pools.versions.wait-for-success-default",
        ),
    ),
    Defect(
        "route-unknown-200",
        "A path or a verb that no route is there for is answered 200 with nothing.",
        "trouble",
        (
            "protocol.errors.unknown-path",
            "protocol.errors.unsupported-verb",
            "protocol.version.unknown-operation-refused",
            "protocol.version.removed-operation-refused",
        ),
        "A stub that catches all the rest.",
        answered(_DATA, _not_found, statuses=REFUSED),
        consequences=(
            "jobs.versions.task-counts",
            "nodes.versions.upload-logs",
            "pools.versions.upgrade-os",
            "protocol.version.other-version-operation-refused",
            "tasks.versions.reactivate",
        ),
    ),
    Defect(
        "version-operations-all",
        "Operations that another api-version has are served at every one.",
        "versions",
        ("protocol.version.other-version-operation-refused",),
        "One table of routes serves every version.",
        _other_versions,
        consequences=(
            "*.versions.*",
            "protocol.version.removed-operation-refused",
        ),
    ),
    Defect(
        "verb-unknown-get",
        "A verb that HTTP does not know is taken as GET.",
        "status",
        ("protocol.errors.unknown-verb",),
        "What is no write is a read.",
        heard("FROBNICATE /...", lambda asked: replace(asked, method="GET")),
        consequences=("protocol.version.unknown-operation-refused",),
    ),
)
