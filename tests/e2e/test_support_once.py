"""Steps of service levels, mails and tickets happen once: killed jobs, the same mail twice, parallel calls.

``E2E_SLA_TICKETS`` and ``E2E_SLA_KILLS`` set the sizes.
"""

import contextlib
import os
import threading
import time
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

import pytest
from nets import inside
from served import database
from served.clients import Json2Error
from served.load import kill_at_work

TICKETS = int(os.environ.get("E2E_SLA_TICKETS", "60"))
KILLS = int(os.environ.get("E2E_SLA_KILLS", "20"))
MAIL = """From: Ada <ada@once.test>
To: {to}
Subject: Twice
Message-ID: {message_id}
Content-Type: text/plain

It squeals.
"""


@pytest.fixture(params=[3])
def desk(fresh_server, request):
    """A server with a team, two targets that are long past, and their tickets; ``param`` workers."""
    server = fresh_server(workers=request.param, options=("--max-cron-threads=0",))
    with inside.environment(inside.boot(server.db), commit=True) as env:
        env["ir.config_parameter"].set_param("order_fulfilment.sla_batch", "3")
        env["after.sales.sla"].search([]).active = False
        team = env["after.sales.team"].create({"name": "Once", "user_id": env.ref("base.user_admin").id})
        steps = [(0, 0, {"percent": 75}), (0, 0, {"percent": 100, "raise_priority": True})]
        env["after.sales.sla"].create(
            [{"name": kind, "kind": kind, "hours": 1, "step_ids": steps} for kind in ("answer", "solve")]
        )
        tickets = env["after.sales.ticket"].create(
            [{"subject": f"Once {number}", "team_id": team.id} for number in range(TICKETS)]
        )
        env.flush_all()
        past = "UPDATE after_sales_ticket_event SET at = at - interval '30 days' WHERE ticket_id = ANY(%s)"
        env.cr.execute(past, [tickets.ids])
    return server


def _run_job(server):
    """Start the job in a worker; what becomes of the worker does not matter here."""
    job = server.ref("order_fulfilment.ir_cron_support_sla")
    with contextlib.suppress(OSError, xmlrpc.client.Error, ValueError):
        type(server.client())(server.url, server.db, server.login, server.password).call(
            "ir.cron", "method_direct_trigger", [[job]]
        )


@pytest.mark.parametrize("desk", [1], indirect=True)
def test_job_killed_again_and_again(desk):
    killed = 0
    with contextlib.closing(database.connect(desk.db)) as link:
        for _attempt in range(3 * KILLS):  # a job may be done before it is hit
            if killed == KILLS:
                break
            _make_all_due(desk)
            job = threading.Thread(target=_run_job, args=[desk])
            job.start()
            killed += _kill_one(desk, link)
            job.join(60)
    assert killed == KILLS
    _make_all_due(desk)
    _until_all_is_judged(desk)
    _assert_each_step_once(desk)


def _make_all_due(server):
    """Have the job judge and write every target again."""
    server.psql(
        """UPDATE after_sales_sla_status SET state = 'running', check_at = now() - interval '1 day'
           RETURNING id"""
    )


def _kill_one(server, link) -> bool:
    def query(text, *parameters):
        with link.cursor() as cursor:
            cursor.execute(text, parameters or None)
            return cursor.fetchall()

    with contextlib.suppress(AssertionError):
        return bool(kill_at_work(server, query, timeout=15))
    return False


def _until_all_is_judged(server):
    _until(
        server,
        "SELECT count(*) FROM after_sales_sla_status WHERE is_open AND check_at <= now() AT TIME ZONE 'UTC'",
    )


def _until(server, left):
    """Run the job until the query ``left`` counts nothing."""
    deadline = time.monotonic() + 120
    while server.psql(left)[0][0] and time.monotonic() < deadline:
        _run_job(server)
        time.sleep(0.5)
    assert server.psql(left) == [(0,)]


def _assert_each_step_once(server):
    escalations = "SELECT count(*), count(DISTINCT (ticket_id, step_id)) FROM after_sales_escalation"
    assert server.psql(escalations) == [(4 * TICKETS, 4 * TICKETS)]
    events = """SELECT DISTINCT kind, count(*) FROM after_sales_ticket_event
                 WHERE kind IN ('warned', 'escalated') GROUP BY ticket_id, kind"""
    assert sorted(server.psql(events)) == [("escalated", 2), ("warned", 2)]
    assert server.psql("SELECT DISTINCT state FROM after_sales_sla_status") == [("missed",)]
    # Of each step the leader was told once, in whichever message.
    told = """SELECT sum(split_part(subject, ' ', 1)::int) FROM mail_message
               WHERE position('tickets in danger' IN subject) > 0"""
    assert server.psql(told) == [(4 * TICKETS,)]
    assert server.psql("SELECT count(*) FROM after_sales_escalation WHERE to_tell") == [(0,)]
    # Both targets raise the priority by one: from normal to urgent, and no further however often the job ran.
    assert server.psql("SELECT DISTINCT priority FROM after_sales_ticket WHERE name != '/'") == [("3",)]


