from odoo import fields, models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    option_quantities = fields.Json(
        readonly=True, help="How often the order line has an option: {value id: number}."
    )

    def _get_moves_raw_values(self):
        moves = []
        for production in self:
            numbers = {int(key): number for key, number in (production.option_quantities or {}).items()}
            with_numbers = production.with_context(option_quantities=numbers) if numbers else production
            moves += super(MrpProduction, with_numbers)._get_moves_raw_values()
        return moves
