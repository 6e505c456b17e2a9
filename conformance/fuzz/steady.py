"""Makes Hypothesis draw the same for the same seed, whatever else a process has imported.

Hypothesis mixes constants that it finds in the source of the user's own modules into what it draws, and looks for new ones
whenever a module was imported. Which modules those are differs from process to process, and reading them takes time.
"""

from __future__ import annotations

import sys
from contextlib import suppress


def steady() -> None:
    """To be called before values are drawn. Where another version of Hypothesis keeps these things elsewhere, nothing changes."""
    from hypothesis.internal.conjecture import providers

    with suppress(AttributeError, TypeError):
        if len(providers._local_constants):
            providers._local_constants = type(providers._local_constants)()
            providers.CONSTANTS_CACHE.cache.clear()
        providers._sys_modules_len = len(sys.modules)
