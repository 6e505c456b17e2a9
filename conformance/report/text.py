"""Plain text for 80 columns."""

from __future__ import annotations

import textwrap

WIDTH = 80


def wrap(text: str, first: str = "", rest: str | None = None) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def count_of(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
