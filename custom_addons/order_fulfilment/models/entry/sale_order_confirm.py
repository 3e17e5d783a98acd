from odoo import models
from odoo.exceptions import RedirectWarning, UserError

from ..named_records import refuse_but_one, refuse_odd_ids
from .sale_order_reference import GateRefusedError


class SaleOrder(models.Model):
    """Putting findings right, and confirming many orders at once."""

    _inherit = "sale.order"

    def fix_finding(self, key):
        """Apply the one-click fix of a finding; return True, or the action where a person has to choose."""
        refuse_but_one(self)
        self.check_access("write")
        verdict = self._gate_finding(key)
        if not verdict.finding.fix:
            raise UserError(self.env._("[OF-GATE-FIX] %s has to be put right by hand.", verdict.code))
        check = self.env["order.check"]._by_code(verdict.check).with_env(self.env)
        line = self.env["sale.order.line"].browse(verdict.finding.line_id)
        return check.sudo(False)._fix(self, line)

    def confirm_checked(self):
        """Confirm what can be confirmed, and say for each order what became of it.

        A refused order does not stop the others. Returns one entry per order, in the order given: order_id,
        order, ok, state, findings (as ``check_gate``) and error (text, "" when ok).
        """
        refuse_odd_ids(self)
        self.check_access("write")
        open_orders = self.filtered(lambda order: order.state in ("draft", "sent"))
        verdicts = open_orders._gate_evaluate()
        good = open_orders.filtered(lambda order: not any(verdict.blocks for verdict in verdicts[order.id]))
        errors = good._confirm_in_savepoints(verdicts)
        held = open_orders.filtered(lambda order: any(verdict.blocks for verdict in verdicts[order.id]))
        held._gate_record({order.id: verdicts[order.id] for order in held})
        return [order._confirm_result(verdicts.get(order.id, []), errors.get(order.id, "")) for order in self]

    def _confirm_in_savepoints(self, verdicts):
        """Confirm together, and one by one if that fails; return {order id: error} of those that failed.

        A refusal that only the database could pronounce is added to ``verdicts``.
        """
        if not self or not (error := self._try_confirm()):
            return {}
        errors = {order.id: order._try_confirm() if len(self) > 1 else error for order in self}
        for order_id, refused in errors.items():
            if isinstance(refused, GateRefusedError):
                verdicts[order_id] = [refused.verdict, *verdicts[order_id]]
        return {order_id: str(refused.args[0]) for order_id, refused in errors.items() if refused}

    def _try_confirm(self):
        """Return the error that stopped the confirmation, None if nothing did."""
        try:
            with self.env.cr.savepoint():
                self.action_confirm()
        except (UserError, RedirectWarning) as error:  # the latter is no user error for Odoo
            return error
        return None

    def _confirm_result(self, verdicts, error):
        blocking = [verdict for verdict in verdicts if verdict.blocks]
        if not error and blocking:
            error = self._gate_refusal(blocking)
        if not error and self.state != "sale":
            error = self.env._("[OF-GATE-STATE] %s is not a quotation.", self.name)
        return {
            "order_id": self.id,
            "order": self.name,
            "ok": self.state == "sale" and not error,
            "state": self.state,
            "findings": [self._finding_data(verdict) for verdict in verdicts],
            "error": error,
        }

    def action_confirm_many(self):
        """Button of the list: confirm the selected quotations and show the result per order."""
        results = self.confirm_checked()
        wizard = self.env["order.confirm.result"]._create_from(results)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Confirmation"),
            "res_model": "order.confirm.result",
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """A paid order that the gate holds stays a quotation with a note: the payment must go through."""
        transactions = self.with_context(order_gate_leaves_held=True)
        confirmed = super(PaymentTransaction, transactions)._check_amount_and_confirm_order()
        return confirmed.filtered(lambda order: order.state == "sale").with_env(self.env)

    def _post_process(self):
        """Cash on delivery confirms here, before there is any money: the same."""
        return super(PaymentTransaction, self.with_context(order_gate_leaves_held=True))._post_process()
