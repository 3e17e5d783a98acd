from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .product_template_price import is_number


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def create_option_line(self, product_tmpl_id, selection, quantity=1.0, complete=False):
        """Add an end item with ``selection`` to this order; return the line's id. See docs/api/options.md."""
        if len(self) != 1:
            raise UserError(
                self.env._("[OF-OPT-054] Add a line to one order at a time, not to %s.", len(self))
            )
        if not is_number(quantity):
            raise UserError(self.env._("[OF-OPT-055] “%s” is no quantity: give a number.", quantity))
        if not isinstance(product_tmpl_id, int) or not product_tmpl_id:
            raise UserError(self.env._("[OF-OPT-054] “%s” is not the id of an end item.", product_tmpl_id))
        self.check_access("write")
        template = self.env["product.template"].with_company(self.company_id).browse(product_tmpl_id)
        template.check_access("read")
        if not template.active or not template.sale_ok:
            raise UserError(self.env._("[OF-OPT-025] %s is not for sale (any more).", template.display_name))
        values = template._prepare_option_line_vals(selection, complete=complete)
        before = self.order_line
        self.write({"order_line": [Command.create({**values, "product_uom_qty": quantity})]})
        return (self.order_line - before).id
