"""Stable stand-ins for what differs from run to run: the run's label, hosts, GUIDs that the service made, times, made.

An alias has the length and the form of what it stands for, so that whatever is computed from it comes out alike.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from conformance.recording.instants import Shift

_GUID = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z])")
_PAGE = re.compile(r"(?<=skiptoken=)[^&\"\\\s<>]+", re.IGNORECASE)
_LABEL = "recorded"
_SHORTEST_LABEL = 5
_SHORT, _MOST = 200, 4096


def label_alias(label: str) -> str:
    """As long as the label, since names are padded to the limits that a service has."""
    return (_LABEL + "0" * len(label))[: len(label)]


def _labels(label: str) -> str:
    """Those of all processes of the run; a short one that somebody chose might be part of any word."""
    return re.escape(label[:-1]) + r"[0-9a-z]" if len(label) > _SHORTEST_LABEL else rf"(?<=bcs-){re.escape(label)}(?![0-9a-z])"


def endpoint_alias(endpoint: str) -> str:
    return f"{urlsplit(endpoint).scheme or 'http'}://recorded.invalid" if endpoint else ""


@dataclass
class Aliases:
    """The stand-ins of one process of a run.

    `texts` are those of what a path names: (the segment before it, the text) → alias; `shared` GUIDs were told to a fixture that
    several scenarios share, so that each of them knows them by one alias; `made` are thumbprints and public data of certificates
    that the run made."""

    label: str
    endpoints: tuple[str, ...]
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    shift: Shift = field(default_factory=Shift)
    shared: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._before: dict[str, str] = {}
        # each with what a text has in lower case if the pattern can fit
        self._fixed: list[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]] = [
            (self.label[:-1].lower(), re.compile(_labels(self.label), re.IGNORECASE), self._of_label)
        ]
        for endpoint in sorted(filter(None, self.endpoints), key=len, reverse=True):
            host, alias = urlsplit(endpoint).netloc, urlsplit(endpoint_alias(endpoint)).netloc
            self._replace(host, alias)
            self._replace(quote(host, safe=""), alias)
        for (before, text), alias in self.texts.items():
            self._replace(text, alias, f"/{before}/")

    def _replace(self, text: str, alias: str, before: str = "") -> None:
        pattern = (
            rf"(?<={re.escape(before)}){re.escape(text)}(?![\w-])"
            if before
            else rf"(?:(?<![\w-])|(?<=%2F)){re.escape(text)}(?![\w-])"
        )
        self._fixed.append((text.lower(), re.compile(pattern, re.IGNORECASE), lambda match: alias))

    def _of_label(self, match: re.Match[str]) -> str:
        """Every process of a run has a label of its own, which differs in the last letter."""
        found = match[0]
        alias = label_alias(self.label)
        if found.lower() != self.label.lower():
            alias = alias[:-1] + (found[-1].lower() if found[-1].isalpha() else "a")
        return alias.upper() if found.isupper() else alias

    def known(self, text: str) -> str:
        """Without what the run knew before it began: labels, hosts, and what paths name."""
        lower = text.lower()
        for held, pattern, alias in self._fixed:
            if held in lower:
                text = pattern.sub(alias, text)
        return text

    def text(self, text: str, scope: Scope) -> str:
        if len(text) > _SHORT:
            text = self.known(text)
        else:
            # values of headers come again and again
            found = self._before.get(text)
            if found is None:
                if len(self._before) >= _MOST:
                    self._before.clear()
                found = self._before[text] = self.known(text)
            text = found
        for thumbprint, other in self.made.items():
            text = text.replace(thumbprint, other).replace(thumbprint.upper(), other.upper())
        text = _PAGE.sub(scope.page, text) if "skiptoken" in text else text
        return self.shift.text(_GUID.sub(scope.guid, text))


@dataclass
class Scope:
    """The GUIDs of one cassette, and its tokens of pages, numbered as they appear. What a request says first is the client's
    own, and stays."""

    source: str
    aliases: Aliases
    shares: bool = False
    own: set[str] = field(default_factory=set)
    given: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def _own_prefix(self) -> str:
        return f"{hashlib.sha256(self.source.encode()).hexdigest()[:8]}-0000-4000-8000-"

    def renumbered(self, text: str) -> str:
        """The cassette with its GUIDs numbered as they appear there: what was told and not recorded leaves no gap. Those of a
        fixture are known to the scenarios that share it, and stay."""
        if self.shares:
            return text
        numbers: dict[str, int] = {}
        own = re.compile(rf"{self._own_prefix}[0-9a-f]{{12}}", re.IGNORECASE)

        def number(match: re.Match[str]) -> str:
            place = numbers.setdefault(match[0].lower(), len(numbers) + 1)
            alias = f"{self._own_prefix}{place:012x}"
            return alias.upper() if match[0].isupper() else alias

        return own.sub(number, text)

    def sent(self, text: str) -> None:
        """What a request says: GUIDs that no answer told are the client's."""
        for found in _GUID.findall(text):
            folded = found.lower()
            if folded not in self.given and folded not in self.aliases.shared:
                self.own.add(folded)
        self.own |= {unquote(page) for page in _PAGE.findall(text)} - self.pages.keys()

    def page(self, match: re.Match[str]) -> str:
        """What leads to the next page: it may hold the run's label, and nobody reads it."""
        found = unquote(match[0])
        return match[0] if found in self.own else self.pages.setdefault(found, f"recorded-page-{len(self.pages) + 1}")

    def guid(self, match: re.Match[str]) -> str:
        found = match[0].lower()
        if found in self.own:
            return match[0]
        alias = self.aliases.shared.get(found) or self.given.get(found)
        if alias is None:
            alias = f"{self._own_prefix}{len(self.given) + 1:012x}"
            self.given[found] = alias
            if self.shares:
                self.aliases.shared[found] = alias
        return alias.upper() if match[0].isupper() else alias
