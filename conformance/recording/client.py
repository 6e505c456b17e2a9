"""The client of a replay: as live, but for what answers it, and for waiting."""

from __future__ import annotations

from collections.abc import Generator, Mapping

import httpx

from conformance.exchange import Exchange
from conformance.recording.player import LOST_BODY, Player
from conformance.target.client import Client, Missed
from conformance.target.config import Target
from conformance.target.errors import TargetUnreachable


class ReplayingClient(Client):
    """Opens no connection, waits for nothing, and is bound by no budget."""

    def __init__(self, target: Target, player: Player) -> None:
        super().__init__(target, transport=player)
        self.bounded = False
        self._player = player

    @property
    def exhausted(self) -> bool:
        return self._player.stale()

    def pause(self, seconds: float) -> None:
        pass

    def send(
        self,
        method: str,
        path_and_query: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        authenticate: bool = True,
    ) -> Exchange:
        self._player.source, self._player.poll = self.source, self.poll
        try:
            return super().send(method, path_and_query, headers=headers, content=content, authenticate=authenticate)
        except TargetUnreachable:
            rest = {"headers": headers, "content": content, "authenticate": authenticate}
            self._missed = Missed(method, path_and_query, rest) if self._player.reached else None
            raise

    def _lost(self, response: httpx.Response) -> bool:
        return LOST_BODY in response.extensions

    def _authentication(self, management: bool) -> httpx.Auth | None:
        auth = self.target.management_auth if management and self.target.management_endpoint else self.target.auth
        words = {"entra": "Bearer", "bearer": "Bearer", "shared-key": f"SharedKey {self.target.account}:"}
        return Token(words[auth]) if auth in words else None


class Token(httpx.Auth):
    """Stands where a token or a signature stood."""

    def __init__(self, words: str) -> None:
        self._words = words

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers.setdefault("Authorization", f"{self._words}{'' if self._words.endswith(':') else ' '}SCRUBBED")
        yield request
