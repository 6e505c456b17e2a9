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
    """What one source sent. Who waits for something asks in rounds, of one request or several: of rounds that are answered alike
    one after the other, only the first and the last are of use, since a wait may end by the Date of an answer alone."""

    scope: CleanScope
    tape: Tape = field(default_factory=Tape)
    poll: int = 0
    last: list[object] = field(default_factory=list)
    round: dict[Key, Exchange] = field(default_factory=dict)
    held: list[Exchange] = field(default_factory=list)

    def heard(self, exchange: Exchange, poll: int) -> None:
        self.ask(poll)
        if not poll:
            self.tape.exchanges.append(exchange)
            return
        key = key_of(exchange.request)
        if key in self.round:
            self._end_round()
        self.round[key] = exchange

    def ask(self, poll: int) -> None:
        """Begins another wait, or none, when `poll` says so."""
        if self.poll == poll:
            return
        self._end_round()
        self.tape.exchanges += self.held
        self.poll, self.last, self.held = poll, [], []

    def _end_round(self) -> None:
        told, self.round = self.round, {}
        said: list[object] = [(key, _said(exchange.response)) for key, exchange in told.items()]
        if not told:
            return
        if said == self.last:
            self.held = list(told.values())
            return
        self.tape.exchanges += told.values()
        self.last, self.held = said, []


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
        track.heard(Exchange(request, response), poll)

    def unanswered(self, source: str, request: Request, why: str, reached: bool = False) -> None:
        track = self._track(source)
        clean = track.scope.request(request)
        track.ask(0)
        track.tape.silences.append(Silence(clean, track.scope.text(why), len(track.tape.exchanges), reached))

    def _track(self, source: str) -> _Track:
        if source not in self._tracks:
            self._tracks[source] = _Track(self._cleaner.scope(source, shares=shared(source)))
        return self._tracks[source]

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
                _refuse(silence.request, Response(0, reason=silence.why), lookout, source)
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
    texts = [request.url, response.reason, *(f"{n}: {v}" for n, v in (*request.headers.fields, *response.headers.fields))]
    lookout.refuse("\n".join(texts), f"the cassette of {source}")
    for body in (request.body, response.body):
        if body:
            lookout.refuse(body.decode("utf-8", "replace"), f"the cassette of {source}")
