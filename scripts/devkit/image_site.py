"""The second half of `make image-check`: a database with a password, the container's Odoo, the proxy."""

import contextlib
import http.cookiejar
import json
import re
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from . import layout, system_tools
from .errors import DevError
from .postgres import USER, Cluster
from .server import free_port
from .shell import Heartbeat, say, stop_group
from .sql import Databases, literal

LOG = layout.LOGS / "image-check.log"
START = Callable[..., subprocess.Popen]


@contextlib.contextmanager
def database() -> Iterator[tuple[Cluster, str]]:
    """A cluster of its own on the loopback interface: the container's user may not enter our sockets."""
    cluster = Cluster("image", tcp_port=free_port())
    password = secrets.token_urlsafe(16)
    with cluster.used() as connection:
        Databases(connection, layout.TMP).query(f"ALTER ROLE {USER} PASSWORD {literal(password)}")
        yield cluster, password
    shutil.rmtree(cluster.folder, ignore_errors=True)


def try_out(start: START) -> None:
    """Prepare the database as the compose files do, serve it behind the proxy, log in, open a websocket."""
    password = secrets.token_urlsafe(12)
    layout.LOGS.mkdir(parents=True, exist_ok=True)
    LOG.write_bytes(b"")
    say("==> preparing a database inside the image")
    prepare = start("prepare-order-management", ADMIN_PASSWORD=password)
    with stopping(prepare), Heartbeat("preparing a database inside the image"):
        if prepare.wait():
            raise DevError(
                f"The image could not prepare its database: {_last_line()} (all of its output: {LOG})"
            )
    http_port, gevent_port, proxy_port = free_port(), free_port(), free_port()
    words = ["odoo", "--database=order_management", "--workers=2", f"--http-port={http_port}"]
    odoo = start(*words, f"--gevent-port={gevent_port}", "--http-interface=127.0.0.1")
    with stopping(odoo), proxy(proxy_port, http_port, gevent_port):
        _wait(odoo, f"http://127.0.0.1:{proxy_port}/web/health")
        log_in(f"http://127.0.0.1:{proxy_port}", password)
        open_websocket(proxy_port)


@contextlib.contextmanager
def stopping(process: subprocess.Popen) -> Iterator[None]:
    try:
        yield
    finally:
        stop_group(process)


def _last_line() -> str:
    lines = [line for line in LOG.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "no output"


def _wait(process: subprocess.Popen, url: str, patience: float = 180) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=30):
            return
        time.sleep(0.3)
    raise DevError(f"The image does not answer behind the proxy: {_last_line()} (all of its output: {LOG})")


def write_proxy_config(folder: Path, port: int, http_port: int, gevent_port: int) -> None:
    """docker/nginx.conf and docker/site.conf; only names and ports are those of this machine."""
    docker = layout.PROJECT / "docker"
    site = (docker / "site.conf").read_text().replace("listen 80;", f"listen 127.0.0.1:{port};")
    (folder / "site.conf").write_text(site)
    main = (docker / "nginx.conf").read_text().replace("odoo:8069", f"127.0.0.1:{http_port}")
    main = main.replace("odoo:8072", f"127.0.0.1:{gevent_port}")
    main = main.replace("/etc/nginx/order-management/site.conf", str(folder / "site.conf"))
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = (
        f"user root; pid {folder}/pid; daemon off; events {{}}\nhttp {{ access_log off; {paths}\n{main}\n}}\n"
    )
    (folder / "main.conf").write_text(text)


@contextlib.contextmanager
def proxy(port: int, http_port: int, gevent_port: int) -> Iterator[None]:  # long: one configuration
    """nginx as docker/ configures it, until the block ends."""
    folder = layout.LOCAL / "image" / "nginx"
    folder.mkdir(parents=True, exist_ok=True)
    write_proxy_config(folder, port, http_port, gevent_port)
    command = [
        system_tools.find("nginx"),
        "-p",
        str(folder),
        "-e",
        str(folder / "error.log"),
        "-c",
        str(folder / "main.conf"),
    ]
    with open(LOG, "ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    with stopping(process):
        yield


def log_in(url: str, password: str) -> None:
    """As a browser does; the first password must not work any more."""
    if authenticate(url, "admin"):
        raise DevError("The image left the password admin/admin in place: see docker/prepare.sh.")
    if not authenticate(url, password):
        raise DevError(f"Logging in to the image failed: {_last_line()} (all of its output: {LOG})")


def authenticate(url: str, password: str) -> int | None:
    """The user's id, or None if refused."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    params = {"db": "order_management", "login": "admin", "password": password}
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
    request = urllib.request.Request(
        f"{url}/web/session/authenticate", body, {"Content-Type": "application/json"}
    )
    with opener.open(request, timeout=120) as answer:
        return json.load(answer).get("result", {}).get("uid")


def open_websocket(port: int) -> None:
    """The handshake for live notifications, through the proxy to the gevent process."""
    head = (
        f"GET /websocket HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: b3JkZXItbWFuYWdlbWVudA==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
        link.sendall(head.encode())
        answer = link.recv(4096).decode(errors="replace")
    if not re.match(r"HTTP/1.1 101 ", answer):
        raise DevError(
            f"The proxy does not open a websocket: {answer.splitlines()[0] if answer else 'no answer'}."
        )
