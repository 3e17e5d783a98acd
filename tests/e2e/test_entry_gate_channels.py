"""The same fault gets the same verdict in every channel."""

import base64
import json
import re
import urllib.request
import xmlrpc.client
from http.cookiejar import CookieJar

from entry_world import FAULTS, World
from served.clients import Json2Error

CODES = re.compile(r"\[(OF-GATE-[A-Z-]+)\]")
PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f0001050101"
        "27187bbc0000000049454e44ae426082"
    )
).decode()


class WebClient:
    """The calls that the web client makes: a session cookie and JSON-RPC."""

    def __init__(self, server, login=True):
        self.server = server
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        if login:
            who = {"db": server.db, "login": server.login, "password": server.password}
            self.call("/web/session/authenticate", who)

    def call(self, path, params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(
            f"{self.server.url}{path}", body, {"Content-Type": "application/json"}
        )
        with self.opener.open(request, timeout=120) as answer:
            return json.load(answer)

    def button(self, model, method, ids):
        params = {"model": model, "method": method, "args": [ids], "kwargs": {"context": {}}}
        return self.call("/web/dataset/call_button", params)


def _error_text(answer):
    return answer.get("error", {}).get("data", {}).get("message", "")


class Channels:
    """Each method tries to confirm one order through its channel and returns what the refusal says."""

    def __init__(self, server):
        self.server = server
        self.web = WebClient(server)
        self.anonymous = WebClient(server, login=False)

    def form(self, order):
        return _error_text(self.web.button("sale.order", "action_confirm", [order]))

    def many_at_once(self, order):
        wizard = self.web.button("sale.order", "action_confirm_many", [order])["result"]["res_id"]
        lines = self.server.rpc(
            "order.confirm.result.line", "search_read", [[("result_id", "=", wizard)], ["message"]]
        )
        return lines[0]["message"] or ""

    def portal(self, order):
        self.server.rpc(
            "sale.order",
            "write",
            [[order], {"require_signature": True, "require_payment": False, "state": "sent"}],
        )
        token = f"token-{order}"
        self.server.rpc("sale.order", "write", [[order], {"access_token": token}])
        params = {"order_id": order, "access_token": token, "name": "Ada", "signature": PIXEL}
        return _error_text(self.anonymous.call(f"/my/orders/{order}/accept", params))

    def xmlrpc(self, order):
        try:
            self.server.rpc("sale.order", "action_confirm", [[order]])
        except xmlrpc.client.Fault as fault:
            return fault.faultString
        return ""

    def json2(self, order):
        try:
            self.server.json2("sale.order", "action_confirm", ids=[order])
        except Json2Error as error:
            return error.message
        return ""

    def load(self, order):
        answer = self.server.rpc("sale.order", "load", [[".id", "state"], [[str(order), "sale"]]])
        return "".join(message["message"] for message in answer["messages"])

    def copy(self, order):
        [kept] = self.server.rpc("sale.order", "read", [[order], ["client_order_ref", "commitment_date"]])
        kept.pop("id")
        if kept["client_order_ref"] and kept["client_order_ref"].startswith("NR-"):
            kept["client_order_ref"] += "-C"
        copied = self.server.rpc("sale.order", "copy", [[order], kept])
        return self.xmlrpc(copied[0] if isinstance(copied, list) else copied)


CHANNELS = ("form", "many_at_once", "portal", "xmlrpc", "json2", "load", "copy")


def test_same_verdict_in_every_channel(fresh_server):
    server = fresh_server(workers=2)
    world, channels = World(server), Channels(server)
    wrong = {}
    for check in FAULTS:
        make = world.prepare(check)
        expected = {"OF-GATE-" + check.upper().replace("_", "-")}
        for channel in CHANNELS:
            order = make()
            said = set(CODES.findall(getattr(channels, channel)(order)))
            [state] = server.rpc("sale.order", "read", [[order], ["state"]])
            if said != expected or state["state"] == "sale":
                wrong[check, channel] = (sorted(said), state["state"])
    assert wrong == {}
    assert len(FAULTS) >= 25


def test_refused_confirmation_is_kept_for_the_report(server):
    customer = server.rpc("res.partner", "create", [{"name": "Kept", "order_reference_required": True}])
    order = server.rpc("sale.order", "create", [{"partner_id": customer}])
    for _attempt in range(2):
        try:
            server.rpc("sale.order", "action_confirm", [[order]])
        except xmlrpc.client.Fault as fault:
            assert "[OF-GATE-REFERENCE-MISSING]" in fault.faultString
    rows = server.psql("SELECT state FROM order_finding WHERE order_id = %s AND severity = 'block'", order)
    assert rows == [("open",)]
