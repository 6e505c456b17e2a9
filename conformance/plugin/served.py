"""Whether a target does what a scenario needs done first. A scenario that is blocked proves nothing; but who refuses what every
document allows, and says that the request is malformed, is not conformant for that reason alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from conformance.exchange import Exchange, NotJson
from conformance.exchange.curl import curl
from conformance.plugin.expect import error_code, summary
from conformance.requirements import Evidence
from conformance.rules import context_for

REQUIREMENT: Final = "{}.requests.valid-served"
# about resources that a task or another service brings, nothing can be promised
_RESOURCES: Final = frozenset({"pools", "nodes", "jobs", "tasks", "job-schedules", "certificates"})
_CONFLICT: Final = 409
_MALFORMED: Final = frozenset({400, 405, 411, 415, 501})
# what a region or an account may lack, or another service may have to have made before
_ELSEWHERE: Final = re.compile(
    r"vmSize|image|nodeAgentSKU|osFamily|targetOSVersion|currentOSVersion|subnet|network|publicIP|userAccounts|identity|mount|"
    r"encryption|storage|applicationPackage|applicationLicenses|certificate|extensions|container",
    re.IGNORECASE,
)
_VALUE: Final = "InvalidPropertyValue"
_CODES: Final = frozenset(
    {
        "InvalidHeaderValue",
        "InvalidInput",
        "InvalidQueryParameterValue",
        "InvalidRequestBody",
        "InvalidUri",
        "MissingRequiredHeader",
        "MissingRequiredProperty",
        "MissingRequiredQueryParameter",
        "OutOfRangeInput",
        "OutOfRangeQueryParameterValue",
        "RequestUrlFailedToParse",
        "UnsupportedHeader",
        "UnsupportedHttpVerb",
        "UnsupportedProperty",
        "UnsupportedQueryParameter",
        "UnsupportedRequestVersion",
    }
)


@dataclass
class Served:
    """Of the scenario that is running: what it needed, by the resource that it was about."""

    _heard: list[tuple[str, Exchange]] = field(default_factory=list)

    def note(self, resource: str, exchange: Exchange) -> None:
        """A valid request that has to succeed, and its answer."""
        if resource in _RESOURCES:
            self._heard.append((resource, exchange))

    def blocked(self, exchange: Exchange) -> None:
        """The answer to such a request, of which only the exchange is known."""
        operation = context_for(exchange).operation
        if operation is not None:
            self.note(operation.resource, exchange)

    def evidence(self, by: str, live: Callable[[str], bool], command: str) -> Iterator[Evidence]:
        """Once for each requirement: for it, or against it. Forgets what it tells."""
        heard, self._heard = self._heard, []
        for resource in dict.fromkeys(resource for resource, _ in heard):
            requirement = REQUIREMENT.format(resource)
            answers = [exchange for about, exchange in heard if about == resource]
            refusal = next((exchange for exchange in answers if refused(exchange)), None)
            served = next((exchange for exchange in answers if exchange.response.status < 300), None)
            if live(requirement) and (refusal or served):
                yield _evidence(requirement, by, refusal, served, command)


def _evidence(requirement: str, by: str, refusal: Exchange | None, served: Exchange | None, command: str) -> Evidence:
    shown = refusal or served
    assert shown is not None
    return Evidence(
        requirement,
        "scenario",
        by,
        "against" if refusal else "for",
        expected="success: the request is valid",
        actual=f"{shown.response.status} {error_code(shown) or ''}".rstrip(),
        exchange=summary(shown),
        reproduce=f"{command} --requirement {requirement}\n{curl(shown)}" if refusal else "",
    )


def refused(exchange: Exchange) -> bool:
    """Whether the target says that the request itself is wrong, and of nothing that lies elsewhere; or that there is already what
    nobody has made."""
    status, code = exchange.response.status, error_code(exchange)
    if status == _CONFLICT:  # whatever a scenario makes first has an id that nothing had before
        return code is not None and code.endswith("Exists")
    if status not in _MALFORMED:
        return False
    if code == _VALUE:
        return _ELSEWHERE.search(_property(exchange)) is None
    return code is None or code in _CODES


def _property(exchange: Exchange) -> str:
    """What an error names as PropertyName; empty when it names nothing."""
    try:
        body = exchange.response.json
    except NotJson:
        return ""
    values = body.get("values") if isinstance(body, dict) else None
    known = [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
    return next((str(one.get("value")) for one in known if one.get("key") == "PropertyName"), "")
