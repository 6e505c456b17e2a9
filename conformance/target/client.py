"""The one client of a run: a keep-alive connection, every exchange handed to a recorder, pacing and budget.

It follows no redirect, retries nothing and reads no proxy from the environment: what the target does is what is judged.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from socket import gaierror
from types import TracebackType
from typing import Any

import httpx

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.target.auth import authentication, management_authentication
from conformance.target.config import Target
from conformance.target.errors import BudgetExhausted, TargetUnreachable

Recorder = Callable[[Exchange], None]
_LARGEST_BODY = 64 * 2**20
_NO_ANSWER = (httpx.ReadTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
_MANAGEMENT = ("/subscriptions/", "/providers/")


def is_management(path: str) -> bool:
    """Whether a path is one of the management plane's."""
    return path.startswith(_MANAGEMENT)


@dataclass(frozen=True)
class Missed:
    """A request that reached a server and got no answer, as it was given to `send`."""

    method: str
    path_and_query: str
    rest: dict[str, Any]


class Client:
    """Sends requests to a target. `source` is written into each exchange: who sent it."""

    def __init__(self, target: Target, recorder: Recorder | None = None, transport: httpx.BaseTransport | None = None) -> None:
        self.target = target
        self.source = ""
        self.sent = 0
        self.bounded = True
        self.poll = 0
        self._polls = 0
        # told of a request that got no answer, why, and whether a server was reached
        self.unanswered: Callable[[Request, str, bool], None] = lambda request, why, reached: None
        self._missed: Missed | None = None
        # how many requests it will take to remove what was made: they belong to the budget
        self.reserved: Callable[[], int] = lambda: 0
        self.recorder = recorder
        # seconds to wait for an answer, when that is to be less than the target is given
        self.hasty: float | None = None
        # a target whose time moves with the requests is not waited for
        self.hurried = False
        self._auth: httpx.Auth | None = None
        self._management_auth: httpx.Auth | None = None
        self._began = time.monotonic()
        self._last = 0.0
        timeouts = httpx.Timeout(target.timeouts.answer, connect=min(target.timeouts.connect, target.timeouts.answer))
        self._http = httpx.Client(trust_env=False, timeout=timeouts, follow_redirects=False, transport=transport)
        # what a client library sends along is not wanted: each header of an exchange is there on purpose
        self._http.headers = httpx.Headers({"User-Agent": "azure-batch-conformance", "Accept": "application/json"})

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    @property
    def exhausted(self) -> bool:
        """Whether asking again cannot give another answer, as in a recording that has no more of them."""
        return False

    def missed(self) -> Missed | None:
        """The last request that reached a server and got no answer; to be asked once."""
        found, self._missed = self._missed, None
        return found

    def pause(self, seconds: float) -> None:
        """Wait before asking again."""
        time.sleep(0 if self.hurried else seconds)

    @contextmanager
    def polling(self) -> Iterator[None]:
        """What is sent within asks again and again for the same; `poll` is then a number that no other such wait has."""
        before = self.poll
        self._polls += 1
        self.poll = self._polls
        try:
            yield
        finally:
            self.poll = before

    def send(
        self,
        method: str,
        path_and_query: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        authenticate: bool = True,
    ) -> Exchange:
        """Send one request; `path_and_query` is encoded already.

        Raises:
            BudgetExhausted: the run may send no more.
            TargetUnreachable: no HTTP answer came.
        """
        self._spend()
        management = is_management(path_and_query)
        request = self._http.build_request(
            method, self._base(management) + path_and_query, headers=dict(headers or {}), content=content, **self._haste()
        )
        started, clock = datetime.now(UTC), time.monotonic()
        try:
            auth = self._authentication(management) if authenticate else None
            response = self._http.send(request, auth=auth, stream=True)
            body = self._whole(response, clock)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            why = f"{request.url.scheme}://{request.url.netloc.decode()}: {reason(error, self.target)}"
            reached = isinstance(error, _NO_ANSWER)
            self.unanswered(Request(request.method, str(request.url), _headers(request.headers), content or b""), why, reached)
            rest = {"headers": headers, "content": content, "authenticate": authenticate}
            self._missed = Missed(method, path_and_query, rest) if reached else None
            raise TargetUnreachable(why) from error
        exchange = _exchange(response, body, content or b"", self.sent - 1, self.source, started, time.monotonic() - clock)
        if self._lost(response):
            exchange = replace(exchange, response=replace(exchange.response, body_known=False))
        if self.recorder is not None:
            self.recorder(exchange)
        return exchange

    @property
    def _patience(self) -> float:
        stated = self.target.timeouts.answer
        return stated if self.hasty is None else min(stated, self.hasty)

    def _haste(self) -> dict[str, Any]:
        if self.hasty is None:
            return {}
        return {"timeout": httpx.Timeout(self._patience, connect=min(self.target.timeouts.connect, self._patience))}

    def _lost(self, response: httpx.Response) -> bool:
        """Whether the body is missing in the recording that answered."""
        return False

    def _whole(self, response: httpx.Response, began: float) -> bytes:
        """The body. httpx's timeout bounds each wait only, so what trickles is bounded here, and what has no end too."""
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _LARGEST_BODY:
                    raise httpx.ReadError(f"the answer is longer than {_LARGEST_BODY // 2**20} MiB", request=response.request)
                if time.monotonic() - began > self._patience:
                    raise httpx.ReadTimeout("the answer does not end", request=response.request)
        finally:
            response.close()
        return bytes(body)

    def _base(self, management: bool) -> str:
        return self.target.management_endpoint if management and self.target.management_endpoint else self.target.endpoint

    def _authentication(self, management: bool) -> httpx.Auth | None:
        if not (management and self.target.management_endpoint):
            if self._auth is None:
                self._auth = authentication(self.target)
            return self._auth
        if self._management_auth is None:
            self._management_auth = management_authentication(self.target)
        return self._management_auth

    def _spend(self) -> None:
        budget, rate = self.target.budget, self.target.pacing.requests_per_second
        if self.bounded and budget.requests and self.sent + self.reserved() >= budget.requests:
            raise BudgetExhausted(f"the budget of {budget.requests} requests is used up")
        if self.bounded and budget.minutes and time.monotonic() - self._began >= 60 * budget.minutes:
            raise BudgetExhausted(f"the budget of {budget.minutes:g} minutes is used up")
        if rate:
            pause = self._last + 1 / rate - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            self._last = time.monotonic()
        self.sent += 1


