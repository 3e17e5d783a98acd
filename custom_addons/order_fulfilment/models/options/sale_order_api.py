from odoo import models
from odoo.fields import Command


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def create_option_line(self, product_tmpl_id, selection, quantity=1.0, complete=False):
        """Add an end item with ``selection`` to this order; return the line's id. See docs/api/options.md."""
        self.ensure_one()
        self.check_access("write")
        template = self.env["product.template"].browse(product_tmpl_id)
        template.check_access("read")
        values = template._prepare_option_line_vals(selection, complete=complete)
        before = self.order_line
        self.write({"order_line": [Command.create({**values, "product_uom_qty": quantity})]})
        return (self.order_line - before).id
