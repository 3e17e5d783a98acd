from odoo import models


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
    _inherit = "after.sales.return.line"

    def _end_advance(self):
        """Call back replacements that have not left; charge those the customer has."""
        for line in self.filtered(lambda line: line.is_advance and not line.quantity_received):
            sent = line.replacement_line_id
            if not sent.qty_delivered:
                sent.order_id._action_cancel()
            elif not sent.qty_invoiced:
                sent.write(line._prepare_charge())
            line._tell_end_of_advance(sent)
            line.write({"is_advance": False, "replacement_line_id": False})

    def _prepare_charge(self):
        """At the price of the goods that stay with the customer."""
        sold = self.sale_line_id
        same_unit = sold.product_uom_id._compute_price(
            sold.price_unit, self.replacement_line_id.product_uom_id
        )
        if not sold or self.product_id != sold.product_id:
            return {"price_unit": self.product_id.lst_price}
        return {"price_unit": same_unit, "discount": sold.discount}

    def _tell_end_of_advance(self, sent):
        text = self.env._("%(goods)s did not come back: its replacement %(order)s is cancelled.")
        if sent.qty_delivered and not sent.price_unit:
            text = self.env._(
                "%(goods)s did not come back, and its replacement %(order)s was invoiced free of charge."
            )
        elif sent.qty_delivered:
            text = self.env._("%(goods)s did not come back: its replacement %(order)s will be invoiced.")
        names = {"goods": self.product_id.display_name, "order": sent.order_id.name}
        self.return_id.message_post(body=text % names)
