from odoo import fields, models


class StockPicking(models.Model):
    """A delivery is handed to its carrier on one manifest."""

    _inherit = "stock.picking"

    manifest_id = fields.Many2one(
        "carrier.manifest", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    def _manifest_units(self):
        """What the carrier gets of this delivery, as rows: outermost packages, and goods without one."""
        self.ensure_one()
        packages = self._shipped_packages()
        rows = [self._prepare_manifest_unit(package) for package in packages if not package._container()]
        loose = self.move_line_ids.filtered(lambda line: not line.result_package_id and line.quantity > 0)
        if loose:
            weight = sum(line.product_id.weight * line.quantity_product_uom for line in loose)
            rows.append(self._manifest_row("", "", self.env._("loose goods"), weight, 0))
        return rows

    def _prepare_manifest_unit(self, package):
        kind = package.package_type_id.name or self.env._("package")
        inside = len(package._inner_packages())
        return self._manifest_row(package.sscc or "", package.name, kind, package._gross_weight(), inside)

    def _manifest_row(self, sscc, package, kind, weight, inside):
        receiver = self.partner_id
        return {
            "sscc": sscc,
            "package": package,
            "kind": kind,
            "packages_inside": inside,
            "weight": round(weight, 3),
            "delivery": self.name,
            "order": self.origin or "",
            "customer_reference": self._customer_reference(),
            "receiver": receiver.display_name or "",
            "zip": receiver.zip or "",
            "city": receiver.city or "",
            "country": receiver.country_id.code or "",
        }

    def _customer_reference(self):
        """The customer's own order number: what he looks for on papers and labels."""
        return self.sale_id.client_order_ref or ""

    def _shipped_packages(self):
        """Packages of this delivery with the containers they are in, open or done."""
        packages = self.move_line_ids.result_package_id
        if self.state == "done":
            history = self.package_history_ids
            return packages | history.package_id | history.parent_dest_id | history.outermost_dest_id
        return packages.browse(packages._get_all_package_dest_ids())

    def _papers_packages(self):
        """All packages of these deliveries, one slip each; a container's slip lists what is nested in it."""
        return (
            self.env["stock.package"].union(*(picking._shipped_packages() for picking in self)).sorted("id")
        )
