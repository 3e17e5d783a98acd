from odoo import models
from odoo.exceptions import UserError


class StockPackage(models.Model):
    """What papers say about a package: whose it is, what is in it, and in what it stands.

    Odoo links packages to move lines only while a delivery is open; papers are printed afterwards as well.
    """

    _inherit = "stock.package"

    def _container(self):
        """The package that this one stands in, planned or done."""
        return self.package_dest_id or self.parent_package_id

    def _inner_packages(self):
        """Packages nested in this one, at any depth, planned or done."""
        self.ensure_one()
        found, layer = self.browse(), self
        while layer:
            layer = (layer.child_package_dest_ids | layer.child_package_ids) - found - self
            found |= layer
        return found

    def _packed_lines(self):
        """Move lines of the goods in here, nested packages included: of the latest step they took."""
        self.ensure_one()
        if self.move_line_ids:
            return self.move_line_ids
        packages = self | self._inner_packages()
        lines = self.env["stock.move.line"].search(
            [("result_package_id", "in", packages.ids), ("state", "=", "done")], order="date desc, id desc"
        )
        return lines.filtered(lambda line: line.location_dest_id == lines[0].location_dest_id)

    def _deliveries(self):
        """Transfers that this package goes with."""
        return self._packed_lines().picking_id.sorted("id")

    def _paper_lines(self):
        """Rows for a packing slip: package inside, product, lot, quantity; in the order of packages."""
        self.ensure_one()
        rows = {}
        for line in self._packed_lines().sorted(lambda line: (line.result_package_id.name or "", line.id)):
            key = (line.result_package_id, line.product_id, line.lot_id, line.product_uom_id)
            rows[key] = rows.get(key, 0.0) + line.quantity
        return [
            {
                "package": package if package != self else package.browse(),
                "product": product,
                "lot": lot,
                "unit": unit,
                "quantity": quantity,
            }
            for (package, product, lot, unit), quantity in rows.items()
        ]

    def _place_in_delivery(self):
        """``(number, count)`` among the outermost packages of its delivery: "package 2 of 3"."""
        self.ensure_one()
        delivery = self._deliveries()[:1]
        packages = delivery._shipped_packages().filtered(lambda package: not package._container())
        outermost = self
        while outermost._container():
            outermost = outermost._container()
        ordered = (packages | outermost).sorted("id")
        return ordered.ids.index(outermost.id) + 1, len(ordered)

    def _gross_weight(self):
        """Weighed, or reckoned from content and tare of all packages in it."""
        self.ensure_one()
        if self.shipping_weight:
            return self.shipping_weight
        lines = self._packed_lines()
        tare = sum((self | self._inner_packages()).mapped("package_type_id.base_weight"))
        return tare + sum(line.product_id.weight * line.quantity_product_uom for line in lines)

    def _label_contents(self):
        """Lines of text for the label."""
        amounts = {}
        for row in self._paper_lines():
            key = (row["unit"], row["product"])
            amounts[key] = amounts.get(key, 0.0) + row["quantity"]
        for quant in self.contained_quant_ids if not amounts else ():
            key = (quant.product_uom_id, quant.product_id)
            amounts[key] = amounts.get(key, 0.0) + quant.quantity
        inside = len(self._inner_packages())
        if inside:
            yield self.env._("%s packages inside", inside)
        for (unit, product), quantity in amounts.items():
            yield f"{quantity:g} {unit.name}  {product.display_name}"

    def action_print_packing_slip(self):
        """Print what is in each of these packages."""
        self.check_access("read")
        if empty := self.filtered(lambda package: not package._packed_lines()):
            raise UserError(
                self.env._(
                    "[OF-WH-024] Package %s holds nothing of a delivery: there is no slip.", empty[0].name
                )
            )
        action = self.env.ref("order_fulfilment.action_report_packing_slip").report_action(self)
        return {key: value for key, value in action.items() if value is not None}  # XML-RPC carries no None
