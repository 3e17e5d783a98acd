"""Telling another system what happened: signature, addresses that may be called, the call, when to try again.

A call goes to the address that was checked: the name is resolved once and the connection made to that very
address, so that a name which answers differently the second time gains nothing. Redirects are not followed.
"""

import contextlib
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

# Minutes to wait after the first, second, … failure; after the last, a person decides.
BACK_OFF = (1, 5, 15, 60, 180, 360, 720, 1440)
ANSWER_READ = 500


class CallError(Exception):
    """Why a call failed, in words for the person who looks at it."""


@dataclass(frozen=True)
class Answer:
    """What the receiver said; `text` is the beginning of its answer."""

    status: int
    text: str

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


def signature(secrets: Sequence[str], timestamp: int, body: bytes) -> str:
    """`t=…,v1=…`: hex HMAC-SHA256 over the time, a dot and the body, so that neither can be changed.

    One `v1` per secret: while a receiver changes from an old one to a new one, both are valid.
    """
    return ",".join([f"t={timestamp}", *(f"v1={_digest(secret, timestamp, body)}" for secret in secrets)])


def is_signed(secret: str, header: str, body: bytes, now: int, *, tolerance: int = 300) -> bool:
    """What a receiver does: compare in constant time, and refuse what was signed long ago."""
    parts = [part.split("=", 1) for part in header.split(",") if "=" in part]
    timestamp = dict(parts).get("t", "")
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp)) > tolerance:
        return False
    expected = _digest(secret, int(timestamp), body).encode()
    found = [hmac.compare_digest(expected, value.encode()) for name, value in parts if name == "v1"]
    return any(found)


def _digest(secret: str, timestamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def minutes_to_wait(failures: int) -> int | None:
    """Minutes until the next try after that many failures; None: no more tries."""
    return BACK_OFF[failures - 1] if failures <= len(BACK_OFF) else None


def url_problem(url: str) -> str:
    """Code of what is wrong with an address, "" if nothing is."""
    try:
        parts = urlsplit(url or "")
        port = parts.port
    except ValueError:
        return "malformed"
    if parts.scheme not in ("http", "https"):
        return "scheme"
    if not parts.hostname or any(sign.isspace() or ord(sign) < 32 for sign in url):
        return "malformed"
    if parts.username or parts.password:
        return "credentials"
    return "malformed" if port == 0 else ""


def is_private(address: str) -> bool:
    """Whether an IP address is not one of the public internet: ours, link-local, loopback, multicast."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return not parsed.is_global or parsed.is_multicast


def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """The address to connect to; refused if any address of that name is private and none may be."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise CallError(f"{host} is not known: {error}") from error
    addresses = [entry[4][0] for entry in found]
    if not allow_private and any(map(is_private, addresses)):
        raise CallError(
            f"{host} leads to a private address ({addresses[0]}), which the settings do not allow"
        )
    return addresses[0]


def post(
    url: str, body: bytes, headers: dict[str, str], *, allow_private: bool, seconds: float = 10
) -> Answer:
    """Send and wait for the answer at most `seconds` in all, however slowly it drips in."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = resolve(parts.hostname, port, allow_private=allow_private)
    connection = _connection(parts, address, port, seconds)
    # A receiver that sends a byte now and then never times out on its own.
    late = threading.Event()
    alarm = threading.Timer(seconds, _hang_up, [connection, late])
    alarm.daemon = True
    alarm.start()
    try:
        connection.request("POST", _target(parts), body, headers)
        answer = connection.getresponse()
        text = answer.read(ANSWER_READ).decode("utf-8", "replace")
        return Answer(answer.status, text)
    except (OSError, ValueError, http.client.HTTPException, AttributeError) as error:
        is_late = late.is_set() or isinstance(error, TimeoutError)
        reason = "no answer in time" if is_late else str(error) or type(error).__name__
        raise CallError(f"{parts.hostname}: {reason}") from error
    finally:
        alarm.cancel()
        connection.close()


def _target(parts: SplitResult) -> str:
    """Path and question as they go over the wire: letters beyond ASCII are escaped, what is escaped stays."""
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return quote(target, safe="/?%:@!$&'()*+,;=~[]")


def _hang_up(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    if connection.sock:
        with contextlib.suppress(OSError):  # it is closed already
            connection.sock.shutdown(socket.SHUT_RDWR)


def _connection(parts, address: str, port: int, seconds: float) -> http.client.HTTPConnection:
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            parts.hostname, port, timeout=seconds, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=seconds)
    # The name stays in the Host header and in the certificate's check; only the connection is fixed.
    connection._create_connection = lambda _name, timeout, source: socket.create_connection(
        (address, port), timeout, source
    )
    return connection
