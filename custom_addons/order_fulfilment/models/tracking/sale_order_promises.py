from datetime import UTC, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.tracking.local_day import end_of_local_day
from .sale_order_promise import RECORDING


class SaleOrder(models.Model):
    """Promise history: what was requested, first promised and every later change, as rows nobody edits."""

    _inherit = "sale.order"

    promise_ids = fields.One2many("sale.order.promise", "order_id", readonly=True, copy=False)
    requested_date_from = fields.Datetime("Requested from", readonly=True, copy=False)
    requested_date_to = fields.Datetime("Requested until", readonly=True, copy=False)
    first_promised_date_from = fields.Datetime("First promised from", readonly=True, copy=False)
    first_promised_date_to = fields.Datetime("First promised until", readonly=True, copy=False)
    promised_date_from = fields.Datetime("Promised from", readonly=True, copy=False)
    promised_date_to = fields.Datetime("Promised until", readonly=True, copy=False, index="btree_not_null")
    is_promised_whole_day = fields.Boolean("Promised by day", readonly=True, copy=False)
    is_requested_whole_day = fields.Boolean("Requested by day", readonly=True, copy=False)

    promise_deadline = fields.Datetime(
        compute="_compute_promise_deadline",
        store=True,
        copy=False,
        help="Last moment that keeps the promise in force: its end, or the end of the day it names.",
    )

    requested_deadline = fields.Datetime(
        readonly=True, copy=False, help="As promise deadline, of the request."
    )
    first_promise_deadline = fields.Datetime(
        readonly=True, copy=False, help="As promise deadline, of the first."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        """Cancel and delete would be the way to be rid of a promise that was not kept."""
        given_up = self.filtered(lambda order: order.state == "cancel" or order.cancelled_at)
        promised = given_up.filtered(lambda order: order._get_promise_in_force("promised"))
        if promised and not self.env.su:
            raise UserError(
                self.env._(
                    "[OF-TRK-012] %s was promised to the customer: leave it cancelled, it is not deleted.",
                    promised[0].name,
                )
            )

    @api.depends("promised_date_to", "is_promised_whole_day")
    def _compute_promise_deadline(self):
        for order in self:
            order.promise_deadline = order._get_deadline(order.promised_date_to, order.is_promised_whole_day)

    def _get_deadline(self, date_to, whole_day):
        """Last moment that keeps a promise until ``date_to``."""
        return end_of_local_day(date_to, self._get_delivery_tz()) if date_to and whole_day else date_to

    def _record_promise(self, kind, date_from, date_to, reason, *, line=None, quantity=0.0, whole_day=False):
        """Append one row to the history and bring the order in line with it; answer the row.

        :param kind: ``"requested"`` or ``"promised"``; the first ``"promised"`` row is kept as first promise
        :param date_from: start of the window (naive UTC), or False for a date alone
        :param date_to: end of the window (naive UTC), or False if ``date_from`` is the whole of it
        :param line: order line meant; none means the order
        :param quantity: in the line's unit; 0 means all that was open
        :param whole_day: no time of day was agreed

        ``commitment_date`` becomes the end of the window: the last moment that keeps the promise, which is
        what Odoo's deadlines mean. Recording the promise in force once more adds nothing and answers its
        row.
        """
        self.ensure_one()
        date_from, date_to = self._check_promise(kind, date_from, date_to, reason)
        vals = {
            "order_id": self.id,
            "line_id": line.id if line else False,
            "date_from": date_from,
            "date_to": date_to,
            "is_whole_day": whole_day,
            "quantity": quantity,
        }
        in_force = self._get_promise_in_force(kind, line)
        same = ("date_from", "date_to", "is_whole_day", "quantity")
        if in_force and all(in_force[name] == vals[name] for name in same):
            return in_force
        if kind == "promised" and not in_force:
            kind = "first"
        row = self._create_promises([{**vals, "kind": kind, "reason": reason}])
        if not line:
            self._apply_promises(row)
        return row

    def _create_promises(self, vals_list):
        rows = self.env["sale.order.promise"].sudo()  # readers may add rows only through here
        return rows.with_context(recording_promise=RECORDING).create(
            [{**vals, "user_id": self.env.uid} for vals in vals_list]
        )

    def _check_promise(self, kind, date_from, date_to, reason):
        """Answer the window as two ends of which the second is always set, or raise."""
        if kind not in ("requested", "promised"):
            raise UserError(self.env._("[OF-TRK-004] Unknown kind of promise: %s.", kind))
        if not (date_from or date_to):
            raise UserError(self.env._("[OF-TRK-005] Order %s: a promise needs a date.", self.name))
        if not (reason or "").strip():
            raise UserError(self.env._("[OF-TRK-006] Order %s: say why the date changes.", self.name))
        if not date_to:
            date_from, date_to = False, date_from
        date_from = fields.Datetime.to_datetime(date_from)
        date_to = fields.Datetime.to_datetime(date_to)
        if date_from and date_from > date_to:
            raise UserError(
                self.env._("[OF-TRK-002] Order %s: a promised window must end after it starts.", self.name)
            )
        return date_from or False, date_to

    def _get_promise_in_force(self, kind, line=None):
        """The latest row of that kind for the order (or for one line of it)."""
        kinds = ("requested",) if kind == "requested" else ("first", "promised")
        rows = self.sudo().promise_ids.filtered(
            lambda row: row.kind in kinds and row.line_id.id == (line.id if line else False)
        )
        return rows.sorted("id")[-1:]

    def _apply_promises(self, rows):
        """Write the new rows' dates on the order and send them down the chain of open moves."""
        vals = {}
        for row in rows:
            vals |= self._prepare_promise_dates(row)
        old_deadline = self.promised_date_to
        self.sudo().with_context(promise_recorded=RECORDING).write(vals)
        for row in rows:
            if row.kind == "promised":
                self._apply_promise_to_moves(old_deadline, row.date_to)
            self._after_promise(row)

    def _prepare_promise_dates(self, row):
        """Values that the order takes from this row of its history."""
        names = {
            "requested": ("requested",),
            "first": ("first_promised", "promised"),
            "promised": ("promised",),
        }
        vals = {}
        for name in names[row.kind]:
            vals[f"{name}_date_from"] = row.date_from
            vals[f"{name}_date_to"] = row.date_to
        vals["is_requested_whole_day" if row.kind == "requested" else "is_promised_whole_day"] = (
            row.is_whole_day
        )
        deadline = {"requested": "requested_deadline", "first": "first_promise_deadline"}.get(row.kind)
        if deadline:
            vals[deadline] = self._get_deadline(row.date_to, row.is_whole_day)
        # A promise that Odoo derived from lead times is no date a person set: leave Odoo's field empty.
        is_set = self.commitment_date or not self.env.context.get("promise_is_expected")
        # Written again unchanged, core would level the deadlines of linked earlier steps.
        if row.kind != "requested" and is_set and self.commitment_date != row.date_to:
            vals["commitment_date"] = row.date_to
        return vals

    def _after_promise(self, row):
        """Hook: called once for every new row, after order and moves follow it."""

    # ------------------------------------------------------------ where dates come from

    def write(self, vals):
        """A delivery date typed on a confirmed order is a new promise, whoever typed it."""
        if "commitment_date" not in vals or self.env.context.get("promise_recorded") is RECORDING:
            return super().write(vals)
        before = {order.id: order.commitment_date for order in self}
        result = super().write(vals)
        for order in self.filtered(lambda order: order.state == "sale"):
            if order.commitment_date != before[order.id]:
                order._record_commitment()
        return result

    def _record_commitment(self):
        """Record what the order now says as a promise: the date set on it, else what Odoo expects."""
        promised = self.commitment_date or self.expected_date
        if promised:
            reason = self.env.context.get("promise_reason") or self.env._(
                "Delivery date changed on the order"
            )
            order = self.with_context(promise_is_expected=not self.commitment_date)
            order._record_promise("promised", False, promised, reason, whole_day=not self._has_time(promised))

    def _action_confirm(self):
        result = super()._action_confirm()
        promised = self.filtered(lambda order: order._get_promise_in_force("promised"))
        (self - promised)._record_first_promises()
        for order in promised:  # cancelled, taken up again and confirmed with another date
            if order.commitment_date and order.commitment_date != order.promised_date_to:
                order._record_commitment()
        return result

    def _record_first_promises(self):
        """At confirmation: the date on the quotation is what was asked for and what we promise.

        Without one, nothing was asked, and what Odoo expects is promised by the day. All orders of a batch
        get their rows in one statement.
        """
        rows = []
        for order in self:
            rows += order._prepare_first_promises()
        created = self._create_promises(rows)
        for order, promises in created.grouped("order_id").items():
            is_expected = not order.commitment_date
            orders = self.browse(order.id).with_context(promise_is_expected=is_expected)
            orders._apply_promises(promises)

    def _prepare_first_promises(self):
        """Values of the rows that this order gets when it is confirmed for the first time."""
        asked, promised = self.commitment_date, self.commitment_date or self.expected_date
        common = {
            "order_id": self.id,
            "date_from": False,
            "date_to": promised,
            "is_whole_day": not (asked and self._has_time(asked)),
        }
        rows = []
        if asked and not self._get_promise_in_force("requested"):
            reason = self.env._("Delivery date on the quotation")
            rows.append({**common, "kind": "requested", "reason": reason})
        if promised:
            rows.append({**common, "kind": "first", "reason": self.env._("Order confirmed")})
        return rows

    def _has_time(self, moment):
        """Say whether a time of day was meant: local midnight is a date without one."""
        local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self._get_delivery_tz()))
        return local.time() != time.min

    def _get_delivery_tz(self):
        """Name of the time zone in which this order's dates are read: the place of delivery, else ours."""
        warehouse_tz = self.warehouse_id.partner_id.tz
        return self.partner_shipping_id.tz or warehouse_tz or self.company_id.partner_id.tz or "UTC"

    # ------------------------------------------------------------ the chain of moves

    def _get_promise_moves(self):
        """Open moves that bring the goods towards the customer: pick, pack and ship, in any delivery type."""
        direct = self.sudo().order_line.move_ids
        moves = direct | direct.browse(direct._rollup_move_origs())
        return moves.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and not move.origin_returned_move_id
                and move.location_id.usage != "customer"
                and move.product_id in direct.product_id
            )
        )

    def _apply_promise_to_moves(self, old_deadline, deadline):
        """Bring deadlines and planned dates of all open moves of the chain in line with the new promise.

        Core reaches moves to the customer and, from them, linked earlier steps with their lead times. Where
        the next step does not exist yet, as in two and three steps, the last move takes the deadline.
        """
        moves = self._get_promise_moves()
        last = moves.filtered(
            lambda move: not move._leaves_to_customer() and not (move.move_dest_ids & moves)
        )
        last.filtered(lambda move: move.date_deadline != deadline).write({"date_deadline": deadline})
        shift = deadline - old_deadline if old_deadline else timedelta()
        if shift:
            self._shift_moves(moves, shift)

    @api.model
    def _shift_moves(self, moves, shift):
        """Shift planned dates; what would have to begin in the past begins now."""
        now = fields.Datetime.now()
        for date, same_date in moves.grouped("date").items():
            same_date.write({"date": max(date + shift, min(date, now))})
