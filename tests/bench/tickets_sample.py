"""100,000 tickets of a shop, and what a minute-by-minute clock says about their targets."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# Runs inside Odoo: tickets, their events and targets, straight into the tables (making each through the
# forms would measure the making). A ticket copies one that was made through the model.
FILL = """
import random, time
from datetime import datetime, timedelta

rng = random.Random(7)
company = env.company
calendar = env["resource.calendar"].create({"name": "Bench", "tz": "Europe/Berlin", "company_id": company.id})
team = env["after.sales.team"].create(
    {"name": "Bench", "company_id": company.id, "resource_calendar_id": calendar.id, "user_id": env.uid})
env["after.sales.sla"].search([]).active = False
policies = env["after.sales.sla"].create([
    {"name": kind, "kind": kind, "hours": hours,
     "step_ids": [(0, 0, {"percent": 75}), (0, 0, {"percent": 100})]}
    for kind, hours in (("answer", 4), ("solve", 24))])
partners = env["res.partner"].create([{"name": f"Bench {n}"} for n in range(2000)])
stages = {stage.code: stage.id for stage in env["after.sales.stage"].search([])}
template = env["after.sales.ticket"].create(
    {"subject": "Bench", "partner_id": partners[0].id, "team_id": team.id, "user_id": env.uid})
env.flush_all()
skipped = ("id", "name", "partner_id", "commercial_partner_id", "stage_id", "stage_code", "is_open",
           "opened_at", "access_token")
columns = [name for name, field in template._fields.items()
           if field.store and field.column_type and name not in skipped]
cr = env.cr
cr.execute("CREATE TEMP TABLE people AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM res_partner"
           " WHERE id = ANY(%s)", [partners.ids])
cr.execute('''
    INSERT INTO after_sales_ticket
           (name, partner_id, commercial_partner_id, stage_id, stage_code, is_open, opened_at, {0})
    SELECT 'B' || g, people.id, people.id,
           CASE WHEN g %% 2 = 0 THEN %s ELSE %s END, CASE WHEN g %% 2 = 0 THEN 'assigned' ELSE 'closed' END,
           g %% 2 = 0, date_trunc('second', now() AT TIME ZONE 'UTC') - (g %% 60 + 2) * interval '1 hour', {1}
      FROM generate_series(1, %s) g JOIN people ON people.n = g %% 2000, after_sales_ticket t WHERE t.id = %s
'''.format(", ".join(f'"{c}"' for c in columns), ", ".join(f't."{c}"' for c in columns)),
    [stages["assigned"], stages["closed"], tickets, template.id])
cr.execute('''
    INSERT INTO after_sales_ticket_event (ticket_id, company_id, kind, at, before, after)
    SELECT id, company_id, 'opened', opened_at, NULL, 'new' FROM after_sales_ticket WHERE name LIKE 'B%%'
     UNION ALL
    SELECT id, company_id, 'stage', opened_at + interval '5 minutes', 'new', stage_code
      FROM after_sales_ticket WHERE name LIKE 'B%%'
''')
cr.execute('''
    INSERT INTO after_sales_sla_status (ticket_id, sla_id, company_id, kind, state, is_open, check_at)
    SELECT t.id, s.id, t.company_id, s.kind, 'running', true, t.opened_at
      FROM after_sales_ticket t, after_sales_sla s WHERE t.name LIKE 'B%%' AND t.is_open AND s.id = ANY(%s)
''', [policies.ids])
cr.commit()
cr.execute("ANALYZE")
"""

# Runs inside Odoo: how long a technician waits.
LOOK = """
technician = env["res.users"].create({
    "name": "Bench technician", "login": "bench_technician", "company_id": company.id,
    "company_ids": [(6, 0, company.ids)],
    "group_ids": [(6, 0, [env.ref("order_fulfilment.group_support").id, env.ref("base.group_user").id])]})
desk = env["after.sales.ticket"].with_user(technician)
named = {"fields": {"display_name": {}}}
LIST = {name: {} for name in (
    "priority", "name", "subject", "opened_at", "sla_deadline", "sla_state", "is_open")}
