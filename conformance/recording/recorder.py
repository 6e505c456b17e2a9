"""Collects what the scenarios of one process send and get, and writes their cassettes when the run is over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from conformance.exchange import Exchange, Request, Response
from conformance.recording.check import Lookout
from conformance.recording.clean import Cleaner, CleanScope
from conformance.recording.index import file_names
from conformance.recording.matching import Key, key_of
from conformance.recording.tape import Silence, Tape

# what differs between two answers that say the same
_PASSING = frozenset({"date", "request-id", "client-request-id", "x-ms-request-id", "x-ms-correlation-request-id"})
DONE = "recorded-"


@dataclass
class _Track:
    scope: CleanScope
    tape: Tape = field(default_factory=Tape)
    poll: int = 0
    last: dict[Key, object] = field(default_factory=dict)
    held: dict[Key, tuple[int, Exchange]] = field(default_factory=dict)

    def ask(self, poll: int) -> None:
        """Begins another wait, or none, when `poll` says so. Of one that is over, what was answered last belongs to the tape: the
        wait may have ended by its Date."""
        if self.poll == poll:
            return
        for place, exchange in sorted(self.held.values(), key=lambda h: h[0], reverse=True):
            self.tape.exchanges.insert(place, exchange)
        self.poll, self.last, self.held = poll, {}, {}


class Recorder:
    """Of one process: each names what differs from run to run alike."""

    def __init__(self, cleaner: Cleaner) -> None:
        self._cleaner = cleaner
        self._tracks: dict[str, _Track] = {}
        self.aliases = cleaner.aliases

    def heard(self, exchange: Exchange, poll: int) -> None:
        """An exchange; `poll` tells one wait for something from another, and is 0 outside of any."""
        track = self._track(exchange.source)
        request = track.scope.request(exchange.request)
        response = track.scope.response(replace(exchange, request=request))
        clean = Exchange(request, response)
        if self._told_already(track, clean, poll):
            return
        track.tape.exchanges.append(clean)

    def unanswered(self, source: str, request: Request, why: str) -> None:
        track = self._track(source)
        clean = track.scope.request(request)
        track.ask(0)
        track.tape.silences.append(Silence(clean, why, len(track.tape.exchanges)))

    def _track(self, source: str) -> _Track:
        if source not in self._tracks:
            self._tracks[source] = _Track(self._cleaner.scope(source, shares=shared(source)))
        return self._tracks[source]

    def _told_already(self, track: _Track, exchange: Exchange, poll: int) -> bool:
        """Whether who waits for something got the same answer as before: then only the last of them is of use."""
        track.ask(poll)
        if not poll:
            return False
        key, said = key_of(exchange.request), _said(exchange.response)
        if track.last.get(key) == said:
            track.held[key] = len(track.tape.exchanges), exchange
            return True
        track.last[key] = said
        track.held.pop(key, None)
        return False

    def write(self, folder: Path, name: str, secrets: Iterable[str]) -> None:
        """The cassettes of this process below `folder`, and which source each is of, in a file of its own. Raises Leaks when one
        of them would hold a secret: then none of this process is written."""
        lookout = Lookout(secrets)
        files = file_names(self._tracks)
        texts: dict[str, str] = {}
        for source, track in self._tracks.items():
            track.ask(0)
            for exchange in track.tape.exchanges:
                _refuse(exchange.request, exchange.response, lookout, source)
            for silence in track.tape.silences:
                _refuse(silence.request, Response(0), lookout, source)
            texts[source] = track.scope.scope.renumbered(track.tape.text())
        for source, text in texts.items():
            path = folder / files[source]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / f"{DONE}{name}.json").write_text(json.dumps(files), encoding="utf-8")


def shared(source: str) -> bool:
    """Whether a source is a fixture: scenarios have the name of a test."""
    return not source.partition("::")[2].startswith("test")


def _said(response: Response) -> object:
    fields = tuple((name, value) for name, value in response.headers.fields if name.lower() not in _PASSING)
    return response.status, fields, response.body


def _refuse(request: Request, response: Response, lookout: Lookout, source: str) -> None:
    texts = [request.url, *(f"{n}: {v}" for n, v in (*request.headers.fields, *response.headers.fields))]
    lookout.refuse("\n".join(texts), f"the cassette of {source}")
    for body in (request.body, response.body):
        if body:
            lookout.refuse(body.decode("utf-8", "replace"), f"the cassette of {source}")
