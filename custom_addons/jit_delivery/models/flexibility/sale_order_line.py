from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.order_fulfilment.models.entry.sale_order_change import GateChangeRefusedError
from odoo.addons.order_fulfilment.tools.entry import line_change, quantity_rules

from ...tools.arguments import is_amount, record_id
from ...tools.flexibility import Change, met_share
from ...tools.zones import to_wall
from ..promise.sale_order_chain import CHANGING
from ..slots.delivery_slot_rpc import SlotIsFullError

# Code of a promise's reason → what stood in the way of the change.
_BOUND_BY = {
    "supply": "goods",
    "no_supply": "goods",
    "assembly": "assembly",
    "pick_pack": "pick_pack",
    "cutoff": "cutoff",
    "transit": "cutoff",
    "closed": "receiving",
    "full": "slot",
    "no_slot": "slot",
}


class ChangeRefusedError(Exception):
    """The change cannot be: ``bound_by`` what stands in its way, ``text`` in words."""

    def __init__(self, bound_by, text):
        super().__init__(text)
        self.bound_by, self.text = bound_by, text


class SaleOrderLine(models.Model):
    """Changes of a confirmed line's quantity inside the agreed band, promised at once or refused with why."""

    _inherit = "sale.order.line"

    change_request_ids = fields.One2many("delivery.change.request", "line_id", readonly=True, copy=False)
    qty_first_ordered = fields.Float(
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Before anybody changed the confirmed line, in the product's own unit; 0: nobody has.",
    )

    def request_quantity(self, quantity, key=""):
        """Ask for another quantity of a confirmed line; answers what came of it. See ``docs/api``."""
        slots = self.env["delivery.slot"]
        slots._check_may_book()
        key = slots._read_text("key", key)
        self._check_change(quantity)
        requests = self.env["delivery.change.request"]
        if known := requests._find(self, key, quantity):
            return known._to_values()
        before, days_left = self.product_uom_qty, self._get_days_left()
        refusal = self._try_quantity(quantity, days_left)
        change = Change(before, quantity, before if refusal else quantity)
        made = requests.sudo().create(  # a history: nobody writes it by hand
            {
                "line_id": self.id,
                "key": key or False,
                "state": "refused" if refusal else "promised",
                "qty_before": before,
                "qty_asked": quantity,
                "qty_met": change.met,
                "change_asked": abs(quantity - before),
                "change_met": abs(change.met - before),
                "ratio": 100 * met_share(change),
                "days_left": days_left,
                "bound_by": refusal and refusal.bound_by,
                "explanation": refusal.text if refusal else self.env._("Promised in the same window."),
            }
        )
        return made._to_values()

    def _check_change(self, quantity):
        if len(self) != 1 or not record_id(self._ids[0]):
            raise UserError(self.env._("[JD-FLX-006] Name exactly one order line by its id."))
        self.order_id.check_access("write")
        if self.order_id.state != "sale" or self.display_type:
            raise UserError(
                self.env._(
                    "[JD-FLX-003] %s: only lines of confirmed orders are changed by request.",
                    self.order_id.name,
                )
            )
        if not is_amount(quantity):
            text = self.env._("[JD-FLX-004] '%s' is not a quantity of 0 or more.", str(quantity)[:40])
            raise UserError(text)

    def _get_days_left(self):
        """Return the calendar days, where the customer is, until the delivery in force."""
        order = self.order_id
        zone, now = order._get_place_zone(), fields.Datetime.now()
        delivery = self.delivery_window_start or order.promise_deadline or now
        return (to_wall(zone, delivery).date() - to_wall(zone, now).date()).days

    def _try_quantity(self, quantity, days_left):
        """Change the quantity, with moves, slot and chain, or nothing; answers the refusal or None."""
        try:
            self._check_band(quantity, days_left)
            judged = self.order_id._gate_judged_elsewhere({line_change.QUANTITY})
            with self.env.cr.savepoint(), judged:
                self.with_context(lines_changing=CHANGING).product_uom_qty = quantity
                self.order_id._keep_window_or_refuse()
        except ChangeRefusedError as refusal:
            self.invalidate_recordset()
            return refusal
        except GateChangeRefusedError as refusal:
            self.invalidate_recordset()
            return ChangeRefusedError("gate", str(refusal))
        return None

    def _check_band(self, quantity, days_left):
        """Refuse what is below what is delivered, or outside the agreed band at this time."""
        if quantity < self.qty_delivered:
            text = self.env._("%(quantity)g are delivered already.", quantity=self.qty_delivered)
            raise ChangeRefusedError("delivered", text)
        record = self.env["order.quantity.rule"].sudo()._get_rule_for(self)  # agreements bind everybody
        if not record:
            return
        lines = self._get_lines_of_product()
        rule = record._as_rule_at(days_left, sum(line._get_first_quantity() for line in lines))
        own = self.product_uom_id._compute_quantity(quantity, self.product_id.uom_id, round=False)
        total = round(own + sum(record._own_quantity(line) for line in lines - self), 6)
        found = quantity_rules.problems(total, rule, self._get_ordered_before(record))
        if not total:  # calling all of it off is no small order: only an agreed band forbids it
            found = [problem for problem in found if problem == quantity_rules.BAND]
        if found:
            raise ChangeRefusedError(found[0], self._get_band_text(found[0], record, rule, days_left))

    def _get_lines_of_product(self):
        """Return this line and the others of its product on the order: rules count a product, not a line."""
        return self | self.order_id._gate_lines().filtered(lambda line: line.product_id == self.product_id)

    def _get_ordered_before(self, record):
        """Return what was ordered of the product in the agreed period, beside this order."""
        ids = self._get_lines_of_product().ids
        demands = record._get_demands(self.order_id)
        return next((demand.already for demand in demands if demand.line_id in ids), 0.0)

    def _get_first_quantity(self):
        """Return what was ordered of the product before anybody asked for a change, in its own unit."""
        if self.qty_first_ordered:
            return self.qty_first_ordered
        first = self.sudo().change_request_ids.sorted("id")[:1]
        quantity = first.qty_before if first else self.product_uom_qty
        return self.product_uom_id._compute_quantity(quantity, self.product_id.uom_id, round=False)

    def _keep_first_quantity(self, state):
        """Remember what was ordered, ``state``, before this first change; agreements hold around that."""
        is_first = not self.qty_first_ordered and not self.change_request_ids
        if is_first and self.product_id.id == state.product_id and self.product_uom_qty != state.quantity:
            unit = self.env["uom.uom"].browse(state.unit_id)
            own = self.product_id.uom_id
            self.qty_first_ordered = unit._compute_quantity(state.quantity, own, round=False)

    def _get_derived_names(self):
        return super()._get_derived_names() | {"qty_first_ordered"}

    def _get_band_text(self, problem, record, rule, days_left):
        least, most = quantity_rules.band(rule)
        values = {
            "least": least,
            "most": most,
            "days": days_left,
            "minimum": rule.minimum,
            "multiple": rule.multiple,
            "unit": record.uom_name,
        }
        texts = {
            "minimum": self.env._("The minimum is %(minimum)g %(unit)s."),
            "multiple": self.env._("Only multiples of %(multiple)g %(unit)s."),
            "band": self.env._(
                "Agreed are %(least)g to %(most)g %(unit)s, %(days)d days before the delivery."
            ),
        }
        return texts[problem] % values


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _gate_judge_change(self, before):
        for line in self.order_line:
            if line.id in before.lines:
                line._keep_first_quantity(before.lines[line.id])
        super()._gate_judge_change(before)

    def _keep_window_or_refuse(self):
        """Keep the window in force with the lines as they are now, or raise ChangeRefusedError."""
        reasons, chains = self._weigh_window()
        if reasons:
            text = "; ".join(self._reason_to_text(reason) for reason in reasons)
            raise ChangeRefusedError(_BOUND_BY.get(reasons[-1].code, "goods"), text)
        try:
            self._follow_lines(chains)
        except SlotIsFullError as error:
            raise ChangeRefusedError("slot", str(error)) from error
