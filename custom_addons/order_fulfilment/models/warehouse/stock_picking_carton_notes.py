from markupsafe import Markup

from odoo import api, models


class StockPicking(models.Model):
    """What could not be packed, line by line: which product, why, what to do."""

    _inherit = "stock.picking"

    @api.depends("carton_problems")
    def _compute_carton_notes(self):
        for picking in self:
            rows = [Markup("<li>%s</li>") % row["text"] for row in picking._carton_problem_rows()]
            picking.carton_notes = Markup("<ul>%s</ul>") % Markup("").join(rows) if rows else False

    def _carton_problem_rows(self):
        """``{move_line_id, product_id, product, code, packed, text}`` per line with a problem."""
        rows = []
        for number, code in self.carton_problems or []:
            line = self.env["stock.move.line"].browse(number).exists()
            if line:
                product = line.product_id
                rows.append(
                    {
                        "move_line_id": line.id,
                        "product_id": product.id,
                        "product": product.display_name,
                        "code": code,
                        "packed": code == "no_weight",
                        "text": self._carton_problem_text(code, line),
                    }
                )
        return rows

    def _carton_problem_text(self, code, line):
        _ = self.env._
        names = {"product": line.product_id.display_name, "quantity": f"{line.quantity_product_uom:g}"}
        texts = {
            "unmeasured": _("%(quantity)s × %(product)s: not measured. Enter its length, width and height."),
            "size": _("%(quantity)s × %(product)s: larger than every carton. Ship it as it is."),
            "weight": _("%(quantity)s × %(product)s: heavier than every carton takes. Ship it by pallet."),
            "pieces": _("%(quantity)s × %(product)s: too many pieces for cartons. Ship by the pallet."),
            "no_weight": _("%(product)s has no weight: its carton is heavier than shown. Enter the weight."),
        }
        return texts[code] % names
