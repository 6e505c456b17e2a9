"""One request and its response, and the readers and writers of recorded traffic."""

from conformance.exchange.cassette import read_cassette
from conformance.exchange.errors import BrokenEntry, BrokenRecording
from conformance.exchange.jsonlines import read_exchanges, write_exchange
from conformance.exchange.model import Exchange, Headers, NotJson, Request, Response

__all__ = [
    "BrokenEntry",
    "BrokenRecording",
    "Exchange",
    "Headers",
    "NotJson",
    "Request",
    "Response",
    "read_cassette",
    "read_exchanges",
    "write_exchange",
]
