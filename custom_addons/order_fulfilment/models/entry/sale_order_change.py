from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.exceptions import UserError

from ...tools.entry import line_change

JUDGED = {"order_id", "product_id", "product_uom_id", "product_uom_qty", "price_unit", "discount"}

SHOWN_FOR = timedelta(days=7)  # a refused change that nobody made since then is forgotten


@dataclass(frozen=True)
class Before:
    """Confirmed orders before a change: {line id: LineState}, and {order id: amount with tax}."""

    lines: dict
    amounts: dict


class GateChangeRefusedError(UserError):
    """A change of a confirmed order that the gate does not let pass."""


class SaleOrder(models.Model):
    """The gate for orders that are confirmed already: it judges what a change asks for anew.

    The lines are compared before and after the outermost write, so that a form, a list of commands and a call
    on the line are one change with one verdict. Nobody can switch it off from outside: which orders are being
    watched is kept on the cursor.
    """

    _inherit = "sale.order"

    def write(self, vals):
        if "order_line" not in vals:
            return super().write(vals)
        with self._gate_watch():
            return super().write(vals)

    @contextmanager
    def _gate_watch(self):
        """Judge what happens meanwhile to the lines of those of these orders that are confirmed."""
        watched = self.env.cr.cache.setdefault("order_gate_watched", set())
        orders = self.filtered(lambda order: order.id not in watched)._gate_confirmed()
        if not orders:
            yield
            return
        before = Before(
            {line.id: line._gate_line_state() for line in orders.order_line},
            {order.id: order.amount_total for order in orders},
        )
        watched.update(orders.ids)
        try:
            yield
            orders._gate_confirmed()._gate_judge_change(before)
        finally:
            watched.difference_update(orders.ids)

    def _gate_is_watched(self):
        """Say whether a change of this confirmed order is being judged now."""
        return self.id in self.env.cr.cache.get("order_gate_watched", ())

    @contextmanager
    def _gate_judged_elsewhere(self, aspects):
        """For a capability that has judged these aspects of a change by a rule of its own: not twice."""
        judged = self.env.cr.cache.setdefault("order_gate_judged_elsewhere", {})
        mine = dict.fromkeys(set(self.ids) - judged.keys(), frozenset(aspects))
        judged.update(mine)
        try:
            yield
        finally:
            for order_id in mine:
                del judged[order_id]

    def _gate_confirmed(self):
        """Return the orders to watch, with all rights: a verdict must not depend on who asks."""
        orders = self.sudo().filtered(lambda order: isinstance(order.id, int) and order.state == "sale")
        return (
            orders if orders and self.env["order.fulfilment.capability"]._is_on("entry") else orders.browse()
        )

    def _gate_judge_change(self, before):
        changes = self._gate_changes(before)
        orders = self.filtered(lambda order: not changes.keys().isdisjoint(order.order_line.ids))
        if not orders:
            return
        orders._queue_for_limits()
        verdicts = orders._gate_evaluate_change(changes, before)
        for order in orders:
            blocking = [verdict for verdict in verdicts[order.id] if verdict.blocks]
            if blocking:
                order._gate_keep_refused_later(blocking)
                raise GateChangeRefusedError(order._gate_change_refusal(blocking))
        self.env["order.finding"].sudo()._keep_change(orders, verdicts)

    def _gate_changes(self, before):
        """Return {line id: aspects to be judged} of the lines that ask for something anew."""
        judged = self.env.cr.cache.get("order_gate_judged_elsewhere", {})
        changes = {}
        for line in self.order_line.filtered(lambda line: line._gate_asks()):
            order = line.order_id
            aspects = line_change.aspects(before.lines.get(line.id), line._gate_line_state())
            aspects -= judged.get(order.id, frozenset())
            if order.currency_id.compare_amounts(order.amount_total, before.amounts[order.id]) <= 0:
                aspects -= {line_change.CUSTOMER}
            if aspects:
                changes[line.id] = aspects
        return changes

    def _gate_evaluate_change(self, changes, before):
        """Return {order id: [Verdict]} of what the changed lines ask for, under the keys of changes."""
        checks = self.env["order.check"]._change_checks(frozenset().union(*changes.values()))
        aspects = {check._row()["code"]: aspect for check, aspect in checks.items()}
        verdicts = self._gate_evaluate(self.env["order.check"].union(*checks))
        granted, places = self._gate_granted(), self._gate_places(before)
        result = {}
        for order in self:
            wanted = {id_: changes[id_] for id_ in order.order_line.ids if id_ in changes}
            result[order.id] = [
                self._gate_as_change(verdict, places, granted)
                for verdict in verdicts[order.id]
                if _concerns(verdict, aspects[verdict.check], wanted)
            ]
        return result

    def _gate_places(self, before):
        """Return {line id: name} of the added lines, which have another id when the change is tried again."""
        places, count = {}, {}
        for line in self.order_line.filtered(lambda line: line.id not in before.lines):
            number = count[line.order_id, line.product_id] = (
                count.get((line.order_id, line.product_id), 0) + 1
            )
            suffix = f"-{number}" if number > 1 else ""
            places[line.id] = f"new-{line.product_id.id}{suffix}"
        return places

    def _gate_as_change(self, verdict, places, granted):
        if not verdict.blocks:
            return verdict
        line = places.get(verdict.finding.line_id, verdict.finding.line_id)
        return self._gate_overridden(replace(verdict, change_key=f"change:{verdict.check}:{line}"), granted)

    def _gate_change_refusal(self, blocking):
        reasons = dict.fromkeys(verdict.as_text() for verdict in blocking)
        title = self.env._("%s is confirmed; this change of it is not possible:", self.name)
        hint = self.env._("Those who may override findings can let exactly this change pass, on the order.")
        return "\n".join([title, *reasons, hint])

    def _gate_refused_changes(self):
        """Return the refused changes as verdicts, with the override that waits for the next try."""
        since = fields.Datetime.now() - SHOWN_FOR
        rows = self.sudo().finding_ids.filtered(lambda row: row.state == "refused" and row.write_date > since)
        granted = self._gate_granted() if rows else {}
        return [self._gate_overridden(row._as_verdict(), granted) for row in rows]

    def _gate_keep_refused_later(self, verdicts):
        """Keep why a change was refused, in a transaction of its own once it is rolled back."""
        if modules.module.current_test:
            return
        self.env.cr.postrollback.add(partial(_keep_refused, self.env.registry, self.id, list(verdicts)))


