"""A small client for Odoo 19 with nothing but Python's standard library: JSON-2 or XML-RPC, one interface.

odoo = JsonClient("http://localhost:8069", "database", api_key)
odoo.call("sale.order", "search_read", domain=[("state", "=", "sale")], fields=["name"])
odoo.call("sale.order", "action_confirm", ids=[7])
"""

import json
import urllib.error
import urllib.request
import xmlrpc.client


class RefusedError(Exception):
    """The server refused a call; the text says why, with a stable code where it is one of ours."""


class XmlRpcClient:
    """Calls over XML-RPC with a password or an API key."""

    def __init__(self, url, database, login, password):
        self.database, self.password = database, password
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self.uid = common.authenticate(database, login, password, {})
        if not self.uid:
            raise RefusedError(f"Login {login} or the password is wrong.")
        self.models = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object", allow_none=True)

    def call(self, model, method, ids=None, **arguments):
        positional = [] if ids is None else [ids]
        if "vals_list" in arguments:  # over XML-RPC, create() takes its values by position only
            positional.append(arguments.pop("vals_list"))
        try:
            return self.models.execute_kw(
                self.database, self.uid, self.password, model, method, positional, arguments
            )
        except xmlrpc.client.Fault as fault:
            if "cannot marshal None" in fault.faultString:
                return None  # some of Odoo's own methods answer nothing: done, but XML-RPC cannot say so
            raise RefusedError(fault.faultString.strip()) from fault


class JsonClient:
    """Calls over JSON-2 with an API key."""

    def __init__(self, url, database, api_key):
        self.url = url
        self.headers = {
            "Authorization": f"bearer {api_key}",
            "X-Odoo-Database": database,
            "Content-Type": "application/json",
        }

    def call(self, model, method, ids=None, **arguments):
        body = arguments if ids is None else {"ids": ids, **arguments}
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}", json.dumps(body).encode(), self.headers
        )
        try:
            with urllib.request.urlopen(request, timeout=900) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RefusedError(_message(error)) from error


def _message(error):
    text = error.read().decode(errors="replace")
    try:
        return json.loads(text)["message"]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {error.code}: {text[:300]}"
