from odoo import fields, models
from odoo.fields import Command

from ...tools.entry import line_change


class AfterSalesReturn(models.Model):
    """What was replaced in advance and never came back was no replacement."""

    _inherit = "after.sales.return"

    def action_cancel(self):
        done = super().action_cancel()
        self.sudo().line_ids._end_advance()
        return done

    def action_close(self):
        done = super().action_close()
        self.sudo().line_ids._end_advance()
        return done


class AfterSalesReturnLine(models.Model):
    """A line replaced in advance, and what was split off it since it came later: one replacement for all."""

    _inherit = "after.sales.return.line"

    advance_line_id = fields.Many2one(
        "after.sales.return.line",
        "Replaced in advance with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _keep_only(self, quantity):
        rest = super()._keep_only(quantity)
        if rest and self.is_advance:
            rest.write({"is_advance": True, "advance_line_id": (self.advance_line_id or self).id})
        return rest

    def _end_advance(self):
        """Call back replacements that have not left; charge those the customer has for nothing in return."""
        for line in self.filtered(lambda line: line.is_advance and line.replacement_line_id):
            family = line | self.filtered(lambda other, first=line: other.advance_line_id == first)
            out = family.filtered(lambda one: not one.quantity_received)
            if not out:
                continue
            if out == family:
                line._end_whole_advance(line.replacement_line_id)
            else:
                line._end_rest_of_advance(line.replacement_line_id, out)
            out.write({"is_advance": False, "advance_line_id": False})

    def _end_whole_advance(self, sent):
        self._tell_end_of_advance(sent)
        if not sent.qty_delivered:
            sent.order_id._action_cancel()
        elif sent.qty_invoiced:
            self._charge(sent, sent.qty_delivered)
        else:
            # no new demand of the customer's, so nothing for the gate to judge
            with sent.order_id._gate_judged_elsewhere(line_change.NEW):
                sent.write(self._prepare_charge())
        self.replacement_line_id = False

    def _end_rest_of_advance(self, sent, out):
        """Some came back: these stay free. What has not left is called back, the rest is invoiced."""
        unit = sent.product_uom_id
        missing = self.uom_id._compute_quantity(sum(out.mapped("quantity")), unit, round=False)
        due = sent.product_uom_qty - missing
        charged = max(sent.qty_delivered - due, 0.0)
        self._tell_end_of_advance(sent, charged)
        if unit.compare(sent.qty_delivered, sent.product_uom_qty) < 0:
            sent.product_uom_qty = max(sent.qty_delivered, due)
        if unit.compare(charged, 0.0) > 0:
            self._charge(sent, charged)

    def _charge(self, sent, quantity):
        """Make a draft invoice over goods that the customer keeps beside what replaced them.

        It counts for the order's line, unless that was invoiced (free of charge) before.
        """
        values = sent._prepare_invoice_line(quantity=quantity, **self._prepare_charge())
        if sent.qty_invoiced:
            values.pop("sale_line_ids")
        invoice = {**sent.order_id._prepare_invoice(), "invoice_line_ids": [Command.create(values)]}
        made = self.env["account.move"].create(invoice)
        made.message_post(
            body=self.env._("For goods of return %s that did not come back.", self.return_id.name)
        )
        return made

    def _prepare_charge(self):
        """At the price of the goods that stay with the customer."""
        sold = self.sale_line_id
        same_unit = sold.product_uom_id._compute_price(
            sold.price_unit, self.replacement_line_id.product_uom_id
        )
        if not sold or self.product_id != sold.product_id:
            return {"price_unit": self.product_id.lst_price}
        return {"price_unit": same_unit, "discount": sold.discount}

    def _tell_end_of_advance(self, sent, charged=None):
        """``charged``: how many, where only a part did not come back."""
        text = self.env._("%(goods)s did not come back: its replacement %(order)s is cancelled.")
        if charged is not None:
            text = self.env._(
                "A part of %(goods)s did not come back: %(charged)g of replacement %(order)s are charged, "
                "what has not left is called back."
            )
        elif sent.qty_delivered:
            text = self.env._("%(goods)s did not come back: its replacement %(order)s will be invoiced.")
        names = {
            "goods": self.product_id.display_name,
            "order": sent.order_id.name,
            "charged": charged or 0.0,
        }
        self.return_id.message_post(body=text % names)
