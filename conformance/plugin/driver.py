"""Drives the target for scenarios: requests by operation or raw, ids, pools, and bounded waiting."""

from __future__ import annotations

import hashlib
import json
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from conformance import contract as contracts
from conformance.contract import Contract
from conformance.exchange import Exchange
from conformance.plugin import bodies
from conformance.plugin.expect import Blocked, error_code
from conformance.plugin.nodes import Nodes
from conformance.plugin.requests import JSON_TYPE, deletion, may_fail_later, path_of, with_query
from conformance.plugin.served import Served
from conformance.plugin.spelling import answered
from conformance.target import BudgetExhausted, Client, Ledger, TooSlow
from conformance.target.config import Permissions

if TYPE_CHECKING:  # loading the library takes long, and few scenarios need it
    from conformance.plugin.certificates import MadeCertificate

_Value = TypeVar("_Value")
DEFAULT: Final = "default"
_OPTIONS = frozenset({"select", "expand", "filter"})
_LONGEST_HINT = 30
_SOURCE = 6
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 5.0
_SHORTEST_DEADLINE = 10.0
# a target whose time moves with the requests: each one that asks the same again lets up to 15 seconds pass
_POLLS_IN_A_HURRY, _FEWEST_POLLS = 400, 100
# what has not come in so much of the target's own time does not come any more; who waits in real time has given up long before
_FOR_GOOD = 20 * 60.0


