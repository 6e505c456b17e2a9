"""Counts what a trace is made of: operations, planes, recordings, and what made no sense."""

from __future__ import annotations

from dataclasses import replace

from conformance.exchange.outline import outline
from conformance.judge.judged import Heard, Judged, Seen, StandIn, Unmatched
from conformance.rules import Context

# of a trace without end, so many kinds are told apart, and the rest is counted together
_KINDS = 1000
_REST = "of other kinds"


def count(result: Judged, context: Context, recording: str) -> None:
    result.exchanges += 1
    result.planes[context.contract.version.plane] += 1
    _count_stand_in(result, context)
    why = "" if context.operation is not None and not context.foreign else _why_unmatched(context)
    heard = result.recordings.get(recording) or result.recordings.setdefault(recording, Heard())
    heard.exchanges += 1
    heard.matched += not why
    heard.why = heard.why or why
    if why:
        _count_unmatched(result, context, why)
    elif context.operation is not None:
        result.matched[context.contract.version.plane] += 1
        result.operations[context.operation.id] += 1


def _count_stand_in(result: Judged, context: Context) -> None:
    stated, version = context.exchange.api_version, context.contract.version
    if stated is None or context.case.exact:
        return
    stand_in = StandIn(version.plane, stated, version.name)
    full = len(result.stand_ins) >= _KINDS and stand_in not in result.stand_ins
    result.stand_ins[replace(stand_in, stated=_REST) if full else stand_in] += 1


def _count_unmatched(result: Judged, context: Context, why: str) -> None:
    exchange, plane = context.exchange, context.contract.version.plane
    kind = Unmatched(plane, why, outline(exchange.request.method, exchange.request.url))
    if len(result.unmatched) >= _KINDS and kind not in result.unmatched:
        kind = Unmatched(plane, "", _REST)
    result.unmatched.setdefault(kind, Seen(exchange.source)).count += 1


def _why_unmatched(context: Context) -> str:
    """Empty for an exchange that names an operation and was answered by the service."""
    if context.foreign:
        return context.foreign
    if context.operation is not None:
        return ""
    if context.case.known_elsewhere:
        return f"not an operation of api-version {context.contract.version.name}, but of another one"
    if context.case.arm:
        return "the contract of the management plane covers accounts only"
    return "no api-version has such an operation"
