"""Claims on the capacity of delivery slots: the only code that changes what is taken of a slot.

Odoo's transactions are REPEATABLE READ: a snapshot older than a lock makes counting and then writing
overbook. So each claim is a conditional UPDATE in a short READ COMMITTED transaction of its own, which waits
for its turn on the slot's row, sees what the others committed, and ends at once. ``CHECK`` constraints on the
slot are the last guard. Functions here take a cursor of :func:`claim_cursor` and know nothing of the ORM.
"""

import logging
from contextlib import contextmanager

from psycopg2.errors import ForeignKeyViolation

from odoo.modules import module

from ...tools.slot_load import DIMENSIONS, Load, binding

_logger = logging.getLogger(__name__)
LOCK_TIMEOUT = "10s"
_CLAIMED = [f"claimed_{name}" for name in DIMENSIONS]
_TAKEN = ", ".join(f"claimed_{name} + overbooked_{name}" for name in DIMENSIONS)
_CAPACITY = ", ".join(f"capacity_{name}" for name in DIMENSIONS)
_AMOUNTS = ", ".join(DIMENSIONS)
_SHORT_TRANSACTION = (
    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SELECT set_config('lock_timeout', %s, true)"
)
_HOLD = (
    "SELECT h.id, h.key, h.state, h.slot_id, h.expires_at, h.order_ref, h.is_overbooked, s.start, s.stop,"
    f" {', '.join('h.' + name for name in DIMENSIONS)}"
    " FROM delivery_slot_hold h JOIN delivery_slot s ON s.id = h.slot_id"
)


class SlotGoneError(Exception):
    """There is no such slot open for booking."""


class SlotFullError(Exception):
    """The claim does not fit; ``dimensions`` names what runs out."""

    def __init__(self, dimensions):
        super().__init__(", ".join(dimensions))
        self.dimensions = dimensions


def _is_one_transaction(env):
    """Say whether nobody else sees what this process does: in a test, and while a module is installed."""
    return module.current_test or not env.registry.ready


@contextmanager
def claim_cursor(env):
    """Give a cursor in a short transaction of its own, committed at the end, undone on an exception.

    Where everything is one transaction that nobody else sees, a savepoint stands in for it.
    """
    if _is_one_transaction(env):
        env.flush_all()
        with env.cr.savepoint():
            yield env.cr
        env.invalidate_all(flush=False)
        return
    with env.registry.cursor() as cr:
        cr.execute(_SHORT_TRANSACTION, [LOCK_TIMEOUT])
        yield cr


def after_commit(env, action):
    """Run ``action()`` once the request is committed; what a crash leaves undone, the sweeper does."""

    def run():
        try:
            action()
        except Exception:
            _logger.exception("A slot could not be updated after the commit; the sweeper will")

    if _is_one_transaction(env):
        action()
    else:
        env.cr.postcommit.add(run)


def after_rollback(env, action):
    """Run ``action()`` if the request is rolled back."""

    def run():
        try:
            action()
        except Exception:
            _logger.exception("A hold could not be given back after a rollback; it will expire")

    if not _is_one_transaction(env):
        env.cr.postrollback.add(run)


def take(cr, vals, load):
    """Insert a hold of ``vals`` (columns of delivery_slot_hold) and take ``load`` of its slot, or neither.

    A key that exists already changes nothing. Answers whether the hold is new. Raises SlotGoneError or
    SlotFullError; the caller's transaction must then end.
    """
    vals = {**vals, **dict(zip(DIMENSIONS, load.exact(), strict=True))}
    columns, marks = ", ".join(vals), ", ".join(["%s"] * len(vals))
    query = "INSERT INTO delivery_slot_hold ({}, create_date, write_date, write_uid) VALUES ({}, {}, {}, %s)"
    now = "now() at time zone 'UTC'"
    query = query.format(columns, marks, now, now) + " ON CONFLICT (company_id, key) DO NOTHING RETURNING id"
    try:
        cr.execute(query, [*vals.values(), vals["create_uid"]], log_exceptions=False)
    except ForeignKeyViolation as error:  # deleted meanwhile, or not committed yet
        raise SlotGoneError from error
    if not cr.rowcount:
        return False
    side = "overbooked" if vals.get("is_overbooked") else "claimed"
    if not _take_of_slot(cr, vals["slot_id"], load.exact(), side):
        raise _why_not(cr, vals["slot_id"], load)
    return True


def _take_of_slot(cr, slot_id, amounts, side):
    """Add ``amounts`` to one side of the slot if all that is more fits (overbooking always fits)."""
    added = ", ".join(f"{side}_{name} = {side}_{name} + %s" for name in DIMENSIONS)
    query = f"UPDATE delivery_slot SET {added} WHERE id = %s"
    if any(amount > 0 for amount in amounts):
        query += " AND active AND is_closed IS NOT TRUE"
    params = [*amounts, slot_id]
    if side == "claimed":
        for name, amount in zip(DIMENSIONS, amounts, strict=True):
            if amount > 0:
                unlimited = "" if name == "drops" else f"capacity_{name} = 0 OR "
                query += f" AND ({unlimited}claimed_{name} + overbooked_{name} + %s <= capacity_{name})"
                params.append(amount)
    cr.execute(query, params)
    return bool(cr.rowcount)


def _why_not(cr, slot_id, load):
    cr.execute(
        f"SELECT {_CAPACITY}, {_TAKEN} FROM delivery_slot WHERE id = %s AND active AND is_closed IS NOT TRUE",
        [slot_id],
    )
    row = cr.fetchone()
    if not row:
        return SlotGoneError()
    size = len(DIMENSIONS)
    return SlotFullError(binding(Load(*row[:size]), Load(*row[size:]), load) or ["drops"])


