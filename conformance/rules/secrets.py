"""Credentials in the headers of an answer. (What a body may not show, `shapes` knows.)"""

from __future__ import annotations

import re
from collections.abc import Sequence

from conformance.rules.model import HOLDS, Context, Problem, Rule

_NAMES = frozenset({"authorization", "proxy-authorization", "x-ms-authorization-auxiliary", "ocp-apim-subscription-key"})
_NAME = re.compile(r"(account|access|shared|api)-?key|password", re.IGNORECASE)
_VALUE = re.compile(r"(SharedKey(Lite)?|Bearer) \S{6,}|.*\b(AccountKey|SharedAccessSignature)=\S{6,}", re.IGNORECASE)
# a challenge names the scheme that a client should use
_CHALLENGE = "www-authenticate"


def _told(context: Context) -> Sequence[Problem]:
    """The value is not repeated: a report is read by more people than an answer."""
    found = [name for name, value in context.exchange.response.headers.items() if _is_secret(name, value)]
    return [Problem("a credential is in a header of the answer", "absent", "present", name) for name in found] or HOLDS


def _is_secret(name: str, value: str) -> bool:
    if name in _NAMES or _NAME.search(name):
        return True
    return name != _CHALLENGE and _VALUE.match(value) is not None


RULES = (Rule("secrets.headers", "credentials are not in the headers of an answer", lambda c: c.operation is not None, _told),)
