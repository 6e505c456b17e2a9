"""What can be wrong with a query option."""

from __future__ import annotations

from typing import ClassVar


class QueryOptionError(ValueError):
    """A query option that the service refuses. `reason` is a sentence for the client."""

    option: ClassVar[str] = ""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FilterError(QueryOptionError):
    option = "$filter"


class SelectError(QueryOptionError):
    option = "$select"


class ExpandError(QueryOptionError):
    option = "$expand"


class SkipTokenError(QueryOptionError):
    option = "$skiptoken"
