"""From an exchange to what a cassette holds of it: the same way for what is recorded and for what is looked up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.recording import allowed
from conformance.recording.aliases import Aliases, Scope
from conformance.recording.secrets import Secrets

Scrub = Callable[[Exchange], Exchange]
# how and when a request is carried: nothing of what is asked
_CARRIAGE = frozenset({"accept-encoding", "connection", "date", "host", "ocp-date", "user-agent"})


@dataclass
class Cleaner:
    """What one process knows: its aliases, how it scrubs, and the secrets that shared fixtures sent."""

    aliases: Aliases
    scrub: Scrub
    shared: dict[str, str] = field(default_factory=dict)

    def scope(self, source: str, shares: bool) -> CleanScope:
        return CleanScope(self, Scope(source, self.aliases, shares), Secrets(source), shares)


@dataclass
class CleanScope:
    """What one cassette adds to it."""

    cleaner: Cleaner
    scope: Scope
    secrets: Secrets
    shares: bool

    def request(self, request: Request) -> Request:
        """A request without secrets and with aliases; what it sends is remembered."""
        text = _text(request.body)
        if text is not None:
            self.secrets.learn(text)
            if self.shares:
                self.cleaner.shared |= self.secrets.sent
        self.scope.sent(request.url)
        self.scope.sent(text or "")
        for _, value in request.headers.fields:
            self.scope.sent(value)
        kept = Headers(tuple(field for field in request.headers.fields if field[0].lower() not in _CARRIAGE))
        clean = self.cleaner.scrub(Exchange(replace(request, headers=kept), Response(0))).request
        return replace(
            clean,
            url=self._alias(allowed.url(clean.url)),
            headers=self._headers(clean.headers),
            body=self._body(clean.body),
        )

    def response(self, exchange: Exchange) -> Response:
        """An answer likewise."""
        response = exchange.response
        self.cleaner.aliases.shift.begin(response.headers.get("date"))
        text = _text(response.body)
        if text is not None:
            hidden = self.secrets.hide(text, self.cleaner.shared)
            response = replace(response, body=hidden.encode())
        fields = tuple((name, self.secrets.hide(value, self.cleaner.shared)) for name, value in response.headers.fields)
        response = replace(response, headers=Headers(fields))
        clean = self.cleaner.scrub(Exchange(exchange.request, response)).response
        return replace(clean, headers=self._headers(clean.headers), body=self._body(clean.body))

    def text(self, text: str) -> str:
        """What else is said, with aliases."""
        return self._alias(text)

    def _alias(self, text: str) -> str:
        return self.cleaner.aliases.text(text, self.scope)

    def _headers(self, headers: Headers) -> Headers:
        return Headers(tuple((name, self._alias(value)) for name, value in allowed.headers(headers).fields))

    def _body(self, body: bytes) -> bytes:
        text = _text(body)
        return self._alias(allowed.body(text)).encode() if text else body


def _text(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None
