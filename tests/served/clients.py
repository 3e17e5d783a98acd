"""The two ways in for other systems: XML-RPC and JSON-2. Plain clients, as an integrator would write them."""

import json
import secrets
import urllib.error
import urllib.request
import xmlrpc.client
from typing import Any

from passlib.context import CryptContext

# As in Odoo's base/models/res_users.py, so that a key can be made without a browser.
_KEY_CONTEXT = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=6000)
_KEY_INDEX_DIGITS = 8


class Json2Error(Exception):
    """An error answer of ``/json/2``: ``status``, and ``name`` and ``message`` of Odoo's exception."""

    def __init__(self, status: int, answer: Any):
        self.status = status
        self.answer = answer if isinstance(answer, dict) else {"message": str(answer)}
        self.name = self.answer.get("name", "")
        self.message = self.answer.get("message", "")
        super().__init__(f"HTTP {status} {self.name}: {self.message}")


class XmlRpcClient:
    """``execute_kw`` for one user of one database."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self.database, self.login, self.password = database, login, password
        self.common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self.models = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object")
        self.uid = self.common.authenticate(database, login, password, {})
        if not self.uid:
            raise PermissionError(f"{login} cannot log in to {database}")

    def call(self, model: str, method: str, args=(), kwargs=None) -> Any:
        """Call ``model.method(*args, **kwargs)``; the ids, if any, are the first of ``args``."""
        return self.models.execute_kw(
            self.database, self.uid, self.password, model, method, list(args), kwargs or {}
        )


class Json2Client:
    """``POST /json/2/<model>/<method>`` with a bearer key."""

    def __init__(self, url: str, database: str, key: str, timeout: float = 120):
        self.url, self.database, self.key, self.timeout = url, database, key, timeout

    def call(self, model: str, method: str, **kwargs) -> Any:
        """Call a method with keyword arguments; ``ids`` and ``context`` are Odoo's own two."""
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}",
            data=json.dumps(kwargs).encode(),
            headers={
                "Authorization": f"bearer {self.key}",
                "Content-Type": "application/json; charset=utf-8",
                "X-Odoo-Database": self.database,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Json2Error(error.code, _decoded(error.read())) from None


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")


def create_api_key(cursor, uid: int) -> str:
    """Insert a lasting API key for ``uid`` with the scope of RPC and return it."""
    key = secrets.token_hex(20)
    cursor.execute(
        """INSERT INTO res_users_apikeys (name, user_id, scope, key, index)
           VALUES ('tests', %s, 'rpc', %s, %s)""",
        [uid, _KEY_CONTEXT.hash(key), key[:_KEY_INDEX_DIGITS]],
    )
    return key
