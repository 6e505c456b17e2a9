"""One request and its response, and the readers and writers of recorded traffic."""

from conformance.exchange.cassette import read_cassette
from conformance.exchange.errors import BrokenRecording
from conformance.exchange.model import Exchange, Headers, NotJson, Request, Response

__all__ = ["BrokenRecording", "Exchange", "Headers", "NotJson", "Request", "Response", "read_cassette"]