LIST |= {name: named for name in (
    "commercial_partner_id", "product_id", "lot_id", "category_id", "user_id", "stage_id")}
FORM = {**LIST, "description": {}, "stage_code": {}, "open_question_count": {}, "same_customer_count": {},
        "event_ids": {"fields": {"at": {}, "kind": {}, "before": {}, "after": {}, "user_id": named}},
        "sla_status_ids": {"fields": {"state": {}, "deadline": {}, "sla_id": named}},
        "answer_ids": {"fields": {"question": {}, "answer": {}}}}

def timed(what):
    env.invalidate_all()
    queries, started = env.cr.sql_log_count, time.monotonic()
    what()
    return (time.monotonic() - started) * 1000, env.cr.sql_log_count - queries

def list_page(limit=80):
    desk.web_search_read([("is_open", "=", True)], LIST, limit=limit, count_limit=10001)

def form():
    desk.browse(rng.choice(some)).web_read(FORM)

some = env["after.sales.ticket"].search([("is_open", "=", True)], limit=500).ids
list_page(); form()
pages = sorted(timed(list_page) for _n in range(7))
forms = sorted(timed(form) for _n in range(7))
few, many = timed(lambda: list_page(20))[1], timed(lambda: list_page(80))[1]
anything = [("any_reference", "ilike", "B4711")]
search = sorted(timed(lambda: desk.web_search_read(anything, LIST, limit=80)) for _n in range(3))
"""

# Runs inside Odoo: the job, its turns committed, until nothing is due.
JOB = """
from unittest.mock import patch

def commit(self, processed=0, *, remaining=None, deactivate=False):
    env.cr.commit()
    return 3600.0

status = env["after.sales.sla.status"]
started = time.monotonic()
with patch.object(env.registry["ir.cron"], "_commit_progress", commit):
    status._cron_run()
sla_cron_s = time.monotonic() - started
cr.execute('''SELECT count(*), count(DISTINCT (ticket_id, sla_id, step_id)) FROM after_sales_escalation''')
done, distinct = cr.fetchone()
cr.execute('''SELECT s.deadline, t.opened_at, p.hours, s.state FROM after_sales_sla_status s
                JOIN after_sales_ticket t ON t.id = s.ticket_id JOIN after_sales_sla p ON p.id = s.sla_id
               WHERE t.name LIKE 'B%%' ORDER BY s.id LIMIT %s''', [checked])
verdicts = [[str(deadline), str(opened), hours, state] for deadline, opened, hours, state in cr.fetchall()]
pattern = [[int(shift.dayofweek), shift.hour_from, shift.hour_to]
           for shift in calendar.attendance_ids if shift.day_period != "lunch"]
"""


def minutes_oracle(pattern: list, zone: str, first: datetime, days: int) -> list[bool]:
    """For each minute from ``first`` (UTC): is it worked, by the clock on the wall?"""
    shifts: dict[int, list] = {}
    for weekday, start, stop in pattern:
        shifts.setdefault(weekday, []).append((start, stop))
    tz, worked = ZoneInfo(zone), []
    for minute in range(days * 1440):
        wall = (first + timedelta(minutes=minute)).replace(tzinfo=UTC).astimezone(tz)
        hour = wall.hour + wall.minute / 60
        worked.append(any(start <= hour < stop for start, stop in shifts.get(wall.weekday(), [])))
    return worked


def due_by_oracle(worked: list[bool], first: datetime, opened: datetime, hours: float) -> datetime:
    """Walk on from ``opened``, minute by minute (its seconds kept), until the hours are worked."""
    minute = int((opened - first).total_seconds() // 60)
    rest, left = (opened - first).total_seconds() % 60, hours * 3600
    left -= (60 - rest) if worked[minute] else 0
    while left > 0:
        minute += 1
        left -= 60 * worked[minute]
    return first + timedelta(minutes=minute + 1, seconds=left)
