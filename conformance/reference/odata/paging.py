"""Pages of a list. A `$skiptoken` holds the key of the last element seen, so pages neither skip nor repeat an element when others
come or go in between. It is signed: a client can neither make one up nor use it on another list."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable
from typing import TypeVar

from conformance.reference.odata.errors import SkipTokenError

_SIGNATURE_BYTES = 12

T = TypeVar("T")


class Pager:
    """Cuts lists into pages. Tokens are good for every pager with the same secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def page(
        self, items: Iterable[T], *, key: Callable[[T], str], limit: int, token: str | None = None, scope: str = ""
    ) -> tuple[list[T], str | None]:
        """At most `limit` items after the token, in order of `key` (unique), and the token of the next page if there is one.

        `scope` names what is listed, such as path and filter; a token of another scope raises `SkipTokenError`.
        """
        after = None if token is None else self._open(token, scope)
        rest = sorted((item for item in items if after is None or key(item) > after), key=key)
        if len(rest) <= limit:
            return rest, None
        shown = rest[:limit]
        return shown, self._seal(key(shown[-1]), scope)

    def _seal(self, last: str, scope: str) -> str:
        payload = last.encode()
        return base64.urlsafe_b64encode(self._sign(payload, scope) + payload).decode().rstrip("=")

    def _open(self, token: str, scope: str) -> str:
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            last = raw[_SIGNATURE_BYTES:].decode()
        except (binascii.Error, ValueError) as error:
            raise SkipTokenError("the token was not issued by this service") from error
        # the whole text is compared: base64 has several spellings of the same bytes
        if not hmac.compare_digest(token.encode(), self._seal(last, scope).encode()):
            raise SkipTokenError("the token was not issued for this list")
        return last

    def _sign(self, payload: bytes, scope: str) -> bytes:
        message = hashlib.sha256(scope.encode()).digest() + payload
        return hmac.new(self._secret, message, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
