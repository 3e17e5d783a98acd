"""What makes open towers look again, and what makes the job look for orders at risk.

Both happen after the commit in which something changed, in a transaction and a thread of their own, and
seldom enough not to be felt: what is skipped is seen all the same. Nobody waits for them, as Odoo's bus opens
a connection of its own each time.
"""

import logging
import math
import time
from datetime import timedelta
from functools import partial
from threading import Thread, Timer, current_thread

import psycopg2

from odoo import SUPERUSER_ID, api, fields

CHANNEL = "order_fulfilment.tower"
RISK_JOB = "order_fulfilment.ir_cron_fulfilment_risk"
# A tower looks 2 s after it was told (live_tower.js), so what is committed within 1 s of that is seen too.
TOLD_EVERY_S = 1.0
# Of many changes, one look at the first and one at the end of this time.
LOOK_EVERY_S = 5.0
# The job rests ten times as long as its look took, so that it never costs more than a tenth of one core.
REST = 10
LOOK_TAKES = "order_fulfilment.risk_look_seconds"
# By database, as this process remembers it.
_last_told = {}
_looks_until = {}

_logger = logging.getLogger(__name__)


def tell_towers(env):
    """After the commit: open towers look again, without being told what changed."""
    _after_commit(env, CHANNEL, _tell)


def look_for_risks(env):
    """After the commit: which promises can still be kept is looked at anew, and the towers are told."""
    _after_commit(env, RISK_JOB, _wake_job)


def _after_commit(env, name, call):
    hooks = env.cr.postcommit
    if name not in hooks.data:
        hooks.data[name] = True
        hooks.add(partial(call, env.registry))


def _tell(registry):
    now = time.monotonic()
    if now - _last_told.get(registry.db_name, float("-inf")) < TOLD_EVERY_S:
        return
    _last_told[registry.db_name] = now
    _do_soon(registry, lambda env: env["bus.bus"]._sendone(CHANNEL, f"{CHANNEL}/changed", {}))


def _wake_job(registry):
    now = time.monotonic()
    wait = max(_looks_until.get(registry.db_name, now) - now, 0.0)
    if wait > LOOK_EVERY_S:
        return  # the look at the end of this time will see it
    _looks_until[registry.db_name] = now + wait + LOOK_EVERY_S
    _do_soon(registry, partial(_trigger, wait))


def _trigger(wait, env):
    """Plan the next look, unless another process has; not soon after the last, however long that took.

    Odoo's job workers sleep up to a minute when nobody wakes them at that time.
    """
    job, now = env.ref(RISK_JOB, raise_if_not_found=False), fields.Datetime.now()
    planned = [("cron_id", "=", job and job.id), ("call_at", ">", now)]
    if not job or env["ir.cron.trigger"].search_count(planned, limit=1):
        return
    every = timedelta(seconds=max(LOOK_EVERY_S, REST * _look_takes(env)))
    at = max(now + timedelta(seconds=math.ceil(wait)), (job.lastcall or now - every) + every)
    job._trigger(at)
    if at > now:
        alarm = Timer((at - now).total_seconds() + 1.0, _do, [env.registry, _wake_workers])
        alarm.daemon = True
        alarm.start()


def _look_takes(env):
    return float(env["ir.config_parameter"].get_param(LOOK_TAKES, 0))


def remember_look(env, seconds):
    """Keep how long a look takes: roughly, since writing it clears the caches of all workers."""
    known, is_short = _look_takes(env), seconds * REST <= LOOK_EVERY_S
    if known if is_short else not known / 2 < seconds <= known * 2:
        env["ir.config_parameter"].set_param(LOOK_TAKES, False if is_short else seconds)


def _wake_workers(env):
    env["ir.cron"]._notifydb()


def _do_soon(registry, call):
    """Not a daemon: a worker that ends waits for it."""
    Thread(target=_do, args=(registry, call), name=CHANNEL).start()


def _do(registry, call):
    """What was committed must not look failed because the towers could not be told."""
    current_thread().dbname = registry.db_name  # for the log
    try:
        with registry.cursor() as cr:
            call(api.Environment(cr, SUPERUSER_ID, {}))
    except psycopg2.Error:
        _logger.warning("Control towers of %s could not be told", registry.db_name, exc_info=True)
