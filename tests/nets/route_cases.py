"""Which URLs to ask for: those of every route, for own, foreign, missing and another company's records."""

import re
from dataclasses import dataclass

from .ours import Route

# Argument of a route → the model whose id it is. A new argument needs a line here.
ARGUMENT_MODELS = {
    "batch_id": "stock.picking.batch",
    "claim_id": "after.sales.ticket",
    "document_id": "sale.order",
    "ids": "stock.package",
    "invoice_id": "account.move",
    "line_id": "sale.order.line",
    "notice_id": "after.sales.recall.notice",
    "order_id": "sale.order",
    "picking_id": "stock.picking",
    "proof_id": "delivery.proof",
    "return_id": "after.sales.return",
    "slot_id": "delivery.slot",
    "ticket_id": "after.sales.ticket",
}
# Arguments in URLs that are no ids: any value does.
OTHER_ARGUMENTS = {"page": "1", "filename": "file.pdf", "kind": "pdf"}
TOKENS = ("access_token", "token")
MISSING_ID = 987654321
OWNERS = ("own", "foreign", "missing", "other company")


@dataclass(frozen=True)
class Target:
    """Ids and access tokens by model, of one owner's records."""

    ids: dict[str, int]
    tokens: dict[str, str]


def unknown_arguments(route: Route) -> list[str]:
    known = {*ARGUMENT_MODELS, *OTHER_ARGUMENTS, *TOKENS}
    return [name for name in route.arguments if name not in known]


def id_arguments(route: Route) -> list[str]:
    """Arguments, in the URL or of the function, that carry an id."""
    return [name for name in ARGUMENT_MODELS if name in (*route.arguments, *route.parameters)]


def token_arguments(route: Route) -> list[str]:
    return [name for name in TOKENS if name in (*route.arguments, *route.parameters)]


def http_methods(route: Route) -> list[str]:
    if route.kind != "http":
        return ["JSON"]
    return [method for method in route.methods or ("GET", "POST") if method in ("GET", "POST")]


def request_for(route: Route, target: Target, token: str | None) -> tuple[str, dict]:
    """URL and parameters that ask ``route`` for ``target``, with or without a token."""
    values = {name: target.ids.get(ARGUMENT_MODELS[name], MISSING_ID) for name in id_arguments(route)}
    if token is not None:
        values |= dict.fromkeys(token_arguments(route), token)
    url = route.url
    for name in route.arguments:
        value = values.pop(name, None) or OTHER_ARGUMENTS.get(name, "none")
        url = re.sub(rf"<(?:[^<>]*:)?{name}>", str(value), url)
    return url, values


def main_model(route: Route) -> str | None:
    """Model of the first id, whose token opens the page."""
    names = [name for name in id_arguments(route) if name in route.arguments] or id_arguments(route)
    return ARGUMENT_MODELS[names[0]] if names else None
