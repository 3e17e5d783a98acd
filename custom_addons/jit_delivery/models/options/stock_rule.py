from odoo import api, models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _prepare_mo_vals(
        self, product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values, bom
    ):
        result = super()._prepare_mo_vals(
            product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values, bom
        )
        numbers = values.get("option_quantities") or {}
        result["option_quantities"] = {str(key): number for key, number in numbers.items()}
        return result

    @api.model
    def run(self, procurements, raise_user_error=True):
        """Kits are exploded here: each procurement with option quantities of its own runs under them."""
        plain = [each for each in procurements if not each.values.get("option_quantities")]
        for procurement in procurements:
            numbers = procurement.values.get("option_quantities")
            if numbers:
                super(StockRule, self.with_context(option_quantities=numbers)).run(
                    [procurement], raise_user_error
                )
        return super().run(plain, raise_user_error)
