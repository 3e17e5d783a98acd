from odoo import fields, models
from odoo.fields import Command
from odoo.tools import float_compare

from ...tools.support import return_rules

# What a credit note takes over from the line that charged.
CHARGED = (
    "product_id",
    "name",
    "price_unit",
    "discount",
    "tax_ids",
    "account_id",
    "analytic_distribution",
    "product_uom_id",
    "drop_name",
    "drop_date",
    "drop_reference",
)


class AfterSalesReturnLine(models.Model):
    """The credit note of a cure: never more than was invoiced, at the price that was charged."""

    _inherit = "after.sales.return.line"

    def _credit(self):
        """Draft credit notes, per invoice that charged for the goods, at the price charged."""
        sources = self._get_credit_sources()
        taken, missing = return_rules.allocate(self._get_credit_quantity(), sources)
        for key, quantity in taken:
            self._make_refund(self.env["account.move.line"].browse(key), quantity)
        if missing:
            self.return_id.message_post(
                body=self.env._(
                    "%(goods)s: %(missing)g were not invoiced yet. They are not credited, and will not be "
                    "invoiced.",
                    goods=self.product_id.display_name,
                    missing=missing,
                )
            )

    def _get_credit_quantity(self):
        """In the order line's unit."""
        own, unit = self.product_id.uom_id, self.sale_line_id.product_uom_id
        return own._compute_quantity(self.quantity, unit, round=False) if unit else 0.0

    def _get_credit_sources(self):
        """Invoice lines with what they charge and is not credited yet, the delivery's own first."""
        items = self.sale_line_id.invoice_lines.filtered(lambda item: item.parent_state == "posted")
        charged = items.filtered(lambda item: item.move_id.move_type == "out_invoice")
        ordered = charged.sorted(lambda item: (item.drop_move_id != self.move_id, item.id))
        return [return_rules.Source(item.id, self._get_uncredited(item)) for item in ordered]

    def _get_uncredited(self, item):
        credited = item.move_id.reversal_move_ids.invoice_line_ids.filtered(
            lambda line: (
                line.parent_state != "cancel"
                and self.sale_line_id in line.sale_line_ids
                and line.credited_line_id in (item, self.env["account.move.line"])
            )
        )
        unit = self.sale_line_id.product_uom_id

        def in_unit(line):
            return line.product_uom_id._compute_quantity(line.quantity, unit, round=False)

        return in_unit(item) - sum(in_unit(line) for line in credited)

    def _make_refund(self, item, quantity):
        """Odoo's reversal of the invoice, cut down to what comes back."""
        invoice = item.move_id
        reason = f"{self.return_id.name}: {self.product_id.display_name}"
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": reason, "journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        refund = wizard.new_move_ids
        refund.invoice_line_ids.unlink()
        refund.invoice_line_ids = [
            Command.create(
                {
                    **{name: item._fields[name].convert_to_write(item[name], item) for name in CHARGED},
                    **self._prepare_credited_quantity(item, quantity),
                    "sale_line_ids": [Command.set(item.sale_line_ids.ids)],
                    "move_id": refund.id,
                    "drop_move_id": item.drop_move_id.id,
                    "credited_line_id": item.id,
                    "return_line_id": self.id,
                }
            )
        ]

    def _prepare_credited_quantity(self, item, quantity):
        """In the unit that was charged; four pieces of a dozen, which it cannot tell exactly, as pieces."""
        unit, charged, own = self.sale_line_id.product_uom_id, item.product_uom_id, self.product_id.uom_id
        exact = unit._compute_quantity(quantity, charged, round=False)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if float_compare(exact, round(exact, digits), precision_digits=9) == 0:
            return {"quantity": exact}
        return {
            "quantity": unit._compute_quantity(quantity, own, round=False),
            "product_uom_id": own.id,
            "price_unit": charged._compute_price(item.price_unit, own),
        }


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    return_line_id = fields.Many2one(
        "after.sales.return.line", "Return", readonly=True, copy=False, index="btree_not_null"
    )
    credited_line_id = fields.Many2one(
        "account.move.line", "Credits", readonly=True, copy=False, index="btree_not_null"
    )
