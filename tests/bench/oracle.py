"""The oracle over a long trace, beside the rules and the reader, in one run: `make bench`."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from typing import TypeVar

from long_trace import LongTrace

from conformance.exchange import Exchange, read_exchanges, write_exchange
from conformance.oracle import Account, Finding, Step, observe
from conformance.rules import Context, context_for, findings

LENGTH, RESOURCES = 100_000, 1_000
_Value = TypeVar("_Value")
_Result = TypeVar("_Result")


def main() -> None:
    took = {"reading": 0.0, "context": 0.0, "rules": 0.0, "oracle": 0.0}
    account = Account(whole=True)
    contradictions = 0
    rss: list[int] = []
    for place, piece in enumerate(_pieces(LongTrace(LENGTH, RESOURCES), 5_000)):
        text = io.StringIO()
        for exchange in piece:
            write_exchange(text, exchange)
        text.seek(0)
        exchanges = _timed(took, "reading", partial(_read, text))
        contexts = _timed(took, "context", partial(_each, _context, exchanges))
        _timed(took, "rules", partial(_each, findings, contexts))
        found = _timed(took, "oracle", partial(_each, partial(_observed, account), contexts))
        contradictions += sum(not f.holds for f in chain.from_iterable(found))
        if place % 5 == 0:
            rss.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    _told(took, contradictions, rss)


def _told(took: dict[str, float], contradictions: int, rss: list[int]) -> None:
    print(f"a trace of {LENGTH} exchanges on {RESOURCES} resources, on one core")
    total = sum(took.values())
    for part, seconds in took.items():
        print(f"  {part:<10} {LENGTH / seconds:9.0f} /s   {seconds / total:.2f} of the whole")
    print(f"  all        {LENGTH / total:9.0f} /s   (bound 5000)")
    print(f"  contradictions {contradictions}; memory on the way {', '.join(map(str, rss))} MB")


def _timed(took: dict[str, float], part: str, work: Callable[[], _Result]) -> _Result:
    start = time.process_time()
    result = work()
    took[part] += time.process_time() - start
    return result


def _read(text: io.StringIO) -> list[Exchange]:
    return list(read_exchanges(text))


def _each(work: Callable[[_Value], _Result], values: Iterable[_Value]) -> list[_Result]:
    return [work(value) for value in values]


def _observed(account: Account, context: Context) -> list[Finding]:
    return observe(account, _step(context))


def _context(exchange: Exchange) -> Context:
    context = context_for(exchange)
    _ = context.body
    return context


def _step(context: Context) -> Step:
    return Step(context.exchange, context.contract, context.operation, context.path_parameters, "trace")


def _pieces(trace: Iterable[Exchange], size: int) -> Iterable[list[Exchange]]:
    piece: list[Exchange] = []
    for exchange in trace:
        piece.append(exchange)
        if len(piece) == size:
            yield piece
            piece = []


if __name__ == "__main__":
    main()
