"""Each check fires on its own mutants only: one exchange of a good trace, changed in one dimension, breaks one check."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from oracle_bodies import account, pool
from oracle_tapes import Change, Tape, chain, contradicted, etag, follow, header, held, instant, marks, member, shows, status
from oracle_traces import TRACES, good

from conformance.exchange import Exchange
from conformance.oracle import CHECKS


@dataclass(frozen=True)
class Mutant:
    """`label` is the exchange that is changed; the trace ends with it, as what comes after contradicts a wrong answer too."""

    check: str
    trace: str
    label: str
    what: str
    change: Change

    def __str__(self) -> str:
        return f"{self.check}: {self.what}"

    def exchanges(self) -> list[Exchange]:
        trace = good(self.trace)
        before = list(trace.values())[: list(trace).index(self.label)]
        return [*before, self.change(trace[self.label])]


def _edition(number: int) -> Change:
    """The representation says that it is another edition."""
    return chain(member("eTag", etag(number)), member("lastModified", instant(number)))


_TASK_BEFORE = {"commandLine": "ls", "environmentSettings": [{"name": "A", "value": "1"}]}
_LISTED_TWICE = shows(lambda body: body["value"].append(body["value"][0]))

MUTANTS = [
    Mutant("create.taken", "pool", "read", "another value", member("metadata/0/value", "c")),
    Mutant("create.taken", "job", "read", "another reference", member("poolInfo/poolId", "q")),
    Mutant("create.taken", "account", "made", "another tag", member("tags/a", "c")),
    Mutant("create.taken", "tasks", "list", "another command line", member("value/0/commandLine", "ls")),
    Mutant("create.default", "pool", "read", "another default", member("resizeTimeout", "PT5M")),
    Mutant("create.default", "task", "read", "a default within an object", member("constraints/retentionTime", "P8D")),
    Mutant("create.unsent", "pool", "read", "never sent", member("displayName", "mine")),
    Mutant("create.exists", "pool deleted", "add again", "created twice", status(201)),
    Mutant("create.free", "pool deleted", "anew", "refused though it is gone", status(409, {"code": "PoolExists"})),
    Mutant("create.starts", "pool", "read", "no first state", member("state", "deleting")),
    Mutant("create.starts", "job", "read", "enabling from the start", member("state", "enabling")),
    Mutant("patch.taken", "pool patched", "patched", "dropped", member("metadata/0/value", "b")),
    Mutant("patch.taken", "account", "patch", "dropped", member("properties/publicNetworkAccess", "Enabled")),
    Mutant("patch.kept", "pool patched", "patched", "moved beside it", member("taskSlotsPerNode", 4)),
    Mutant("patch.kept", "job", "patched", "cleared beside it", member("onAllTasksComplete", "terminatejob")),
    Mutant("patch.whole", "pool patched", "patched", "a member survived", member("startTask", _TASK_BEFORE)),
    Mutant("replace.taken", "pool replaced", "replaced", "dropped", member("applicationPackageReferences", None)),
    Mutant("replace.default", "pool replaced", "replaced", "kept", member("targetNodeCommunicationMode", "simplified")),
    Mutant("replace.cleared", "pool replaced", "cleared", "kept", member("startTask", _TASK_BEFORE)),
    Mutant("replace.kept", "pool replaced", "replaced", "moved beside it", member("taskSlotsPerNode", 4)),
    Mutant("replace.whole", "pool replaced", "replaced", "a member survived", member("startTask", _TASK_BEFORE)),
    Mutant("action.taken", "pool scaled", "scaled", "dropped", member("autoScaleFormula", "$TargetDedicatedNodes=1")),
    Mutant("action.kept", "pool scaled", "scaled", "moved beside it", member("taskSlotsPerNode", 4)),
    Mutant("action.kept", "schedule", "disabled", "moved beside it", member("schedule/recurrenceInterval", "PT1H")),
    Mutant("writes.shown", "pool scaled", "patched", "the first of two is lost", member("metadata/0/value", "b")),
    Mutant("read.stable", "pool", "again", "moved", member("taskSlotsPerNode", 4)),
    Mutant("read.fixed", "pool", "resizing", "created at another time", member("creationTime", instant(2))),
    Mutant("read.fixed", "account", "read", "of another type", member("type", "Microsoft.Batch/other")),
    Mutant("etag.answered", "pool patched", "patched", "another", member("eTag", etag(9))),
    Mutant("etag.moved", "pool conditions", "patch", "the old one", header("ETag", etag(1))),
    Mutant("etag.still", "pool versions", "older", "moved", _edition(5)),
    Mutant("etag.transition", "pool", "resizing", "moved with the state", _edition(5)),
    Mutant("modified.answered", "pool patched", "patched", "another second", member("lastModified", instant(3))),
    Mutant("modified.forward", "pool", "resizing", "back", member("lastModified", instant(0))),
    Mutant(
        "modified.forward", "pool conditions", "patch", "back in a header", header("Last-Modified", marks(0)["Last-Modified"])
    ),
    Mutant("condition.met", "pool conditions", "met", "refused", status(412, {"code": "ConditionNotMet"})),
    Mutant("condition.met", "pool conditions", "met", "not modified", status(304)),
    Mutant("condition.unmet", "pool conditions", "stale", "carried out", chain(status(200), header("ETag", etag(3)))),
    Mutant("condition.unmet", "pool conditions", "same", "shown", status(200, pool(1))),
    Mutant("condition.unmet", "pool conditions", "early", "shown", status(200, pool(1))),
    Mutant("exists.found", "pool deleted", "exists", "404", status(404)),
    Mutant("exists.found", "pools", "delete", "404", status(404, {"code": "PoolNotFound"})),
    Mutant("missing.refused", "pool deleted", "missing", "changed", status(200)),
    Mutant("deleted.gone", "task", "gone", "shown", status(200)),
    Mutant("deleted.gone", "pool deleted", "still", "there", status(200)),
    Mutant("deleting.refuses", "pool deleted", "refused", "changed", status(200)),
    Mutant(
        "state.follows",
        "pool",
        "resizing",
        "from active to upgrading",
        chain(member("state", "upgrading"), member("stateTransitionTime", instant(90))),
    ),
    Mutant("state.follows", "task", "running", "a state of no task", member("state", "disabled")),
    Mutant(
        "state.answers",
        "job",
        "disabled",
        "stuck",
        shows(lambda body: body.update(state="active", stateTransitionTime=instant(1))),
    ),
    Mutant("state.answers", "pool deleted", "deleting", "still active", member("state", "active")),
    Mutant("state.time", "pool", "resizing", "did not move", member("allocationStateTransitionTime", instant(1))),
    Mutant("state.time", "node", "rebooting", "back", member("stateTransitionTime", instant(0))),
    Mutant("state.previous", "job", "enabled", "another", member("previousState", "terminating")),
    Mutant("list.contains", "pools", "list", "one is missing", member("value/1", None)),
    Mutant("list.contains", "pools", "second", "one is missing from the second page", member("value/0", None)),
    Mutant("list.once", "pools", "list", "one stands twice", _LISTED_TWICE),
    Mutant("list.only", "pools", "without", "the deleted one", shows(lambda body: body["value"].append(pool(1, "b1")))),
    Mutant("list.agrees", "job", "list", "another value", member("value/0/priority", 7)),
    Mutant("list.agrees", "account", "list", "another value in ARM", member("value/0/tags/a", "c")),
    Mutant("list.contains", "account", "list", "none in ARM", member("value/0", None)),
    Mutant("list.filter", "pools", "first", "another one", shows(lambda body: body["value"].append(pool(1, "b1")))),
    Mutant("list.pages-filter", "pools", "second", "another one", shows(lambda body: body["value"].append(pool(1, "b1")))),
    Mutant("collection.each", "tasks", "add", "a task without a result", member("value/0", None)),
    Mutant("collection.each", "tasks", "add", "another name", shows(lambda body: body.update(results=body.pop("value")))),
    Mutant("version.same", "pool versions", "older", "another value", member("taskSlotsPerNode", 4)),
    Mutant("operation.ends", "account", "read", "not there", status(404, {"error": {"code": "ResourceNotFound"}})),
    Mutant("operation.ends", "account", "gone", "still there", status(200, account())),
]


@pytest.mark.parametrize("name", TRACES)
def test_a_good_trace_contradicts_nothing(name: str) -> None:
    found = follow(good(name).values())
    assert contradicted(found) == []
    assert len(held(found)) > 3


@pytest.mark.parametrize("name", TRACES)
def test_nothing_is_held_against_it_when_others_may_have_a_hand_in_it(name: str) -> None:
    assert contradicted(follow(good(name).values(), whole=False)) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_mutant_breaks_its_own_check_only(mutant: Mutant) -> None:
    found = follow(mutant.exchanges())
    assert {check for check, _, _ in contradicted(found)} == {mutant.check}, contradicted(found)


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_its_check_holds_on_the_good_trace(mutant: Mutant) -> None:
    assert held(follow(good(mutant.trace).values()))[mutant.check]


def test_every_check_has_a_mutant() -> None:
    """One is not about resources, and has its tests in test_oracle_certain."""
    assert {mutant.check for mutant in MUTANTS} == set(CHECKS) - {"request-id.once"}


def test_what_fails_says_why() -> None:
    for mutant in MUTANTS:
        for finding in follow(mutant.exchanges()):
            if not finding.holds:
                assert finding.message, mutant
                assert finding.operation, mutant
                assert not finding.suite_error, finding.message


_USER = {"name": "u", "password": "secret"}
_USERS = "/pools/p/nodes/tvm-1/users"


def test_a_child_is_known_to_exist_though_its_parent_was_not_made_here() -> None:
    tape = Tape().ask("user", "POST", _USERS, 201, sent=_USER).ask("again", "POST", _USERS, 201, sent=_USER)
    assert [check for check, _, _ in contradicted(follow(tape.exchanges.values()))] == ["create.exists"]
