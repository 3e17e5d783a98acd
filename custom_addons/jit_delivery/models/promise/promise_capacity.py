from datetime import timedelta

from odoo import api, fields, models

from ...tools.promise import LOAD, PACK, PICK
from ...tools.windows import Hours, Interval, merge, open_intervals, subtract
from ...tools.working_time import minutes, schedule_back, schedule_forward, until, without

LOOKED_BEYOND = timedelta(days=60)  # work that ends later is laid there: far enough not to matter here
# Lines still to be delivered of orders that are promised: confirmed, or with a hold that is live.
_PROMISED = """
    SELECT COALESCE(d.pick_start_date, o.pick_start_date) AS pick_start,
           COALESCE(d.pack_start_date, o.pack_start_date), COALESCE(d.load_date, o.load_date), count(*)
      FROM sale_order o
      JOIN sale_order_line line ON line.order_id = o.id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id AND template.type = 'consu'
      LEFT JOIN sale_order_drop d ON d.id = line.drop_id
     WHERE o.warehouse_id = %s AND COALESCE(d.load_date, o.load_date) > %s AND o.id <> %s
       AND line.product_uom_qty > COALESCE(line.qty_delivered, 0)
       AND (o.state = 'sale' OR (o.state IN ('draft', 'sent') AND EXISTS (
            SELECT 1 FROM delivery_slot_hold hold
             WHERE hold.company_id = o.company_id AND hold.key = COALESCE(d.slot_hold_key, o.slot_hold_key)
               AND hold.state = 'held' AND hold.expires_at > now() at time zone 'UTC')))
  GROUP BY o.id, d.id
  ORDER BY pick_start, o.id, d.id
"""


class DeliveryPromise(models.AbstractModel):
    """Free time of work centres, pickers and packers: their hours without what is promised already."""

    _inherit = "delivery.promise"

    @api.model
    def _get_resources(self, recipes, warehouse, horizon, own, order=None):
        """Return {resource: free intervals} of the work centres of ``recipes``, pick, pack and load.

        What the manufacturing orders ``own`` and the lines of ``order`` take is free: it is planned anew.
        """
        used = {resource for recipe in recipes for resource, _, _ in recipe.steps if resource}
        centres = self.env["mrp.workcenter"].sudo().browse(sorted(used))
        busy, work = self._get_busy(centres, own), self._get_unplanned(centres, own, horizon)
        last = min(max([horizon, *(row["end"] for row in work)]), horizon + LOOKED_BEYOND)
        free = {
            centre.id: self._get_free_time(centre.resource_calendar_id, busy[centre.id], last)
            for centre in centres
        }
        self._take_assembly(free, work, last)
        free = {centre: until(opened, horizon) for centre, opened in free.items()}
        staff = self._get_working_time(warehouse.sudo().working_calendar_id, horizon)
        return {**free, **self._take_preparation(staff, warehouse, order), LOAD: staff}

    @api.model
    def _get_free_time(self, calendar, busy, horizon):
        """Return the open intervals less what is ``busy``; a work centre without calendar is always open."""
        opened = self._get_working_time(calendar, horizon)
        if opened is None and busy:
            opened = [Interval(fields.Datetime.now(), horizon)]
        return opened and subtract(opened, merge(busy))

    @api.model
    def _get_working_time(self, calendar, horizon):
        """Return the calendar's open intervals until ``horizon``; None without a calendar: always."""
        if not calendar:
            return None
        hours = Hours(calendar.tz or "UTC", calendar._get_weekly_windows(), holidays=calendar._get_holidays())
        return open_intervals(hours, fields.Datetime.now(), horizon)

    @api.model
    def _search_work(self, centres, own, domain, names):
        """Return open work orders at ``centres``, but not of the productions ``own``."""
        orders = self.env["mrp.workorder"].sudo()  # capacity counts whoever's work it is
        open_work = [("workcenter_id", "in", centres.ids), ("state", "not in", ("done", "cancel"))]
        not_own = [("production_id", "not in", own.ids)]
        return orders.search_read(open_work + not_own + domain, names, load=None) if centres else []

    @api.model
    def _get_busy(self, centres, own):
        """Return {work centre id: [intervals]} taken by planned work orders."""
        busy = {centre.id: [] for centre in centres}
        planned = [("date_start", "!=", False), ("date_finished", "!=", False)]
        for order in self._search_work(
            centres, own, planned, ["workcenter_id", "date_start", "date_finished"]
        ):
            if order["date_finished"] > order["date_start"]:
                busy[order["workcenter_id"]].append(Interval(order["date_start"], order["date_finished"]))
        return busy

    @api.model
    def _get_unplanned(self, centres, own, horizon):
        """Return the work orders that nobody has planned on a work centre yet, each with the ``end`` of its
        manufacturing order.
        """
        unplanned = [
            "|",
            ("date_start", "=", False),
            ("date_finished", "=", False),
            ("production_id.state", "in", ("confirmed", "progress", "to_close")),
        ]
        names = ["workcenter_id", "production_id", "duration_expected", "duration"]
        work = self._search_work(centres, own, unplanned, names)
        productions = self.env["mrp.production"].sudo().browse({row["production_id"] for row in work})
        ends = {production.id: production.date_finished or horizon for production in productions}
        return [{**row, "end": ends[row["production_id"]]} for row in work]

    @api.model
    def _take_assembly(self, free, work, last):
        """Take ``work`` that nobody has planned yet from ``free``, which reaches until ``last``.

        It is laid before the end of its manufacturing order, where its delivery wants it; so ``free`` must
        reach that far, else work of next week would be laid into today.
        """
        ends, now = {row["production_id"]: row["end"] for row in work}, fields.Datetime.now()
        for row in sorted(work, key=lambda row: (row["end"], row["id"]), reverse=True):
            centre, left = row["workcenter_id"], minutes(max(row["duration_expected"] - row["duration"], 0))
            opened = [Interval(now, last)] if free[centre] is None else free[centre]
            found = schedule_back(opened, ends[row["production_id"]], left, now)
            found = found or schedule_forward(opened, now, left)
            free[centre] = without(opened, found[1]) if found else opened
            ends[row["production_id"]] = found[0] if found else now

    @api.model
    def _take_preparation(self, staff, warehouse, order=None):
        """Return {"pick", "pack": free intervals}: working time without the lines of promised orders."""
        free = {PICK: staff, PACK: staff}
        if staff is None or not (warehouse.pick_minutes or warehouse.pack_minutes):
            return free
        self.env["sale.order"].flush_model()
        self.env["sale.order.line"].flush_model()
        self.env["sale.order.drop"].flush_model()
        now, own_id = fields.Datetime.now(), (order and order._origin.id) or 0
        self.env.cr.execute(_PROMISED, [warehouse.id, now, own_id])
        for pick_start, pack_start, load, lines in self.env.cr.fetchall():
            for name, start, end, each in (
                (PICK, pick_start, pack_start, warehouse.pick_minutes),
                (PACK, pack_start, load, warehouse.pack_minutes),
            ):
                if start and start >= now:  # what should have begun is taken for done
                    free[name] = self._take_work(free[name], start, end, minutes(lines * each), now)
        return free

    @api.model
    def _take_work(self, free, start, end, work, now):
        """Return what is left of ``free`` after ``work`` from ``start`` on, but in any case before ``end``.

        Quotations promised at the same moment do not see each other, and may begin at the same time.
        """
        found = schedule_forward(free, start, work)
        if found and found[0] > end:
            found = schedule_back(free, end, work, now) or found
        return without(free, found[1]) if found else free
