"""Which requests a lie is about: `GET|HEAD /pools/{}`, several with commas between; `{}` is a segment, `...` what may follow,
`*` every verb. Paths compare without case, as the service's do."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from conformance.defects.paths import sent
from conformance.reference.wire import WireRequest

When = Callable[[WireRequest], bool]
EVERYTHING = "* /..."
_Pattern = tuple[frozenset[str], "re.Pattern[str]"]


@cache
def _patterns(where: str) -> tuple[_Pattern, ...]:
    return tuple(_pattern(*one.strip().split(" ", 1)) for one in where.split(","))


def _pattern(verbs: str, path: str) -> _Pattern:
    shape = re.escape(path).replace(r"\{\}", "[^/]+").replace(r"\.\.\.", ".*")
    return frozenset(verbs.split("|")), re.compile(f"{shape}/?", re.IGNORECASE)


def fits(where: str, asked: WireRequest) -> bool:
    return any((asked.method in verbs or "*" in verbs) and path.fullmatch(asked.path) for verbs, path in _patterns(where))


def version(asked: WireRequest) -> str:
    return asked.parameters().get("api-version", "")


def before(first: str) -> When:
    """At api-versions before that one."""
    return lambda asked: version(asked) < first


def since(first: str) -> When:
    return lambda asked: version(asked) >= first


def has(parameter: str) -> When:
    """With that query parameter."""
    return lambda asked: parameter.lower() in asked.parameters()


def lacks(parameter: str) -> When:
    return lambda asked: parameter.lower() not in asked.parameters()


def sends(name: str, value: object) -> When:
    """With that member, of that value, in the JSON object that is sent."""

    return lambda asked: sent(asked).get(name, ...) == value


def always(asked: WireRequest) -> bool:
    return True