def read(cr, company_id, key, *, lock=False):
    """Return the hold with that key as a dictionary, or None."""
    cr.execute(
        f"{_HOLD} WHERE h.company_id = %s AND h.key = %s {'FOR UPDATE OF h' if lock else ''}",
        [company_id, key],
    )
    return cr.dictfetchone()


def confirm(cr, hold_id):
    """Turn a live hold into a booking; answers False if it is not held or has expired."""
    cr.execute(
        """UPDATE delivery_slot_hold SET state = 'confirmed', confirmed_at = now() at time zone 'UTC'
            WHERE id = %s AND state = 'held' AND expires_at > now() at time zone 'UTC'""",
        [hold_id],
    )
    return bool(cr.rowcount)


def extend(cr, company_id, key, minutes):
    """Keep a live hold for at least ``minutes`` more; answers its load, or None if it is not live."""
    cr.execute(
        f"""UPDATE delivery_slot_hold
              SET expires_at = GREATEST(expires_at, now() at time zone 'UTC' + %s * interval '1 minute')
            WHERE company_id = %s AND key = %s
              AND (state = 'confirmed' OR (state = 'held' AND expires_at > now() at time zone 'UTC'))
        RETURNING {_AMOUNTS}""",
        [minutes, company_id, key],
    )
    row = cr.fetchone()
    return row and Load(*row)


def resize(cr, company_id, key, load):
    """Let a live hold take ``load`` of its slot instead of what it took; answers whether it is live.

    Raises SlotFullError or SlotGoneError if more does not fit; the caller's transaction must then end.
    """
    row = read(cr, company_id, key, lock=True)
    if not row or row["state"] not in ("held", "confirmed"):
        return False
    old = Load(*[row[name] for name in DIMENSIONS])
    more = [new - before for new, before in zip(load.exact(), old.exact(), strict=True)]
    side = "overbooked" if row["is_overbooked"] else "claimed"
    if any(more) and not _take_of_slot(cr, row["slot_id"], more, side):
        raise _why_not(cr, row["slot_id"], Load(*[max(amount, 0) for amount in more]))
    amounts = ", ".join(f"{name} = %s" for name in DIMENSIONS)
    cr.execute(f"UPDATE delivery_slot_hold SET {amounts} WHERE id = %s", [*load.exact(), row["id"]])
    return True


def give_back(cr, hold_ids, state):
    """End live holds with ``state`` (released or expired) and give their load back to their slots.

    Holds that are not live any more are left alone. Answers how many ended.
    """
    cr.execute(
        f"""UPDATE delivery_slot_hold SET state = %s, write_date = now() at time zone 'UTC'
             WHERE id = ANY(%s) AND state IN ('held', 'confirmed')
         RETURNING slot_id, is_overbooked, {_AMOUNTS}""",
        [state, list(hold_ids)],
    )
    ended = cr.fetchall()
    for slot_id, is_overbooked, *amounts in sorted(ended):
        side = "overbooked" if is_overbooked else "claimed"
        less = ", ".join(f"{side}_{name} = {side}_{name} - %s" for name in DIMENSIONS)
        cr.execute(f"UPDATE delivery_slot SET {less} WHERE id = %s", [*Load(*amounts).exact(), slot_id])
    return len(ended)


def confirm_committed(cr):
    """Confirm holds, live or past their expiry, whose order is confirmed: a worker died before it could."""
    cr.execute(
        """UPDATE delivery_slot_hold SET state = 'confirmed', confirmed_at = now() at time zone 'UTC'
            WHERE id IN (SELECT h.id FROM delivery_slot_hold h
                           JOIN sale_order o ON o.id = h.order_ref AND o.state = 'sale'
                          WHERE h.state = 'held' AND (o.slot_hold_key = h.key OR EXISTS (
                                SELECT 1 FROM sale_order_drop d
                                 WHERE d.order_id = o.id AND d.slot_hold_key = h.key))
                            FOR UPDATE OF h SKIP LOCKED)"""
    )
    return cr.rowcount


def find_left_over(cr, grace_minutes, limit, slot_id=None):
    """Lock and return the ids of holds (of one slot) that nobody will end.

    These are expired ones, and bookings of orders that are gone, unless a confirmed order stands on them,
    whole or with a part. ``grace_minutes`` protects a booking whose order is only just being committed.
    """
    cr.execute(
        """SELECT h.id FROM delivery_slot_hold h
             LEFT JOIN sale_order o ON o.id = h.order_ref AND o.state = 'sale'
                  AND (o.slot_hold_key = h.key OR EXISTS (SELECT 1 FROM sale_order_drop d
                        WHERE d.order_id = o.id AND d.slot_hold_key = h.key))
            WHERE o.id IS NULL AND (%(slot)s IS NULL OR h.slot_id = %(slot)s)
              AND ((h.state = 'held' AND h.expires_at <= now() at time zone 'UTC')
               OR (h.state = 'confirmed' AND h.order_ref IS NOT NULL
                   AND h.confirmed_at < now() at time zone 'UTC' - %(grace)s * interval '1 minute'))
            ORDER BY h.slot_id LIMIT %(limit)s FOR UPDATE OF h SKIP LOCKED""",
        {"slot": slot_id, "grace": grace_minutes, "limit": limit},
    )
    return [row[0] for row in cr.fetchall()]