def _exchange(
    response: httpx.Response, body: bytes, content: bytes, index: int, source: str, started: datetime, elapsed: float
) -> Exchange:
    request = response.request
    return Exchange(
        Request(request.method, str(request.url), _headers(request.headers), content),
        Response(response.status_code, _headers(response.headers), body, response.reason_phrase),
        index=index,
        source=source,
        started=started,
        elapsed=elapsed,
    )


def _headers(headers: httpx.Headers) -> Headers:
    return Headers(tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw))


def reason(error: Exception, target: Target) -> str:
    """Why no answer came, in one line."""
    chain = list(_causes(error))
    first = next((cause for cause in chain if isinstance(cause, ssl.SSLError | gaierror | ConnectionRefusedError)), None)
    match first:
        case ssl.SSLError():
            return f"TLS failed: {_line(first)}"
        case gaierror():
            return "the host name is unknown (DNS)"
        case ConnectionRefusedError():
            return "connection refused: nothing listens there"
    match error:
        case httpx.ConnectTimeout():
            return f"no connection within {min(target.timeouts.connect, target.timeouts.answer):g} s"
        case httpx.TimeoutException():
            return f"no answer within {target.timeouts.answer:g} s"
        case httpx.ProtocolError() | httpx.DecodingError():
            return f"the answer is not HTTP: {_line(error)}"
        case _:
            return f"the connection broke: {_line(error)}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
