"""What the oracle knows about an account, and what it says about an exchange.

Everything here grows with the resources of an account and not with the length of the trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any, Final

from conformance.contract import Contract, Operation
from conformance.exchange import Exchange, NotJson
from conformance.oracle.order import answered, asked_before, well_after, when

Key = tuple[str, ...]
"""Names a resource within an account: the kind of resource, then the values of its path, in lower case."""


@dataclass(frozen=True)
class Step:
    """One exchange as the oracle takes it. `operation` is None when the request names none of the api-version. `recording` names
    what it was recorded in: within one, the order of exchanges is certain."""

    exchange: Exchange
    contract: Contract
    operation: Operation | None
    path_parameters: Mapping[str, str]
    recording: str = ""

    @property
    def status(self) -> int:
        return self.exchange.response.status

    @property
    def success(self) -> bool:
        return 200 <= self.exchange.response.status < 300

    @cached_property
    def sent(self) -> Any:
        """The request body as JSON; None when there is none, or none that can be read."""
        request = self.exchange.request
        if not request.body_known or not request.body:
            return None
        try:
            return request.json
        except NotJson:
            return None

    @cached_property
    def shown(self) -> Any:
        """The response body as JSON; None when there is none, or none that can be read."""
        response = self.exchange.response
        if not response.body_known or not response.body:
            return None
        try:
            return response.json
        except NotJson:
            return None

    @cached_property
    def code(self) -> str:
        """The error code of the answer; empty when it has none."""
        body = self.shown
        if not isinstance(body, dict) or self.status < 400:
            return ""
        error = body.get("error")
        code = error.get("code") if isinstance(error, dict) else body.get("code")
        return code if isinstance(code, str) else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw. `operation` is the one that the check is about: the write that a read does not show, or the read
    itself; `property` the top-level property, if it is about one. `earlier` is the exchange that is contradicted."""

    check: str
    holds: bool
    operation: str
    property: str = ""
    message: str = ""
    expected: str = ""
    actual: str = ""
    earlier: Exchange | None = None
    suite_error: bool = False


@lru_cache(maxsize=65536)
def holds(check: str, operation: str, name: str = "") -> Finding:
    """The finding that a check holds: the same object every time, as nearly all findings are of this kind."""
    return Finding(check, True, operation, name)


class Presence(Enum):
    UNKNOWN = "unknown"
    PRESENT = "present"
    DELETING = "deleting"
    ABSENT = "absent"


class Origin(Enum):
    """Where the value that a write left comes from."""

    SENT = "taken"
    DEFAULT = "default"
    ABSENT = "cleared"


@dataclass(slots=True)
class Write:
    """A request that changed a resource, or seemed to."""

    exchange: Exchange
    operation: str
    kind: str
    version: str


@dataclass(slots=True)
class Pending:
    """What a write left of a property, and no read has shown yet. `before` is what a client had sent for it earlier, if that is
    known."""

    origin: Origin
    value: Any
    write: Write
    before: Any = None


@dataclass(slots=True)
class Moment:
    """A life cycle as it was last seen: the value, and when it was entered as the service says; what may have come since."""

    value: str
    entered: str | None
    possible: frozenset[str] | None = None
    action: Write | None = None


_PAST: Final = 8


