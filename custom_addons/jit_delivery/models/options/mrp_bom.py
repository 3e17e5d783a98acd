from odoo import models


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    def explode(self, product, quantity, picking_type=False, never_attribute_values=False):
        """A component that an option calls for counts as often as the order line has that option.

        The context ``option_quantities`` ({value id: number}) comes from the order line.
        """
        boms, lines = super().explode(product, quantity, picking_type, never_attribute_values)
        quantities = self.env.context.get("option_quantities")
        if quantities:
            for bom_line, data in lines:
                data["qty"] *= bom_line._option_quantity_factor(quantities)
        return boms, lines


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    def _option_quantity_factor(self, quantities):
        self.ensure_one()
        factor = 1
        for value in self.bom_product_template_attribute_value_ids.ids:
            factor *= quantities.get(value, 1)
        return factor
