from odoo import models

from ...tools.entry import quantity_rules
from ...tools.entry.verdict import Finding


class OrderCheck(models.Model):
    _inherit = "order.check"

    def _check_quantity_not_positive(self, orders):
        for line in orders._gate_lines():
            if line.product_uom_qty <= 0:
                yield Finding(
                    line.order_id.id,
                    self.env._(
                        "%(product)s: the quantity is %(quantity)g; enter what the customer wants, or "
                        "remove the line.",
                        product=line.product_id.display_name,
                        quantity=line.product_uom_qty,
                    ),
                    (line.product_id.id, line.product_uom_qty),
                    line.id,
                )

    def _check_quantity_minimum(self, orders):
        yield from self._quantity_findings(orders, quantity_rules.MINIMUM)

    def _check_quantity_multiple(self, orders):
        yield from self._quantity_findings(orders, quantity_rules.MULTIPLE)

    def _check_quantity_band(self, orders):
        yield from self._quantity_findings(orders, quantity_rules.BAND)

    def _quantity_findings(self, orders, problem):
        for demand in self.env["order.quantity.rule"]._get_demands(orders):
            if problem not in quantity_rules.problems(demand.quantity, demand.rule, demand.already):
                continue
            line = self.env["sale.order.line"].browse(demand.line_id)
            proposed = quantity_rules.nearest(demand.quantity, demand.rule)
            fixable = problem != quantity_rules.BAND and demand.is_single
            yield Finding(
                line.order_id.id,
                self._quantity_text(problem, line.product_id, demand),
                (line.product_id.id, demand.quantity, demand.already, repr(demand.rule)),
                demand.line_id,
                fix=self.env._("Order %(quantity)g", quantity=proposed) if fixable else "",
                line_ids=demand.line_ids,
            )

    def _quantity_text(self, problem, product, demand):
        least, most = quantity_rules.band(demand.rule)
        values = {
            "product": product.display_name,
            "quantity": demand.quantity,
            "unit": product.uom_id.name,
            "minimum": demand.rule.minimum,
            "multiple": demand.rule.multiple,
            "least": least,
            "most": most,
            "already": demand.already,
        }
        if problem == quantity_rules.MINIMUM:
            text = self.env._("%(product)s: %(quantity)g %(unit)s is below the minimum of %(minimum)g.")
        elif problem == quantity_rules.MULTIPLE:
            text = self.env._("%(product)s: %(quantity)g %(unit)s is not a multiple of %(multiple)g.")
        else:
            text = self.env._(
                "%(product)s: %(quantity)g %(unit)s (and %(already)g ordered before) is outside the "
                "agreed %(least)g "
                "to %(most)g."
            )
        return text % values

    def _fix_quantity_minimum(self, order, line):
        demands = self.env["order.quantity.rule"]._get_demands(order)
        for demand in demands:
            if demand.line_id == line.id:
                self._set_quantity(line, quantity_rules.nearest(demand.quantity, demand.rule))

    def _set_quantity(self, line, wanted):
        """Order ``wanted`` of the product's own unit; in that unit where the line's cannot say it exactly."""
        own, unit = line.product_id.uom_id, line.product_uom_id
        quantity = own._compute_quantity(wanted, unit)
        if unit != own and own.compare(unit._compute_quantity(quantity, own, round=False), wanted):
            line.write({"product_uom_id": own.id, "product_uom_qty": wanted})
        else:
            line.product_uom_qty = quantity

    def _fix_quantity_multiple(self, order, line):
        self._fix_quantity_minimum(order, line)
