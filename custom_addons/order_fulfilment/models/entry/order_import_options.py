from odoo import models
from odoo.exceptions import UserError
from odoo.tools import escape_psql

from ...tools.entry.order_rows import split_options


class OrderImport(models.Model):
    """Rows with options: the product code names the end item, the options make the line of it."""

    _inherit = "order.import"

    def _judge_line(self, order, line, found):
        item = self._option_item(line, found["products"])
        if not item or not item.sale_ok:
            return super()._judge_line(order, line, found)
        try:
            item._checked_options(split_options(line.options))
        except UserError as error:
            order._refuse_because_of(line, "OF-IMP-066", found=line.product_code, detail=str(error))
            return False
        return self._judge_unit(order, line, item, found["uoms"]) and self._judge_decimals(order, line)

    def _prepare_line_vals(self, line, resolved):
        item = self._option_item(line, resolved["products"])
        if not item:
            return super()._prepare_line_vals(line, resolved)
        vals = item._prepare_option_line_vals(split_options(line.options))
        product = self._as_user().env["product.product"].browse(vals["product_id"])
        products = {**resolved["products"], line.product_code.upper(): product}
        return {**super()._prepare_line_vals(line, {**resolved, "products": products}), **vals}

    def _lines_of_new_products(self, lines, products):
        new = super()._lines_of_new_products(lines, products)
        return new.filtered(lambda line: not self._option_item(line, products))

    def _option_item(self, line, products):
        """Return the end item of a row with options, by the code of one of its variants or by its name."""
        templates = self._as_user().env["product.template"]
        if not line.options or not self.env["order.fulfilment.capability"]._is_on("options"):
            return templates
        code = line.product_code
        found = (products.get(code.upper()) or self.env["product.product"]).product_tmpl_id
        if not found:
            domain = [("company_id", "in", (False, self.company_id.id))]
            found = templates.search(
                [*domain, "|", ("default_code", "=ilike", escape_psql(code)), ("name", "=", code)]
            )
        return templates.browse(found.ids) if len(found) == 1 else templates
