"""Answers from cassettes instead of a target: below the same client as live, without any socket, and without waiting."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from conformance.exchange import BrokenRecording, Exchange, Headers, Request, Response
from conformance.recording.clean import Cleaner, CleanScope
from conformance.recording.errors import NotRecorded
from conformance.recording.matching import Key, key_of, nearest
from conformance.recording.recorder import shared
from conformance.recording.tape import Silence, Tape, read_tape
from conformance.target.errors import TargetUnreachable

LOST_BODY = "lost_body"
"""The extension of a response whose body the recording does not have."""


@dataclass
class _Played:
    """A cassette while it is played: what is left of it, by request, and what was answered last."""

    scope: CleanScope
    left: dict[Key, deque[Exchange | Silence]] = field(default_factory=dict)
    last: dict[Key, Exchange] = field(default_factory=dict)


class Player(httpx.BaseTransport):
    """`source` and `poll` are set by the client before each request; `reached` says whether the last request without an answer
    had reached a server. `files` maps sources to cassettes below `folder`."""

    def __init__(self, folder: Path, files: Mapping[str, str], cleaner: Cleaner) -> None:
        self.source = ""
        self.poll = 0
        self.reached = False
        self._fresh = 0
        self._folder = folder
        self._files = files
        self._cleaner = cleaner
        self._playing: dict[str, _Played] = {}

    def stale(self) -> bool:
        """Whether nothing new was told since this was asked the last time."""
        fresh, self._fresh = self._fresh, 0
        return fresh == 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        played = self._played()
        asked = played.scope.request(_request(request))
        key = key_of(asked)
        left = played.left.get(key)
        if left:
            self._fresh += 1
            return self._answer(played, key, left.popleft(), request)
        if self.poll and key in played.last:
            return _response(played.last[key], played.scope, self._cleaner, request)
        raise NotRecorded(f"the recording of {self.source or 'nothing'} lacks {key[0]} {key[1]}: {nearest(key, played.left)}")

    def _answer(self, played: _Played, key: Key, one: Exchange | Silence, request: httpx.Request) -> httpx.Response:
        if isinstance(one, Silence):
            self.reached = one.reached
            raise TargetUnreachable(one.why)
        played.last[key] = one
        return _response(one, played.scope, self._cleaner, request)

    def _played(self) -> _Played:
        if self.source not in self._playing:
            self._playing[self.source] = self._load(self.source)
        return self._playing[self.source]

    def _load(self, source: str) -> _Played:
        played = _Played(self._cleaner.scope(source, shares=shared(source)))
        for one in _in_order(self._tape(source)):
            played.left.setdefault(key_of(one.request), deque()).append(one)
        return played

    def _tape(self, source: str) -> Tape:
        name = self._files.get(source)
        if name is None:
            raise NotRecorded(f"the recording has no cassette of {source or 'what is asked outside of scenarios'}")
        try:
            return read_tape(self._folder / name)
        except BrokenRecording as error:
            raise NotRecorded(str(error)) from error


def _in_order(tape: Tape) -> list[Exchange | Silence]:
    found: list[Exchange | Silence] = list(tape.exchanges)
    for silence in sorted(tape.silences, key=lambda s: s.after, reverse=True):
        found.insert(silence.after, silence)
    return found


def _request(request: httpx.Request) -> Request:
    fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return Request(request.method, str(request.url), Headers(fields), request.read())


def _response(recorded: Exchange, scope: CleanScope, cleaner: Cleaner, request: httpx.Request) -> httpx.Response:
    response = recorded.response
    body = response.body
    with contextlib.suppress(UnicodeDecodeError):
        body = scope.secrets.restore(body.decode("utf-8"), cleaner.shared).encode()
    extensions: dict[str, object] = {"reason_phrase": response.reason.encode("latin-1", "replace")}
    if not response.body_known:
        extensions[LOST_BODY] = True
    fields = [(n.encode("latin-1", "replace"), v.encode("latin-1", "replace")) for n, v in response.headers.fields]
    content = _encoded(body, response)
    return httpx.Response(
        response.status, headers=fields, stream=httpx.ByteStream(content), request=request, extensions=extensions
    )


def _encoded(body: bytes, response: Response) -> bytes:
    """The body as it was on the wire: the client will unpack it."""
    coding = response.headers.get("content-encoding", "").lower()
    if coding == "gzip":
        return gzip.compress(body)
    return zlib.compress(body) if coding == "deflate" else body
