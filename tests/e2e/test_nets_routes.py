"""Every route of ours: what is foreign looks like what is missing, and looking writes nothing."""

import itertools

import pytest
from nets import inside, ours, route_cases
from nets.access import PERSONAS
from nets.records import Maker
from nets.route_cases import ARGUMENT_MODELS, OWNERS, Target
from nets.snapshot import Snapshot, changed
from nets.visitors import Visitor

CUSTOMER = "nets_customer"
STAFF = "nets_staff"
# URL → why its owner gets no page from it (status 200) without a token.
OWNER_GETS_NO_PAGE = {
    "/my/returns/<int:return_id>/label": "a return has its label once it is authorised",
    "/order_fulfilment/label/<string:ids>.<any(pdf,zpl):kind>": "labels are for the warehouse",
}


@pytest.fixture(scope="module")
def routes(registry):
    with inside.environment(registry) as env:
        return ours.routes(env)


@pytest.fixture(scope="module")
def targets(server, registry, routes):
    """Records of this customer, of another, of none, and of another company."""
    models = {ARGUMENT_MODELS[name] for route in routes for name in route_cases.id_arguments(route)}
    with inside.environment(registry, commit=True) as env:
        other = env["res.company"].create({"name": "Nets routes"})
        env["account.chart.template"].try_loading("generic_coa", company=other, install_demo=False)
        found = {
            "own": _target(Maker(env, env.company, "nets own"), models, CUSTOMER),
            "foreign": _target(Maker(env, env.company, "nets foreign"), models, "nets_other_customer"),
            "other company": _target(Maker(env, other, "nets elsewhere"), models, None),
        }
        found["own quotation"] = _with_quotation(env, found["own"])
    return {**found, "missing": Target({}, {})}


@pytest.fixture(scope="module")
def visitors(server, targets):
    """A customer, nobody in particular, and an employee who may do everything in the first company."""
    groups = [group for persona in list(PERSONAS.values())[3:] for group in persona]
    server.create_user(STAFF, *groups)
    logins = {"customer": CUSTOMER, "anonymous": None, "staff": STAFF}
    return {who: Visitor(server, login) for who, login in logins.items()}


@pytest.fixture(autouse=True)
def _no_jobs(server, visitors):
    """Whatever is written during a visit, the visit has written."""
    with server.without_jobs():
        yield


def test_every_argument_in_a_url_is_known(routes):
    unknown = {route.url: names for route in routes if (names := route_cases.unknown_arguments(route))}
    assert unknown == {}, "add these arguments to ARGUMENT_MODELS in tests/nets/route_cases.py"


def test_what_is_foreign_looks_like_what_is_missing(server, routes, targets, visitors):
    snapshot, different = Snapshot(server.psql), []
    with_ids = [route for route in routes if route_cases.id_arguments(route)]
    for route, method, who, visitor in _visits(with_ids, visitors):
        for token in _tokens(route, targets):
            seen = {o: _seen(snapshot, visitor, route, method, targets[o], token) for o in OWNERS}
            hidden = _hidden_from(who, token, targets, route)
            odd = [owner for owner in hidden if seen[owner] != seen["missing"]]
            different += [_difference(route, method, who, owner, seen) for owner in odd]
    assert not different, "\n".join(different)


def test_looking_at_a_page_writes_nothing(server, routes, targets, visitors):
    snapshot, written = Snapshot(server.psql), []
    for route, _method, who, visitor in _visits(routes, visitors, ("GET",)):
        owners = OWNERS if route_cases.id_arguments(route) else ("missing",)
        for owner, token in itertools.product(owners, _tokens(route, targets)):
            _answer, tables = _seen(snapshot, visitor, route, "GET", targets[owner], token)
            written += [(route.url, who, owner, tables)] if tables else []
    assert written == []


def test_an_owner_sees_his_own(server, routes, targets, visitors):
    failing = {}
    for route in routes:
        if "GET" in route_cases.http_methods(route) and route_cases.main_model(route):
            answers = [_visit_own(visitors, route, targets[own]) for own in ("own", "own quotation")]
            if route.url not in OWNER_GETS_NO_PAGE and all(answer.status != 200 for answer in answers):
                failing[route.url] = answers[0].in_short
    assert failing == {}


def _visit_own(visitors, route, target):
    url, parameters = route_cases.request_for(route, target, None)
    return visitors["customer"].visit(url, "GET", parameters)


def _with_quotation(env, target: Target) -> Target:
    """The same records, but an order that is not confirmed: some pages are for these alone."""
    quotation = env["sale.order"].browse(target.ids["sale.order"]).copy()
    return Target({**target.ids, "sale.order": quotation.id}, target.tokens)


def _target(maker: Maker, models: set[str], login: str | None) -> Target:
    """One record per model, all of the customer who logs in as ``login``."""
    partner = maker.make("res.partner")
    if login:
        partner.company_id = False
        groups = [(6, 0, [maker.env.ref("base.group_portal").id])]
        values = {"login": login, "password": login, "partner_id": partner.id, "group_ids": groups}
        maker.env["res.users"].create(values)
    records = {model: maker.make(model) for model in sorted(models) if model in maker.env}
    if login and "sale.order" in records:
        records["sale.order"].action_confirm()
    for record in records.values():
        if "access_token" in record._fields:
            record._portal_ensure_token()
    tokens = {m: record.access_token for m, record in records.items() if "access_token" in record._fields}
    return Target({model: record.id for model, record in records.items()}, tokens)


def _visits(routes, visitors, methods=("GET", "POST", "JSON")):
    for route in routes:
        for method in set(route_cases.http_methods(route)) & set(methods):
            for who, visitor in visitors.items():
                yield route, method, who, visitor


def _tokens(route, targets) -> list[str | None]:
    """No token, a made-up one, and those of an own and of a foreign record."""
    if not route_cases.token_arguments(route):
        return [None]
    model = route_cases.main_model(route)
    real = [targets[owner].tokens.get(model) for owner in ("own", "foreign")]
    return [None, "0" * 32, *filter(None, real)]


def _hidden_from(who, token, targets, route) -> list[str]:
    """Owners whose records this visitor with this token must not know to exist."""
    model = route_cases.main_model(route)
    hidden = {
        "anonymous": ("own", "foreign", "other company"),
        "customer": ("foreign", "other company"),
        "staff": ("other company",),
    }[who]
    return [owner for owner in hidden if token is None or targets[owner].tokens.get(model) != token]


def _seen(snapshot, visitor, route, method, target, token) -> tuple:
    before = snapshot.take()
    url, parameters = route_cases.request_for(route, target, token)
    return visitor.visit(url, method, parameters), changed(before, snapshot.take())


def _difference(route, method, who, owner, seen) -> str:
    (answer, tables), (missing, _none) = seen[owner], seen["missing"]
    shown = f"{answer.in_short} writing {tables}" if answer != missing else f"writing {tables}"
    return f"{method} {route.url} as {who}, {owner}: {shown}; missing: {missing.in_short}"
