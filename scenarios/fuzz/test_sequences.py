"""Generated requests. What comes of them is judged by rules and oracle, as everything is; the two requirements here are about
what those cannot judge: an answer that never came, and a service that broke on a request."""

from __future__ import annotations

import pytest

from conformance.plugin import Expect, Fuzzing

FAMILIES = (
    "pools",
    "jobs",
    "tasks",
    "job-schedules",
    "certificates",
    "nodes",
    "files",
    "applications",
    "accounts",
    pytest.param("management", marks=pytest.mark.creates_accounts),
)


@pytest.mark.fuzz
@pytest.mark.requirement("protocol.robustness.answers", "protocol.robustness.no-server-error")
@pytest.mark.parametrize("family", FAMILIES)
def test_sequences(family: str, fuzzing: Fuzzing, expect: Expect) -> None:
    found = fuzzing(family)
    if not found.requests:
        pytest.skip("nothing was generated: the document describes no operation of this family, or there was no time")
    for requirement in ("protocol.robustness.answers", "protocol.robustness.no-server-error"):
        against = found.against(requirement)
        expect(
            requirement,
            against is None,
            expected=against.expected if against else "",
            actual=against.actual if against else "",
            message=against.message if against else f"{found.requests} requests were sent",
        )
    found.raise_failures()
