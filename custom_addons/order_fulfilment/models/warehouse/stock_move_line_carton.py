from odoo import fields, models


class StockMoveLine(models.Model):
    """Which proposed carton a pick line goes into."""

    _inherit = "stock.move.line"

    carton_id = fields.Many2one(
        "stock.carton", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    def _split_to(self, quantities):
        """Split this line into lines of ``quantities`` (product's own unit) and answer them in that order.

        This line becomes the first; what is left over stays reserved on a line of its own.
        """
        self.ensure_one()
        unit = self.product_id.uom_id
        rest = self.quantity_product_uom - sum(quantities)
        if len(quantities) == 1 and unit.compare(rest, 0) <= 0:
            return self
        more = [*quantities[1:], *([rest] if unit.compare(rest, 0) > 0 else [])]
        self.write({"product_uom_id": unit.id, "quantity": quantities[0]})
        copies = self.browse()
        for quantity in more:
            copies += self.copy({"quantity": quantity, "result_package_id": False, "picked": False})
        return self + copies[: len(quantities) - 1]

    def _move_shortage(self, picked=True):
        """What is fetched elsewhere goes into the carton that waits for it."""
        carton = {"result_package_id": self.result_package_id.id, "carton_id": self.carton_id.id}
        elsewhere, missing = super()._move_shortage(picked=picked)
        if carton["carton_id"]:
            elsewhere.write(carton)
        return elsewhere, missing
