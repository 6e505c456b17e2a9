"""Sends the fuzzer's plans through the process's own client, ledger and budget, and has them judged."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.fuzz.engine import Attempt
from conformance.fuzz.failure import Violation
from conformance.fuzz.naming import NOBODY
from conformance.fuzz.plan import Plan, of_step
from conformance.fuzz.send import NotSent, send
from conformance.judge import Watch
from conformance.plugin.certificates import MadeCertificate
from conformance.plugin.cleanup import remove
from conformance.plugin.driver import DEFAULT, Batch
from conformance.plugin.expect import Blocked, NotPermitted, error_code
from conformance.plugin.process import Process
from conformance.plugin.requests import with_query
from conformance.plugin.silence import ANSWERS
from conformance.requirements import Evidence, load
from conformance.rules.context import from_between
from conformance.target import TargetUnreachable, TooSlow
from conformance.target.client import is_management

NO_SERVER_ERROR = "protocol.robustness.no-server-error"
_BUSY = 503
_RESIDENT = "resident-"
# ids have at most 64 characters
_LONG, _TOO_LONG = "long-", 65
NOT_JUDGED = "suite"


def watch_of(process: Process) -> Watch:
    """Made once for a process: it joins thousands of requirements."""
    settings = process.settings
    return Watch(settings.catalogue, frozenset(settings.claims), settings.version, settings.management_version)


class _Wire:
    """One plan's way to the target; notes every exchange with the step that it is of."""

    def __init__(self, process: Process, residents: Mapping[str, str]) -> None:
        self._process = process
        self._names: dict[tuple[str, int], str] = {(kind, 0): name for kind, name in residents.items()}
        self._certificates: dict[int, MadeCertificate] = {}
        self.step = -1
        self.exchanges: list[Exchange] = []
        self.steps: list[int] = []

    def heard(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        self.steps.append(self.step)

    def begin(self, step: int) -> None:
        self.step = step

    def send(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], content: bytes | None, versioned: bool
    ) -> Exchange:
        stated = DEFAULT if versioned else None
        if not versioned:  # the client would leave out what the query says of the api-version
            path, query = with_query(path, query), {}
        try:
            if is_management(path):
                whole = with_query(path, query)
                return self._process.accounts.send(method, whole, headers=headers, content=content, api_version=stated)
            return self._process.batch.send(method, path, query=query, headers=headers, content=content, api_version=stated)
        except NotPermitted as refused:
            raise NotSent(str(refused)) from None

    def follow(self, path_and_query: str) -> Exchange:
        accounts, line = self._process.accounts, self._process.line
        if not is_management(path_and_query):
            raise NotSent("no address of the management plane")
        try:
            return line.wait(
                lambda: accounts.send("GET", path_and_query, api_version=None), lambda e: e.response.status != 202, path_and_query
            )
        except TooSlow as slow:
            raise NotSent(str(slow)) from None

    def name(self, kind: str, number: int) -> str:
        known = self._names.get((kind, number))
        if known is None:
            known = self._names[kind, number] = self._new(kind, number)
        return known

    def _new(self, kind: str, number: int) -> str:
        if kind.startswith(_LONG):
            return self.name(kind.removeprefix(_LONG), number).ljust(_TOO_LONG, "x")
        home = self._home(kind) if number == 0 else None
        if home is not None:
            return home
        match kind:
            case "resident-pool" | "resident-node":
                raise NotSent("the target permits no nodes, or none came")
            case "secret":
                return self._secret()
            case "node-user":  # Windows takes no more than 20 characters
                return self._process.batch.new_guid().replace("-", "")[:16]
            case "account":
                return self._process.accounts.new_name()
            case "thumbprint" | "certificate" | "password":
                return self._certificate(kind, number)
        return self._process.batch.new_id(kind)

    def _home(self, kind: str) -> str | None:
        """Where the run is at home on the target."""
        target = self._process.client.target
        place = target.management
        return {
            "subscription": place.subscription,
            "group": place.resource_group,
            "region": place.location,
            "account": target.account,
        }.get(kind)

    def _secret(self) -> str:
        """One for all plans of a process: each secret is one more thing to look for in all that is written."""
        if not self._process.secret:
            self._process.secret = secrets.token_urlsafe(12) + "aA1!"
            self._process.scrub.learn(self._process.secret)
        return self._process.secret

    def _certificate(self, kind: str, number: int) -> str:
        if number >= NOBODY:
            return hashlib.sha1(f"{self._process.client.source} {number}".encode(), usedforsecurity=False).hexdigest()
        made = self._certificates.get(number)
        if made is None:
            made = self._certificates[number] = self._process.batch.new_certificate()
        told = {"thumbprint": made.thumbprint, "certificate": made.body["data"], "password": made.body["password"]}
        return str(told[kind])