@dataclass(slots=True)
class Resource:
    """What is known about one resource.

    `ours`: it was created within the trace, so that nobody else has a hand in it (if the trace is whole). `seen` is what the last
    read showed (None: nothing is known), at the api-version `seen_version`; `pending` what writes changed since, `unknown` which
    properties may have changed. `sent` is what clients sent last.
    """

    key: Key
    presence: Presence = Presence.UNKNOWN
    ours: bool = False
    since: int = 0
    created: Exchange | None = None
    deleted: Exchange | None = None
    write: Write | None = None
    writes_unseen: int = 0
    etag: str | None = None
    etag_from: Write | None = None
    modified: str | None = None
    past: list[str] = field(default_factory=list)
    seen: Mapping[str, Any] | None = None
    seen_version: str = ""
    pending: dict[str, Pending] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    sent: dict[str, Any] = field(default_factory=dict)
    fixed: dict[str, Any] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    promised: Write | None = None
    recording: str = ""
    heard_last: Exchange | None = None
    answered: datetime | None = None

    def heard(self, step: Step) -> None:
        """To be called before anything is concluded from a step: what another recording told a moment before may have been after
        it, as clocks differ, and so may what was told to a request that was under way at the same time."""
        if self.recording != step.recording:
            if self.recording and not well_after(when(self.heard_last), when(step.exchange)):
                self.unsettle()
            self.recording = step.recording
        elif asked_before(step.exchange.started, self.answered):
            self.unsettle()
        self.heard_last = step.exchange
        self.answered = answered(step.exchange, self.answered)

    def unsettle(self) -> None:
        """What was heard last may be older than what was heard before."""
        self.forget()
        self.moments.clear()
        self.past.clear()
        self.presence, self.ours = Presence.UNKNOWN, False

    def forget(self) -> None:
        """Somebody else may have changed it: what it shows next is taken as it is."""
        self.doubt()
        self.etag = self.etag_from = self.modified = None

    def doubt(self) -> None:
        """Somebody else may have changed any property of it. Its ETag is still one that it had."""
        self.seen = self.write = None
        self.pending.clear()
        self.unknown.clear()
        self.sent.clear()
        self.writes_unseen = 0

    def reborn(self) -> None:
        """Whatever exists by this name from here on is another one."""
        self.forget()
        self.fixed.clear()
        self.moments.clear()
        self.created = self.promised = None

    def retire_etag(self, etag: str) -> None:
        if etag not in self.past:
            self.past.append(etag)
            del self.past[:-_PAST]


@dataclass(slots=True)
class Listing:
    """A list that is being read page by page. `fair`: every element told its name, so that one can say which are missing."""

    begun: int
    operation: str
    collection: Key
    filter: str
    seen: set[Key] = field(default_factory=set)
    pages: int = 0
    fair: bool = True
    asked: datetime | None = None


@dataclass(slots=True)
class Promise:
    """A long-running operation that is under way."""

    key: Key
    kind: str
    write: Write
    sent: Mapping[str, Any] | None = None


_MOST_OPEN: Final = 256


class Account:
    """The state that a trace is folded into. `whole`: the trace has every request of those who change what it creates, as a run
    of the suite has; otherwise others may change anything at any time, and only an unchanged ETag shows that nobody did. `upset`
    is the step that may have taken along what is in something that the trace did not create, as a schedule takes its jobs.
    `told` are the last answers by request-id, `last` is the last of them."""

    def __init__(self, whole: bool = False) -> None:
        self.whole = whole
        self.steps = 0
        self.upset = 0
        self.resources: dict[Key, Resource] = {}
        self._in_collection: dict[Key, dict[Key, Resource]] = {}
        self.listings: dict[str, Listing] = {}
        self.promises: dict[str, Promise] = {}
        self.told: dict[str, Step] = {}
        self.last: Step | None = None

    def find(self, key: Key) -> Resource | None:
        return self.resources.get(key)

    def of(self, key: Key, collection: Key) -> Resource:
        """The resource with this key; a new one, of which nothing is known, when it was not heard of."""
        known = self.resources.get(key)
        if known is None:
            known = self.resources[key] = Resource(key)
            self._in_collection.setdefault(collection, {})[key] = known
        return known

    def within(self, collection: Key) -> Iterator[Resource]:
        return iter(self._in_collection.get(collection, {}).values())

    def below(self, key: Key) -> Iterator[Resource]:
        """The resources whose path leads over this one: their keys begin with its values."""
        values = key[1:]
        for collection, members in self._in_collection.items():
            if collection[1 : 1 + len(values)] == values and len(collection) > 1:
                yield from members.values()

    def sure(self, resource: Resource) -> bool:
        """Whether nobody else can have changed it."""
        return self.whole and resource.ours

    def open(self, listing: Listing, link: str) -> None:
        self.listings[link] = listing
        while len(self.listings) > _MOST_OPEN:
            self.listings.pop(next(iter(self.listings)))

    def promise(self, address: str, promise: Promise) -> None:
        self.promises[address] = promise
        while len(self.promises) > _MOST_OPEN:
            self.promises.pop(next(iter(self.promises)))
