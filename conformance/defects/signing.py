"""A request that a lie has changed still has the signature of what was sent. Who could have signed the one may have the other."""

from __future__ import annotations

from dataclasses import replace

from conformance.reference.auth import Authenticator, SignedRequest, sign, string_to_sign
from conformance.reference.instants import to_datetime
from conformance.reference.settings import Settings
from conformance.reference.wire import WireRequest

_AUTHORIZATION = "authorization"


class Signer:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._authenticator = Authenticator(settings.account, settings.key, settings.token)

    def signed(self, asked: WireRequest, original: WireRequest) -> WireRequest:
        """`asked` as it would have been sent by who sent `original`; a bad signature stays bad."""
        if asked is original:
            return asked
        length = str(len(asked.body)) if asked.body else None
        asked = _with_header(asked, "content-length", length)
        if self._settings.key is None or not self._genuine(original):
            return asked
        return self.force(asked)

    def force(self, asked: WireRequest) -> WireRequest:
        """Signed with the account's key, whoever sent it."""
        settings = self._settings
        if settings.key is None:
            return asked
        signature = sign(string_to_sign(_parts(asked), settings.account), settings.key)
        return _with_header(asked, _AUTHORIZATION, f"SharedKey {settings.account}:{signature}")

    def _genuine(self, original: WireRequest) -> bool:
        shared = (original.header(_AUTHORIZATION) or "").lower().startswith("sharedkey")
        return shared and self._authenticator.check(_parts(original), to_datetime(self._settings.clock.wall())) is None


def _parts(asked: WireRequest) -> SignedRequest:
    return SignedRequest(asked.method, asked.path, asked.query, asked.headers)


def _with_header(asked: WireRequest, name: str, value: str | None) -> WireRequest:
    kept = [(each, was) for each, was in asked.headers if each.lower() != name]
    return replace(asked, headers=[*kept, (name, value)] if value is not None else kept)
