"""Secrets in what is recorded: each has a stand-in, so that two that differ still differ, and one that comes back is seen to.

A secret that a request sent is known by its number: replay puts the scenario's own secret back into an answer that repeats it, so
that a target which tells secrets is found out in a replay too. Any other secret of an answer is known by its number alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from conformance.exchange import names_secret
from conformance.exchange.scrub import WORD

_SHORTEST = 6
_MARK = "-sent-"


@dataclass
class Secrets:
    """Those of one cassette. `sent` by value; `told` likewise, for those that only answers have."""

    source: str
    sent: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    @property
    def _short(self) -> str:
        return hashlib.sha256(self.source.encode()).hexdigest()[:6]

    def learn(self, text: str) -> None:
        """The secrets of a request's body."""
        for value in _secret_texts(text):
            if len(value) >= _SHORTEST and value not in self.sent:
                self.sent[value] = f"{WORD}{_MARK}{self._short}-{len(self.sent) + 1}"

    def hide(self, text: str, known: dict[str, str]) -> str:
        """An answer without secrets. `known` are those that fixtures sent, which all scenarios share."""
        for value, alias in {**known, **self.sent}.items():
            text = _replaced(text, value, alias)
        for value in list(_secret_texts(text)):
            if value.startswith(WORD) or not value:
                continue
            alias = self.told.setdefault(value, f"{WORD}-{len(self.told) + 1}")
            text = _replaced(text, value, alias)
        return text

    def restore(self, text: str, known: dict[str, str]) -> str:
        """A recorded answer with the secrets that this run sent."""
        if f"{WORD}{_MARK}" not in text:
            return text
        for value, alias in {**known, **self.sent}.items():
            text = text.replace(alias, _escaped(value))
        return text


def _replaced(text: str, value: str, alias: str) -> str:
    return text.replace(_escaped(value), alias).replace(value, alias)


def _escaped(value: str) -> str:
    """As it stands in a JSON text."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _secret_texts(text: str) -> Iterator[str]:
    if not text.lstrip().startswith(("{", "[")):
        return iter(())
    try:
        return _below(json.loads(text), False)
    except (ValueError, RecursionError):
        return iter(())


def _below(value: Any, secret: bool) -> Iterator[str]:
    if isinstance(value, str):
        if secret:
            yield value
    elif isinstance(value, list):
        for element in value:
            yield from _below(element, secret)
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _below(member, secret or names_secret(name))