def _keep_refused(registry, order_id, verdicts):
    with registry.cursor() as cr:
        order = api.Environment(cr, SUPERUSER_ID, {})["sale.order"].browse(order_id).exists()
        if order:
            order.env["order.finding"]._keep_refused(order, verdicts)


def _concerns(verdict, aspect, changes):
    """Say whether the finding is about what the changed lines ask for, and not about what stands."""
    lines = changes if 0 in verdict.finding.about else verdict.finding.about
    return any(aspect in changes.get(id_, ()) for id_ in lines)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_order_id")
        with self._gate_orders(vals.get("order_id", default) for vals in vals_list)._gate_watch():
            return super().create(vals_list)

    def write(self, vals):
        if JUDGED.isdisjoint(vals):
            return super().write(vals)
        with (self.order_id | self._gate_orders([vals.get("order_id")]))._gate_watch():
            return super().write(vals)

    @api.model
    def _gate_orders(self, ids):
        return self.env["sale.order"].browse({id_ for id_ in ids if isinstance(id_, int) and id_})

    def _gate_asks(self):
        """Say whether somebody asks for goods or a price with this line: Odoo adds others of its own."""
        if self.display_type or not self.product_id or self.is_downpayment:
            return False
        return not self._gate_is_freight() and not self._gate_is_expense()

    def _gate_is_freight(self):
        """Say whether Odoo added the line for the delivery; clients may set the flag, so it is not enough."""
        return self.is_delivery and self.product_id.type == "service"

    def _gate_is_expense(self):
        """Say whether Odoo re-invoices an expense with this line; again not by the flag alone."""
        return self.is_expense and self.product_id.expense_policy != "no"

    def _gate_line_state(self):
        return line_change.LineState(
            self.order_id.id,
            self.product_id.id,
            self.product_uom_id.id,
            self.product_uom_qty,
            self.price_unit,
            self.discount,
        )