@dataclass
class Line:
    """What all drivers of one process share: the connection, the ledger, the names given so far, and how long they wait.

    `label` stands for the run in every name. The rest of a name depends on who asks for it and on nothing else (not on the order
    in which scenarios run), so that a recording of the same scenario has the same names."""

    client: Client
    ledger: Ledger
    label: str
    given: Counter[str] = field(default_factory=Counter)
    patience: float = 1.0
    waits: int = 0
    date: str = ""  # what the last answer said

    def __post_init__(self) -> None:
        self.nodes = Nodes(self.client.target.permissions, self.ledger)
        self.served = Served()

    # told of every secret that a driver makes
    conceal: Callable[[str], None] = lambda secret: None
    # makes a certificate of a name and a form
    certify: Callable[[str, str], MadeCertificate] | None = None

    def number(self) -> tuple[str, int]:
        """What tells names of one run apart: who asks, shortened, and how often it has asked."""
        source = self.client.source
        self.given[source] += 1
        return hashlib.sha256(source.encode()).hexdigest()[:_SOURCE], self.given[source]

    def make_certificate(self, name: str, form: str) -> MadeCertificate:
        if self.certify is None:
            from conformance.plugin.certificates import make

            self.certify = make
        return self.certify(name, form)

    def wait(self, fetch: Callable[[], _Value], until: Callable[[_Value], bool], what: str) -> _Value:
        """Fetch again and again until the value is as wanted; return it. Raises TooSlow at the target's deadline.

        After each wait in vain the next ones end sooner, so that a target that is stuck does not hold up a run for days."""
        self.waits += 1
        with self.client.polling():
            return self._poll(fetch, until, what)

    def _poll(self, fetch: Callable[[], _Value], until: Callable[[_Value], bool], what: str) -> _Value:
        stated = self.client.target.timeouts.deadline
        deadline = max(stated * self.patience, min(stated, _SHORTEST_DEADLINE))
        end, pause = time.monotonic() + deadline, _FIRST_PAUSE
        polls = max(round(_POLLS_IN_A_HURRY * self.patience), _FEWEST_POLLS) if self.client.hurried else sys.maxsize
        while not until(value := fetch()):
            left, polls = end - time.monotonic(), polls - 1
            if left <= 0 or polls <= 0 or self.client.exhausted:
                self.patience /= 2
                raise TooSlow(f"not within {deadline:g} s: {what}")
            self.client.pause(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        return value

    def send(self, created: str | None, method: str, path_and_query: str, **more: Any) -> Exchange:
        """One request; what it creates stands on the ledger before it is sent. `more` is for the client."""
        if created is not None:
            self.ledger.intent(created)
        try:
            exchange = self.client.send(method, path_and_query, **more)
        except BudgetExhausted:
            if created is not None:
                self.ledger.gone(created, "not sent")
            raise
        self._note(exchange, created)
        return exchange

    def _note(self, exchange: Exchange, created: str | None) -> None:
        """A refused creation and a deletion need no cleaning up."""
        self.date = exchange.response.headers.get("Date", "")
        status = exchange.response.status
        if created is not None and 400 <= status < 500:
            self.ledger.gone(created, f"not created: {status}")
        if exchange.request.method == "DELETE" and 200 <= status < 300 and not may_fail_later(exchange.request.path):
            self.ledger.gone(exchange.request.path, f"deleted: {status}")


class Batch:
    """The target at one api-version."""

    def __init__(self, line: Line, version: str) -> None:
        self._line = line
        self.version = version
        self.contract: Contract = contracts.at(version)

    @property
    def limits(self) -> Permissions:
        return self._line.client.target.permissions

    @property
    def run_id(self) -> str:
        return self._line.label

    @property
    def account(self) -> str:
        return self._line.client.target.account

    @property
    def endpoint(self) -> str:
        return self._line.client.target.endpoint

    def at(self, version: str) -> Batch:
        """The same target at another api-version of the contract."""
        return Batch(self._line, version)

    def new_id(self, hint: str) -> str:
        """A name that nothing on the target has yet, by which `sweep` knows that the suite made it."""
        source, number = self._line.number()
        return f"bcs-{self._line.label}-{hint[:_LONGEST_HINT]}-{source}{number}"

    def new_guid(self) -> str:
        """A GUID that nothing else has."""
        source, number = self._line.number()
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"bcs:{source}:{number}"))

    def call(
        self,
        operation: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **path_parameters: Any,
    ) -> Exchange:
        """One operation of the contract, by its id. Raises Blocked when this api-version lacks it."""
        found = self.contract.operations.get(operation)
        if found is None:
            raise Blocked(f"api-version {self.version} has no operation {operation}")
        return self.send(found.method, path_of(found, path_parameters), query=query, headers=headers, body=body)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | str | None = None,
        body: Any = None,
        api_version: str | None = DEFAULT,
        authenticate: bool = True,
    ) -> Exchange:
        """Any request. `body` is sent as JSON, `content` as it is; `api_version=None` leaves the parameter out."""
        stated = self.version if api_version == DEFAULT else api_version
        path_and_query = with_query(path, {**(query or {}), "api-version": stated})
        data = json.dumps(body).encode("utf-8") if body is not None else content
        data = data.encode("utf-8") if isinstance(data, str) else data
        fields = dict(headers or {})
        if data is not None and not any(name.lower() == "content-type" for name in fields):
            fields["Content-Type"] = JSON_TYPE
        fields = {name: value for name, value in fields.items() if value}
        key = deletion(self.contract, method, path_and_query, data)
        self._line.nodes.permit(path, data, key)
        created = key if key is not None and key not in self._line.ledger else None
        return self._line.send(created, method, path_and_query, headers=fields, content=data, authenticate=authenticate)

    def make(self, operation: str, body: Any = None, **path_parameters: Any) -> Exchange:
        """A request that the scenario needs to succeed. Raises Blocked when it does not."""
        exchange = self.call(operation, body=body, **path_parameters)
        self._line.served.note(self.contract.operations[operation].resource, exchange)
        if not 200 <= exchange.response.status < 300:
            raise Blocked(f"{operation} was refused: {_told(exchange)}")
        return exchange

    def shown(self, operation: str, query: Mapping[str, Any] | None = None, **path_parameters: Any) -> dict[str, Any]:
        """What a read shows; query names without `$` (`select`, `expand`) are fine. Raises Blocked unless it is answered 200."""
        stated = {
            (f"${name}" if name in {"select", "expand", "filter"} else name): value for name, value in (query or {}).items()
        }
        exchange = self.call(operation, query=stated, **path_parameters)
        if exchange.response.status != 200:
            raise Blocked(f"{operation}: {_told(exchange)}")
        return answered(exchange)

    def now(self) -> datetime:
        """The present instant by the target's clock, to the second. Raises Blocked when it does not tell."""
        exchange = self.call("Pool_List", query={"maxresults": 1, "$select": "id"})
        try:
            return parsedate_to_datetime(exchange.response.headers["Date"])
        except (KeyError, ValueError):
            raise Blocked("the target's answers have no Date to go by") from None

    def pool_body(self, id: str | None = None, **properties: Any) -> dict[str, Any]:
        """A valid body for a pool without nodes; a property given as None is left out."""
        return bodies.pool_body(self.contract, id or self.new_id("pool"), properties)

    def create_pool(self, **properties: Any) -> str:
        """A new pool's id. Raises Blocked when the target does not create it."""
        body = self.pool_body(properties.pop("id", None), **properties)
        self.make("Pool_Add", body)
        return str(body["id"])

    def get_pool(self, id: str, **query: Any) -> dict[str, Any]:
        return self.shown("Pool_Get", query, poolId=id)

    def job_body(self, id: str | None = None, **properties: Any) -> dict[str, Any]:
        """A valid body for a job whose pool does not exist; a property given as None is left out."""
        return bodies.job_body(id or self.new_id("job"), properties)

    def create_job(self, **properties: Any) -> str:
        """A new job's id. Raises Blocked when the target does not create it."""
        body = self.job_body(properties.pop("id", None), **properties)
        self.make("Job_Add", body)
        return str(body["id"])

    def get_job(self, id: str, **query: Any) -> dict[str, Any]:
        return self.shown("Job_Get", query, jobId=id)

    def job_schedule_body(self, id: str | None = None, **properties: Any) -> dict[str, Any]:
        """A valid body for a schedule that does not recur; a property given as None is left out."""
        return bodies.job_schedule_body(id or self.new_id("schedule"), properties)

    def create_job_schedule(self, **properties: Any) -> str:
        """A new schedule's id. Raises Blocked when the target does not create it."""
        body = self.job_schedule_body(properties.pop("id", None), **properties)
        self.make("JobSchedule_Add", body)
        return str(body["id"])

    def get_job_schedule(self, id: str, **query: Any) -> dict[str, Any]:
        return self.shown("JobSchedule_Get", query, jobScheduleId=id)

    def task_body(self, id: str | None = None, **properties: Any) -> dict[str, Any]:
        """A valid body for a task that ends at once; a property given as None is left out."""
        return bodies.task_body(id or self.new_id("task"), properties)

    def create_task(self, job: str, **properties: Any) -> str:
        """A new task's id. Raises Blocked when the target does not create it."""
        body = self.task_body(properties.pop("id", None), **properties)
        self.make("Task_Add", body, jobId=job)
        return str(body["id"])

    def get_task(self, job: str, id: str, **query: Any) -> dict[str, Any]:
        return self.shown("Task_Get", query, jobId=job, taskId=id)

    def new_certificate(self, form: str = "pfx") -> MadeCertificate:
        """A certificate that the target does not have yet; `form` is pfx or cer."""
        made = self._line.make_certificate(self.new_id("certificate"), form)
        for secret in made.secrets:
            self._line.conceal(secret)
        return made

    def create_certificate(self, form: str = "pfx") -> MadeCertificate:
        """One that the target has. Raises Blocked when it does not take it."""
        made = self.new_certificate(form)
        self.make("Certificate_Add", made.body)
        return made

    def wait(self, fetch: Callable[[], _Value], until: Callable[[_Value], bool], what: str) -> _Value:
        """Fetch again and again until the value is as wanted; return it. Raises TooSlow at the target's deadline."""
        return self._line.wait(fetch, until, what)

    def outcome(self, fetch: Callable[[], _Value], until: Callable[[_Value], bool], what: str) -> _Value:
        """As `wait`, for what is to be judged: returns the value also when it is not as wanted, although so much of the target's
        own time has passed that it will never be."""
        first: float | None = None

        def over(value: _Value) -> bool:
            nonlocal first
            now = _instant(self._line.date)
            first = first or now
            return until(value) or (now is not None and first is not None and now - first > _FOR_GOOD)

        return self.wait(fetch, over, what)


def _instant(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None


def _told(exchange: Exchange) -> str:
    code = error_code(exchange)
    return f"{exchange.request.method} {exchange.request.path} answered {exchange.response.status}{f' {code}' if code else ''}"
