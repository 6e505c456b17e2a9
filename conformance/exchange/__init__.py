"""One request and its response, and the readers and writers of recorded traffic."""

from conformance.exchange.cassette import read_cassette
from conformance.exchange.curl import curl
from conformance.exchange.errors import BrokenEntry, BrokenRecording
from conformance.exchange.files import read_recordings
from conformance.exchange.jsonlines import read_exchanges, write_exchange
from conformance.exchange.model import Exchange, Headers, NotJson, Request, Response
from conformance.exchange.scrub import names_secret, scrub_exchange, scrub_text

__all__ = [
    "BrokenEntry",
    "BrokenRecording",
    "Exchange",
    "Headers",
    "NotJson",
    "Request",
    "Response",
    "curl",
    "names_secret",
    "read_cassette",
    "read_exchanges",
    "read_recordings",
    "scrub_exchange",
    "scrub_text",
    "write_exchange",
]
