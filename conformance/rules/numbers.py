"""What an integer of an answer lies between: its own limits, those of what clients send by its name, or those of a count."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from conformance.contract import Contract, Model, Plane, Property

Bounds = tuple[float | None, float | None]
_BITS_32 = 2**31
# numbers of the service's own that may be negative: all others count something, or are ports or numbers of things
_SIGNED = frozenset({"exitCode"})
_OF_ITS_OWN: Bounds = (0, _BITS_32 - 1)
_ANY_32: Bounds = (-_BITS_32, _BITS_32 - 1)


class Numbers:
    """Of one api-version. `sent` are the models that requests are made of."""

    def __init__(self, contract: Contract, sent: Iterable[Model]) -> None:
        self._counts = contract.version.plane is Plane.DATA
        self._sent: dict[str, list[Property]] = {}
        for model in sent:
            for p in model.properties.values():
                if not p.read_only:
                    self._sent.setdefault(p.name, []).append(p)

    def bounds(self, p: Property) -> Bounds:
        """What the service counts by itself also has 32 bits: longer numbers travel as text."""
        if p.minimum is not None or p.maximum is not None or not self._counts:
            return p.minimum, p.maximum
        sent = self._sent.get(p.name)
        if sent is None:
            return _ANY_32 if p.name in _SIGNED else _OF_ITS_OWN
        least, most = [one.minimum for one in sent], [one.maximum for one in sent]
        return _outermost(least, min), _outermost(most, max)


def _outermost(limits: list[float | None], of: Callable[[list[float]], float]) -> float | None:
    """None when one of them is without a limit."""
    known = [limit for limit in limits if limit is not None]
    return of(known) if len(known) == len(limits) else None
