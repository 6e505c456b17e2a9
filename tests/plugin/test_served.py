"""Which refusals of what a scenario needs first speak against a target."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.plugin.served import Served, refused

WHERE = "http://x/pools?api-version=2022-01-01.15.0"


def answered(status: int, code: str | None = None, name: str | None = None) -> Exchange:
    values = [{"key": "PropertyName", "value": name}] if name else []
    body = json.dumps({"code": code, "values": values}).encode() if code else b""
    return Exchange(Request("POST", WHERE, Headers(), b"{}"), Response(status, Headers(), body))


@pytest.mark.parametrize(
    ("exchange", "wrong"),
    [
        (answered(201), False),
        (answered(400, "InvalidPropertyValue", "metadata"), True),
        (answered(400, "InvalidPropertyValue"), True),
        (answered(400, "InvalidPropertyValue", "vmSize"), False),
        (answered(400, "InvalidPropertyValue", "virtualMachineConfiguration.imageReference.sku"), False),
        (answered(400, "InvalidPropertyValue", "networkConfiguration.subnetId"), False),
        (answered(400, "MissingRequiredProperty", "certificateReferences.0.thumbprint"), True),
        (answered(400, "UnsupportedProperty", "vmSize"), True),
        (answered(400), True),
        (answered(405, "UnsupportedHttpVerb"), True),
        (answered(501), True),
        (answered(403, "AuthorizationFailure"), False),
        (answered(409, "PoolQuotaReached"), False),
        (answered(409, "PoolExists"), True),
        (answered(409), False),
        (answered(400, "InvalidAutoScalingSettings"), False),
        (answered(429, "TooManyRequests"), False),
        (answered(503, "ServerBusy"), False),
    ],
)
def test_only_what_is_called_malformed_and_lies_nowhere_else_or_is_called_old(exchange: Exchange, wrong: bool) -> None:
    assert refused(exchange) is wrong


def test_a_refused_list_that_a_scenario_needed_is_told() -> None:
    served = Served()
    refusal = replace(answered(400, "OutOfRangeQueryParameterValue"), request=Request("GET", WHERE))
    served.blocked(refusal)
    served.blocked(replace(refusal, request=Request("GET", WHERE.replace("pools", "nonsense"))))
    told = list(served.evidence("a scenario", lambda name: True, "run"))
    assert [(one.requirement, one.outcome) for one in told] == [("pools.requests.valid-served", "against")]


def test_each_resource_is_told_once_and_a_refusal_first() -> None:
    served = Served()
    served.note("pools", answered(201))
    served.note("pools", answered(400, "InvalidRequestBody"))
    served.note("pools", answered(201))
    served.note("jobs", answered(201))
    served.note("tasks", answered(409, "JobTerminating"))
    served.note("nodes", answered(400))
    served.note("files", answered(400))
    told = list(served.evidence("a scenario", lambda name: True, "run"))
    assert [(one.requirement, one.outcome, one.actual) for one in told] == [
        ("pools.requests.valid-served", "against", "400 InvalidRequestBody"),
        ("jobs.requests.valid-served", "for", "201"),
        ("nodes.requests.valid-served", "against", "400"),
    ]
    assert told[0].reproduce.startswith("run --requirement pools.requests.valid-served\ncurl ") and not told[1].reproduce
    assert not list(served.evidence("a scenario", lambda name: True, "run"))


def test_what_is_not_judged_is_not_told() -> None:
    served = Served()
    served.note("jobs", answered(201))
    assert not list(served.evidence("a scenario", lambda name: False, "run"))
