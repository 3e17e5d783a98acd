"""Visitors of the web pages: plain HTTP sessions, and what of an answer may be compared."""

import json
import re
from dataclasses import dataclass

import requests

_DIGITS = re.compile(r"\d+")
_HEX = re.compile(r"[0-9a-f]{16,}o?\d*|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}")


@dataclass(frozen=True)
class Answer:
    """Status, target of a redirect and body, with every number and token blanked out."""

    status: int
    location: str
    body: str

    @property
    def in_short(self) -> str:
        return f"{self.status} {self.location} {self.body[:200]!r}"


class Visitor:
    """A browser session without a browser; anonymous unless logged in."""

    def __init__(self, server, login: str | None = None):
        self.server, self.login = server, login
        self.session = requests.Session()
        self.session.get(f"{server.url}/web/login", timeout=60)
        if login:
            self._log_in(login)
        page = self.session.get(f"{server.url}/{'my' if login else 'web/login'}", timeout=60)
        self.csrf = _csrf_token(page.text)

    def _log_in(self, login: str) -> None:
        parameters = {"db": self.server.db, "login": login, "password": login}
        answer = self._rpc("/web/session/authenticate", parameters).json()
        if "error" in answer:
            raise AssertionError(f"{login} cannot log in: {answer['error']}")

    def _rpc(self, url: str, parameters: dict):
        body = {"jsonrpc": "2.0", "method": "call", "params": parameters}
        return self.session.post(f"{self.server.url}{url}", json=body, timeout=60)

    def visit(self, url: str, method: str, parameters: dict) -> Answer:
        """Ask for a page (GET), send a form (POST) or call a route (JSON), without following redirects."""
        if method == "JSON":
            return _comparable(self._rpc(url, parameters))
        full, fixed = f"{self.server.url}{url}", {"allow_redirects": False, "timeout": 60}
        if method == "GET":
            return _comparable(self.session.get(full, params=parameters, **fixed))
        form = {**parameters, "csrf_token": self.csrf}
        return _comparable(self.session.request(method, full, data=form, **fixed))


def _csrf_token(page: str) -> str:
    found = re.search(r'csrf_token: "([^"]+)"', page) or re.search(r'name="csrf_token" value="([^"]+)"', page)
    return found.group(1) if found else ""


def _comparable(response) -> Answer:
    body = response.text
    if response.headers.get("Content-Type", "").startswith("application/json"):
        body = _without_traceback(body)
    return Answer(response.status_code, _blanked(response.headers.get("Location", "")), _blanked(body))


def _without_traceback(body: str) -> str:
    answer = json.loads(body)
    if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
        answer["error"].get("data", {}).pop("debug", None)
    return json.dumps(answer, sort_keys=True)


def _blanked(text: str) -> str:
    return _DIGITS.sub("0", _HEX.sub("#", text))
