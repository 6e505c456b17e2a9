"""When two values are the same to the service, whatever their spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from conformance.contract import Contract, Model, Property
from conformance.oracle.plans import hidden

SCRUBBED: Final = "SCRUBBED"
"""Stands in a recording where a secret was: such a text says nothing."""

_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>[\d.]+)S)?)?"
).fullmatch
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7})\d*)?(Z|[+-]\d\d:\d\d)").fullmatch
_START = datetime(1, 1, 1, tzinfo=UTC)
TICKS = 10_000_000
_EMPTY: Final[tuple[Any, ...]] = ("", [], {}, None)


def ticks(text: str) -> int | None:
    """An ISO 8601 instant as 100 ns since the year 1; None when it is none."""
    found = _DATE_TIME(text)
    if found is None:
        return None
    try:
        whole = datetime.fromisoformat(found[1] + found[3].replace("Z", "+00:00")) - _START
    except (ValueError, OverflowError):
        return None
    return (whole.days * 86400 + whole.seconds) * TICKS + int((found[2] or "").ljust(7, "0"))


def seconds(text: str) -> float | None:
    """An ISO 8601 duration without years and months; None when it is none."""
    found = _DURATION(text)
    if found is None or text[-1] in "PT":
        return None
    parts = {name: float(value) for name, value in found.groupdict(default="0").items() if name != "sign"}
    try:
        total = timedelta(**parts).total_seconds()
    except OverflowError:
        return float("inf")
    return -total if found["sign"] else total


def bare(etag: str) -> str:
    """An ETag without what HTTP may put around it: whether it is written so is for a rule about its form."""
    return etag.removeprefix("W/").strip('"')


def empty(value: Any) -> bool:
    """Whether a value says as much as its absence."""
    return value in _EMPTY


def same_instant(one: Any, other: Any) -> bool:
    """Whether both are instants, and the same one."""
    first, second = (ticks(value) if isinstance(value, str) else None for value in (one, other))
    return first is not None and first == second


def same_text(prop: Property | None, expected: str, actual: str) -> bool:
    if expected == actual or SCRUBBED in expected or SCRUBBED in actual:
        return True
    if prop is None:
        return False
    if prop.enum or prop.folded:
        return expected.lower() == actual.lower()
    if prop.format == "duration":
        one, other = seconds(expected), seconds(actual)
        return one is not None and one == other
    if prop.format == "date-time":
        first, second = ticks(expected), ticks(actual)
        return first is not None and first == second
    return prop.name == "location" and expected.replace(" ", "").lower() == actual.replace(" ", "").lower()


def same_scalar(prop: Property | None, expected: Any, actual: Any) -> bool:
    if isinstance(expected, str) and isinstance(actual, str):
        return same_text(prop, expected, actual)
    if isinstance(expected, bool) or isinstance(actual, bool):
        return str(expected).lower() == str(actual).lower()
    if isinstance(expected, int | float | str) and isinstance(actual, int | float | str):
        return _number(expected) == _number(actual)  # numbers travel as text, and text is taken for a number
    return False


def _number(value: float | str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return str(value)


class Comparison:
    """Compares values as the models of one api-version say. `loose`: what an object has beside what was sent is not looked at,
    as where nested objects are merged."""

    def __init__(self, contract: Contract, loose: bool = False) -> None:
        self._models = contract.models
        self._loose = loose

    def _inner(self, prop: Property | None) -> Model | None:
        return self._models.get(prop.ref or prop.items or prop.values or "") if prop else None

    def covers(self, sent: Any, shown: Any, prop: Property | None) -> str | None:
        """Where `shown` fails to show what was sent (a path, "." for the value itself); None when it does not fail. What the
        service added is not looked at."""
        if sent == shown:
            return None
        if isinstance(sent, dict):
            return self._object(sent, shown, prop)
        if isinstance(sent, list):
            return self._array(sent, shown, prop)
        return None if same_scalar(prop, sent, shown) else "."

    def _object(self, sent: Mapping[str, Any], shown: Any, prop: Property | None) -> str | None:
        model = self._inner(prop)
        known = model.properties if model is not None and prop is not None and prop.type != "map" else None
        if not isinstance(shown, dict):
            return None if shown is None and self._says_nothing(sent, known) else "."
        for name, value in sent.items():
            inner = known.get(name) if known is not None else None
            if value is None or (known is not None and (inner is None or hidden(inner) or inner.read_only)):
                continue
            if name not in shown:
                if not empty(value) and not self._says_nothing_at(value, inner):
                    return name
                continue
            wrong = self.covers(value, shown[name], inner)
            if wrong is not None:
                return name if wrong == "." else f"{name}/{wrong}"
        return None

    def _says_nothing(self, sent: Mapping[str, Any], known: Mapping[str, Property] | None) -> bool:
        """Whether all that an object says is empty, or never shown."""
        return all(
            empty(value) or (known is not None and (name not in known or hidden(known[name]))) for name, value in sent.items()
        )

    def _says_nothing_at(self, value: Any, prop: Property | None) -> bool:
        model = self._inner(prop)
        return isinstance(value, dict) and self._says_nothing(value, model.properties if model else None)

    def _array(self, sent: list[Any], shown: Any, prop: Property | None) -> str | None:
        if shown is None:
            return None if not sent else "."
        if not isinstance(shown, list) or len(sent) != len(shown):
            return "."
        element = self._element(prop)
        if all(self.covers(one, other, element) is None for one, other in zip(sent, shown, strict=True)):
            return None
        left = list(shown)
        for one in sent:
            found = next((other for other in left if self.covers(one, other, element) is None), None)
            if found is None:
                return "."
            left.remove(found)
        return None

    def _element(self, prop: Property | None) -> Property | None:
        """An array's element as a property of its own."""
        if prop is None:
            return None
        model = self._models.get(prop.items or "")
        if model is not None:
            return Property(name=prop.name, type="object", ref=model.name)
        return Property(name=prop.name, type=prop.items or "any", enum=prop.enum, format=prop.format, folded=prop.folded)

    def undefaulted(self, sent: Any, shown: Any, prop: Property | None) -> tuple[str, Any] | None:
        """A member of an object that was left out and shows something else than its default: its path, and the default."""
        model = self._inner(prop)
        if model is None or prop is None or prop.type != "object" or not (isinstance(sent, dict) and isinstance(shown, dict)):
            return None
        for name, default in defaults_of(model, sent).items():
            actual, inner = shown.get(name), model.properties.get(name)
            if inner is None or actual is None or inner.inherited or hidden(inner):
                continue
            if self.covers(default, actual, inner) is not None:
                return name, default
        for name, value in sent.items():
            deeper = self.undefaulted(value, shown.get(name), model.properties.get(name))
            if deeper is not None:
                return f"{name}/{deeper[0]}", deeper[1]
        return None

    def survived(self, before: Any, sent: Any, shown: Any, prop: Property | None) -> str | None:
        """A member that was there before a whole replacement, was not sent, and is still there though nothing gives it a reason:
        neither a default nor the service itself. Its path; None when there is none."""
        model = self._inner(prop)
        if self._loose or model is None or not (isinstance(before, dict) and isinstance(sent, dict) and isinstance(shown, dict)):
            return None
        defaults = defaults_of(model, sent)
        for name, old in before.items():
            inner = model.properties.get(name)
            if inner is None or inner.read_only or hidden(inner):
                continue
            if sent.get(name) is None:
                if name not in defaults and not empty(old) and shown.get(name) == old:
                    return str(name)
                continue
            deeper = self.survived(old, sent[name], shown.get(name), inner)
            if deeper is not None:
                return f"{name}/{deeper}"
        return None


def defaults_of(model: Model, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults that hold for what a body leaves out, given what it says."""
    found = {p.name: p.default for p in model.properties.values() if p.default is not None}
    for when in model.rules.when:
        stated = sent.get(when.property)
        if stated is None:
            known = model.properties.get(when.property)
            stated = known.default if known else None
        if stated == when.equals:
            found |= when.defaults
    return {name: value for name, value in found.items() if sent.get(name) is None}
