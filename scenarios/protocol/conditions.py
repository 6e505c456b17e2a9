"""The four conditional headers: what to send so that a condition is met, or not, and what the answer must be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from conformance.plugin import Blocked, Exchange
from scenarios.support import moment

OTHER_ETAG = "0x8D0000000000001"
HEADERS = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")
# the status of a condition that is not met
READ_UNMET = {"If-Match": 412, "If-None-Match": 304, "If-Modified-Since": 304, "If-Unmodified-Since": 412}
WRITE_UNMET = dict.fromkeys(HEADERS, 412)


@dataclass(frozen=True)
class Validators:
    """What a resource can be compared with."""

    etag: str
    modified: datetime

    def value(self, header: str, met: bool) -> str:
        """Dates keep a second away from Last-Modified, which has lost its fraction, on the later side."""
        match header:
            case "If-Match":
                return self.etag if met else OTHER_ETAG
            case "If-None-Match":
                return OTHER_ETAG if met else self.etag
            case "If-Modified-Since":
                return _text(self.modified - timedelta(hours=1) if met else self.modified + timedelta(seconds=1))
            case _:
                return _text(self.modified + timedelta(seconds=1) if met else self.modified - timedelta(hours=1))


def validators(exchange: Exchange) -> Validators:
    """From the answer to a read."""
    headers = exchange.response.headers
    if "ETag" not in headers or "Last-Modified" not in headers:
        raise Blocked("the resource shows no ETag or no Last-Modified to compare with")
    return Validators(headers["ETag"], moment(headers["Last-Modified"]))


def _text(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def rfc850(moment: datetime) -> str:
    return moment.strftime("%A, %d-%b-%y %H:%M:%S GMT")