def attempt(process: Process, plan: Plan, watch: Watch, source: str = "replay") -> Attempt:
    """Sends a plan, cleans up after it, judges all of that as one trace. `source` names the trace.

    Raises BudgetExhausted."""
    residents = _residents(process, plan)
    wire = _Wire(process, residents)
    unanswered: Violation | None = None
    with _listening(process, wire, source):
        kept = {entry.delete for entry in process.ledger.leftovers()}
        try:
            send(plan, wire, wire.begin)
        except TargetUnreachable as error:
            unanswered = _silence(process, wire, str(error))
        finally:
            wire.begin(-1)
            if unanswered is None:
                remove(process.client, process.settings.version, process.ledger, kept, patient=False)
    found = [*_judged(wire.exchanges, watch), *([unanswered] if unanswered is not None else [])]
    # what the watch says is of claimed profiles only
    judged = [one for one in found if one.requirement not in (ANSWERS, NO_SERVER_ERROR) or process.live(one.requirement)]
    violations = [replace(one, operation=_operation(plan, wire, one.index)) for one in judged]
    exchanges = [process.scrub.exchange(e) for e in wire.exchanges] if violations else wire.exchanges
    return Attempt(tuple(exchanges), tuple(wire.steps), tuple(violations), unanswered is not None)


def _residents(process: Process, plan: Plan) -> Mapping[str, str]:
    """The pool and the node that plans share, if this one asks for them and the target permits nodes. Made once for a process."""
    asked = any(kind.startswith(_RESIDENT) for step in plan.steps for kind, _ in of_step(step))
    if not asked or not process.settings.target.permissions.start_nodes:
        return {}
    if not process.residents:
        process.residents = _move_in(process)
    return process.residents


def _move_in(process: Process) -> dict[str, str]:
    batch, client, source = process.batch, process.client, process.client.source
    client.source = f"{source.partition('#')[0]}#residents"
    try:
        known = batch.contract.models["PoolAddParameter"].properties
        nodes = "targetDedicatedNodes" if "targetDedicatedNodes" in known else "targetDedicated"
        pool = batch.create_pool(id=batch.new_id("residents"), **{nodes: 1})
        node = batch.wait(lambda: _idle(batch, pool), bool, f"a node of {pool} is idle")
    except (Blocked, NotPermitted, TooSlow):
        return {"resident-none": ""}
    finally:
        client.source = source
    return {"resident-pool": pool, "resident-node": node}


def _idle(batch: Batch, pool: str) -> str:
    """The id of an idle node; empty when there is none yet."""
    nodes = batch.shown("ComputeNode_List", poolId=pool).get("value") or []
    return next((str(node["id"]) for node in nodes if node.get("state") == "idle" and "id" in node), "")


def _operation(plan: Plan, wire: _Wire, index: int) -> str:
    step = wire.steps[index] if index >= 0 else -1
    return plan.steps[step].operation if step >= 0 else ""


@contextmanager
def _listening(process: Process, wire: _Wire, source: str) -> Iterator[None]:
    """Everything that is sent within is the plan's; what gets no answer is noted as an exchange without one."""
    client = process.client
    before, recorder, unanswered = client.source, client.recorder, client.unanswered

    def record(exchange: Exchange) -> None:
        wire.heard(exchange)
        if recorder is not None:
            recorder(exchange)

    def silent(request: Request, why: str, reached: bool) -> None:
        wire.heard(Exchange(request, Response(0, Headers(()), b"", why), source=source))
        unanswered(request, why, reached)

    client.source, client.recorder, client.unanswered = source, record, silent
    try:
        yield
    finally:
        client.source, client.recorder, client.unanswered = before, recorder, unanswered


def _silence(process: Process, wire: _Wire, why: str) -> Violation:
    last = wire.exchanges[-1].request if wire.exchanges else None
    asked = f"{last.method} {last.path}" if last is not None else "the first request"
    message = process.scrub.text(f"{asked} got no HTTP answer")
    return _violation(ANSWERS, "fuzz.answers", message, "an HTTP answer", process.scrub.text(why), len(wire.exchanges) - 1)


def _judged(exchanges: list[Exchange], watch: Watch) -> Iterator[Violation]:
    watch.forget()
    for index, exchange in enumerate(exchanges):
        status = exchange.response.status
        if status == 0:
            continue
        found = [_of_evidence(evidence, index, exchange) for evidence in watch.hear(exchange)]
        if status >= 500 and status != _BUSY and not from_between(exchange):
            code = error_code(exchange) or "no code"
            told = ("fuzz.server-error", f"a server error: {code}", "no error of the service", str(status), index)
            yield _violation(NO_SERVER_ERROR, *told)
            # whatever else such an answer violates has the same cause
            found = [_violation(one.requirement, *told) for one in found]
        yield from found


def _of_evidence(evidence: Evidence, index: int, exchange: Exchange) -> Violation:
    """What the suite itself broke on is told as such."""
    by = evidence.by if evidence.outcome == "against" else NOT_JUDGED
    return _violation(evidence.requirement, by, evidence.message, evidence.expected, evidence.actual, index)


def _violation(requirement: str, by: str, message: str, expected: str, actual: str, index: int) -> Violation:
    known = load().requirements.get(requirement)
    return Violation(
        requirement=requirement,
        level=known.level if known else "",
        title=known.title if known else "",
        source=f"{known.source.document}, {known.source.section}" if known else "",
        by=by,
        message=message,
        expected=expected,
        actual=actual,
        index=index,
    )
