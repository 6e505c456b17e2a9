"""The plainest proxy: what Python's own server and client do with a request and its answer, and nothing else."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

_OWN = frozenset({"connection", "keep-alive", "transfer-encoding"})


class _Handler(BaseHTTPRequestHandler):
    """It knows the methods of which it has a `do_`; to others it answers 501 itself, with a page."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    behind: ClassVar[str]

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream = http.client.HTTPConnection(self.behind, timeout=30)
        upstream.request(self.command, self.path, body, {n: v for n, v in self.headers.items() if n.lower() not in _OWN})
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {*_OWN, "content-length"}:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        if length is not None and answer.status not in (204, 304):
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def proxied(url: str) -> Iterator[str]:
    """The URL of a proxy before `url`."""
    handler = type("Handler", (_Handler,), {"behind": urlsplit(url).netloc})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
