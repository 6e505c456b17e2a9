"""The service may spell what was sent in its own way, and show a part of it: nothing of that is a contradiction."""

from __future__ import annotations

from typing import Any

import pytest
from oracle_bodies import pool, schedule
from oracle_tapes import OLD_VERSION, Tape, contradicted, etag, follow, held, instant
from oracle_traces import new_pool


def _spelt(sent: dict[str, Any], shown: dict[str, Any]) -> Tape:
    """A pool that was created so, and is shown so."""
    return new_pool(**sent).get("read", "/pools/p", pool(1, **shown))


SPELT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the case of a size": ({"vmSize": "Standard_D2s_V3"}, {"vmSize": "STANDARD_D2S_V3"}),
    "the case of an enum": ({"targetNodeCommunicationMode": "Classic"}, {"targetNodeCommunicationMode": "classic"}),
    "a duration": ({"resizeTimeout": "PT60M"}, {"resizeTimeout": "PT1H"}),
    "a duration in days": ({"resizeTimeout": "PT168H"}, {"resizeTimeout": "P7D"}),
    "an empty array": ({"userAccounts": []}, {}),
    "an empty array that is shown": ({}, {"certificateReferences": []}),
    "null": ({"displayName": None}, {}),
    "an empty text": ({"displayName": ""}, {}),
    "an array in another order": (
        {"metadata": [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]},
        {"metadata": [{"name": "b", "value": "2"}, {"name": "a", "value": "1"}]},
    ),
    "what the service adds within": (
        {"startTask": {"commandLine": "ls"}},
        {"startTask": {"commandLine": "ls", "maxTaskRetryCount": 0, "waitForSuccess": True, "userIdentity": {"userName": "x"}}},
    ),
    "a secret": (
        {"userAccounts": [{"name": "u", "password": "secret"}]},
        {"userAccounts": [{"name": "u", "elevationLevel": "nonadmin"}]},
    ),
    "a number as text": ({"targetDedicatedNodes": "0"}, {"targetDedicatedNodes": 0}),
}


@pytest.mark.parametrize("spelling", SPELT)
def test_spelling(spelling: str) -> None:
    found = follow(_spelt(*SPELT[spelling]).exchanges.values())
    assert contradicted(found) == []
    assert held(found)["create.taken"] > 2


def test_an_instant_with_and_without_fractions() -> None:
    made = {
        "id": "s",
        "schedule": {"doNotRunUntil": "2030-01-01T00:00:00.000Z"},
        "jobSpecification": {"poolInfo": {"poolId": "p"}},
    }
    tape = Tape().ask("add", "POST", "/jobschedules", 201, sent=made, edition=1)
    for place, shown in enumerate(("2030-01-01T00:00:00Z", "2030-01-01T00:00:00.0000000Z", "2030-01-01T01:00:00+01:00")):
        tape.get(str(place), "/jobschedules/s", schedule(1, schedule={"doNotRunUntil": shown}))
    assert contradicted(follow(tape.exchanges.values())) == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("$select=id,state", {"id": "p", "state": "active"}),
        ("$select=id,startTask/commandLine", {"id": "p", "startTask": {"commandLine": "hostname"}}),
        ("$select=metadata", {"metadata": [{"name": "a", "value": "b"}]}),
        ("$select=id,eTag", {"id": "p", "eTag": etag(1)}),
        ("$expand=stats", pool(1, stats={"url": "u", "startTime": instant(1)})),
    ],
)
def test_a_read_that_names_what_it_wants(query: str, shown: dict[str, Any]) -> None:
    tape = new_pool(startTask={"commandLine": "hostname"})
    full = pool(1, startTask={"commandLine": "hostname", "maxTaskRetryCount": 0, "waitForSuccess": True})
    shown = {**full, **shown} if "$expand" in query else shown
    tape.get("some", f"/pools/p?{query}", shown).get("read", "/pools/p", full).get("some again", f"/pools/p?{query}", shown)
    tape.get("listed", f"/pools?{query}", {"value": [shown]}).get("last", "/pools/p", full)
    assert contradicted(follow(tape.exchanges.values())) == []


def test_a_selected_read_is_still_looked_at() -> None:
    tape = new_pool().get("some", "/pools/p?$select=id,metadata,eTag", {"id": "p", "metadata": [], "eTag": etag(1)})
    assert [check for check, _, _ in contradicted(follow(tape.exchanges.values()))] == ["create.taken"]


def test_other_versions_show_other_names() -> None:
    tape = new_pool(targetNodeCommunicationMode="simplified", resourceTags={"a": "b"})
    older = pool(1, targetNodeCommunicationMode=None)
    full = pool(1, targetNodeCommunicationMode="simplified", resourceTags={"a": "b"})
    tape.get("older", "/pools/p", older, version=OLD_VERSION).get("read", "/pools/p", full)
    tape.ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": []}, edition=2, version=OLD_VERSION)
    tape.get("patched", "/pools/p", pool(2, metadata=None, targetNodeCommunicationMode="simplified", resourceTags={"a": "b"}))
    tape.get("older again", "/pools/p", pool(2, metadata=None, targetNodeCommunicationMode=None), version=OLD_VERSION)
    assert contradicted(follow(tape.exchanges.values())) == []


def test_a_version_that_has_no_such_name_may_have_replaced_it() -> None:
    """An update at an api-version that cannot name a property says nothing of it."""
    tape = new_pool(targetNodeCommunicationMode="simplified")
    tape.get("read", "/pools/p", pool(1, targetNodeCommunicationMode="simplified"))
    empty: dict[str, Any] = {"metadata": [], "certificateReferences": [], "applicationPackageReferences": []}
    tape.ask("replace", "POST", "/pools/p/updateproperties", 204, sent=empty, edition=2, version=OLD_VERSION)
    tape.get("reset", "/pools/p", pool(2, metadata=None))
    assert contradicted(follow(tape.exchanges.values())) == []


def test_what_is_scrubbed_says_nothing() -> None:
    tape = new_pool(startTask={"commandLine": "SCRUBBED"}).get("read", "/pools/p", pool(1, startTask={"commandLine": "ls"}))
    tape.get("again", "/pools/p", pool(1, displayName="SCRUBBED", startTask={"commandLine": "SCRUBBED"}))
    found = contradicted(follow(tape.exchanges.values()))
    assert [entry for entry in found if entry[1] == "startTask"] == []
