"""What a refusal says, and how the service says one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from conformance.defects.answers import Edit
from conformance.reference.problem import BatchProblem
from conformance.reference.rendering import common_headers, failure
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def code_of(answer: WireAnswer) -> str:
    return str(_error(answer).get("code", ""))


def values_of(answer: WireAnswer) -> Json:
    return {pair["key"]: pair["value"] for pair in _error(answer).get("values") or []}


def property_of(answer: WireAnswer) -> str:
    """The property that it is about; empty when it is about none."""
    return str(values_of(answer).get("PropertyName", ""))


def refusal(service: Service, asked: WireRequest, code: str, values: Mapping[str, str] | None = None) -> WireAnswer:
    """In the service's own words."""
    now = service.settings.clock.now()
    return failure(BatchProblem(code, values), asked, common_headers(asked, service.store.guid(), now), now)


def says(was: bytes, code: bytes, status: int) -> Edit:
    """A refusal with one code becomes one with another and its status."""

    def edit(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
        return replace(answer, status=status, body=answer.body.replace(was, code)) if was in answer.body else answer

    return edit


def _error(answer: WireAnswer) -> Json:
    """The error envelope; empty when it is none."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        return {}
    return document if answer.status >= 400 and isinstance(document, dict) else {}
