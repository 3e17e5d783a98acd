"""A proxy between client and server that loses the first answer to every request, after it was worked off."""

import hashlib
import http.client
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_NOT_FORWARDED = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class DroppingProxy:
    """Context manager; ``url`` is where clients go. Requests of the same content are the same request."""

    def __init__(self, target: str):
        self.target = urllib.parse.urlsplit(target).netloc
        self.seen: set[str] = set()
        self.dropped = 0
        self._lock = threading.Lock()

    def __enter__(self) -> "DroppingProxy":
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        return self

    def __exit__(self, *_exc) -> None:
        self.server.shutdown()
        self.server.server_close()

    def loses(self, path: str, body: bytes) -> bool:
        """Whether the answer to this request is to be lost: each request's first one is."""
        digest = hashlib.sha256(path.encode() + body).hexdigest()
        with self._lock:
            is_first = digest not in self.seen
            self.seen.add(digest)
            self.dropped += is_first
        return is_first


def _handler(proxy: DroppingProxy):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            link = http.client.HTTPConnection(proxy.target, timeout=120)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in _NOT_FORWARDED}
            link.request("POST", self.path, body, headers)
            answer = link.getresponse()
            content = answer.read()
            link.close()
            self.close_connection = True
            if not proxy.loses(self.path, body):
                self._pass_on(answer, content)

        def _pass_on(self, answer, content: bytes) -> None:
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _NOT_FORWARDED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments):
            """Quiet."""

    return Handler
