"""Credentials in the headers of an answer. (What a body may not show, `shapes` knows.)"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from conformance.rules.model import HOLDS, Context, Problem, Rule

_NAMES = frozenset({"authorization", "proxy-authorization", "x-ms-authorization-auxiliary", "ocp-apim-subscription-key"})
_NAME = re.compile(r"(account|access|shared|api)-?key|password", re.IGNORECASE)
_VALUE = re.compile(r"(SharedKey(Lite)?|Bearer) \S{6,}|.*\b(AccountKey|SharedAccessSignature)=\S{6,}", re.IGNORECASE)
# a challenge names the scheme that a client should use
_CHALLENGE = "www-authenticate"


# one of them is in whatever `_VALUE` fits: nearly every answer is done with a look for them
_HINTS = ("sharedkey", "bearer", "accountkey=", "sharedaccesssignature=")


def _told(context: Context) -> Sequence[Problem]:
    """The value is not repeated: a report is read by more people than an answer."""
    headers = context.exchange.response.headers
    telling = _telling(tuple(headers))
    text = "\n".join(headers.values()).lower()
    if any(hint in text for hint in _HINTS):
        telling = (*telling, *(name for name in headers if name not in telling and _is_secret(name, headers[name])))
    return [Problem("a credential is in a header of the answer", "absent", "present", name) for name in telling] or HOLDS


@lru_cache(maxsize=1024)
def _telling(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those that hold a credential by their name."""
    return tuple(name for name in names if name in _NAMES or _NAME.search(name))


def _is_secret(name: str, value: str) -> bool:
    return name != _CHALLENGE and _VALUE.match(value) is not None


RULES = (Rule("secrets.headers", "credentials are not in the headers of an answer", lambda c: c.operation is not None, _told),)
