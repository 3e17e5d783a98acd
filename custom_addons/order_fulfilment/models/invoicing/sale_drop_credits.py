from collections import defaultdict

from odoo import models
from odoo.fields import Command


class SaleDropInvoicing(models.AbstractModel):
    """Credit notes for what was charged and came back, or was refused."""

    _inherit = "sale.drop.invoicing"

    def _create_credits(self, credits):
        """Credit notes per invoice that charged too much, naming the invoice and the return or refusal."""
        grouped = defaultdict(list)
        for line, move, quantity in credits:
            # A draft may still be changed; what is to be credited of it comes with a later run.
            if invoice := self._get_credited_item(line, move).move_id:
                grouped[invoice].append((line, move, -quantity))
        values = []
        for invoice, items in grouped.items():
            order = items[0][0].order_id
            header = order.with_company(order.company_id)._prepare_invoice()
            causes = self.env["stock.picking"].union(
                *(move._get_return_pickings() for _line, move, _qty in items)
            )
            values.append(
                {
                    **self._prepare_at_invoiced_prices(header, items),
                    "move_type": "out_refund",
                    "reversed_entry_id": invoice.id,
                    "ref": self.env._(
                        "Credit for %(invoice)s, %(returns)s",
                        invoice=invoice.name,
                        returns=", ".join(causes.mapped("name")),
                    ),
                }
            )
        return self.env["account.move"].with_context(default_move_type="out_refund").create(values)

    def _prepare_at_invoiced_prices(self, header, items):
        """Values of the credit note; prices are those that were charged, whatever the order says since."""
        values = self._prepare_consolidated(header, items)
        lines = self.env["sale.order.line"]
        for command in values["invoice_line_ids"]:
            line = lines.browse(command[2]["sale_line_ids"][0][1])
            charged = self._get_credited_item(line, self.env["stock.move"].browse(command[2]["drop_move_id"]))
            command[2].update(
                price_unit=charged.price_unit,
                discount=charged.discount,
                tax_ids=[Command.set(charged.tax_ids.ids)],
            )
        return values

    def _get_credited_item(self, line, move):
        """The posted invoice line that charged for this drop, or the last one of the order line."""
        items = line.invoice_lines.filtered(
            lambda item: item.parent_state == "posted" and item.move_id.move_type == "out_invoice"
        )
        named = items.filtered(lambda item: item.drop_move_id == move)
        return (named or items)[-1:]