@pytest.mark.parametrize("desk", [1], indirect=True)
def test_policies_changed_again_and_again_reach_every_ticket(desk):
    """A special policy comes and goes while the job that spreads it is killed."""
    with inside.environment(inside.boot(desk.db), commit=True) as env:
        policies = env["after.sales.sla"]
        policies.search([]).active = False
        general = policies.create({"name": "general", "kind": "solve", "hours": 9000}).id
        special = policies.create({"name": "special", "kind": "solve", "hours": 8000, "priority": "1"}).id
        env["after.sales.sla.status"].search([]).unlink()
        env["after.sales.ticket"].search([]).priority = "1"
    killed = 0
    with contextlib.closing(database.connect(desk.db)) as link:
        for attempt in range(3 * KILLS):
            if killed == KILLS:
                break
            desk.rpc("after.sales.sla", "write", [[special], {"active": bool(attempt % 2)}])
            job = threading.Thread(target=_run_job, args=[desk])
            job.start()
            killed += _kill_one(desk, link)
            job.join(60)
    assert killed == KILLS
    desk.rpc("after.sales.sla", "write", [[special], {"active": False}])
    _until(desk, "SELECT count(*) FROM after_sales_sla WHERE spread_to != 0")
    verdicts = "SELECT sla_id, count(*), count(DISTINCT ticket_id) FROM after_sales_sla_status GROUP BY 1"
    assert desk.psql(verdicts) == [(general, TICKETS, TICKETS)]


def test_same_mail_twice_at_once(desk):
    with inside.environment(inside.boot(desk.db), commit=True) as env:
        domain = env["mail.alias.domain"].create({"name": "once.test"})
        env.company.alias_domain_id = domain
        team = env["after.sales.team"].search([("name", "=", "Once")])
        team.write({"alias_name": "once", "alias_domain_id": domain.id, "alias_contact": "everyone"})

    def receive(number):
        mail = MAIL.format(to="once@once.test", message_id=f"<{number}@once.test>")
        client = type(desk.client())(desk.url, desk.db, desk.login, desk.password)
        with contextlib.suppress(xmlrpc.client.Fault):
            client.call("mail.thread", "message_process", [False, mail])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(receive, [number for number in range(8) for _twice in range(3)]))
    count = "SELECT count(*) FROM after_sales_ticket WHERE channel = 'mail' AND subject = 'Twice'"
    assert desk.psql(count) == [(8,)]


def test_same_key_at_once_opens_one_ticket(desk):
    def submit(number):
        payload = {"subject": f"Key {number}"}
        for _try in range(10):
            try:
                return desk.json2(
                    "after.sales.ticket", "open_ticket", payload=payload, idempotency_key=f"k-{number}"
                )["ticket_id"]
            except Json2Error as error:
                if "serialize" not in str(error):
                    raise
        raise AssertionError("gave up")

    desk.api_key()
    with ThreadPoolExecutor(6) as pool:
        numbers = [number for number in range(8) for _again in range(3)]
        answers = list(pool.map(submit, numbers))
    assert len(set(answers)) == 8
    assert desk.psql("SELECT count(*) FROM after_sales_ticket WHERE channel = 'api'") == [(8,)]


def test_two_tickets_of_an_order_end_at_once(desk):
    with inside.environment(inside.boot(desk.db), commit=True) as env:
        partner = env["res.partner"].create({"name": "Pair"})
        orders = env["sale.order"].create([{"partner_id": partner.id} for _order in range(6)])
        pairs = [
            env["after.sales.ticket"].create([{"subject": "Pair", "sale_order_id": order.id}] * 2).ids
            for order in orders
        ]
        ids = orders.ids

    def cancel(ticket):
        client = type(desk.client())(desk.url, desk.db, desk.login, desk.password)
        client.call("after.sales.ticket", "action_cancel", [[ticket]])

    for pair in pairs:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(cancel, pair))
    open_flags = "SELECT count(*) FROM sale_order WHERE has_open_ticket AND id = ANY(%s)"
    assert desk.psql(open_flags, ids) == [(0,)]
