from odoo import api, models

MAX_RULES = 10  # that lead from the customer back to where goods are made; more is a circle

# How Odoo gets a product that is asked for at a place.
STOCK, MAKE, SHORT = "stock", "make", "make what is short"


class DeliveryPromise(models.AbstractModel):
    """How Odoo would procure a product, by the routes of line, packaging, product, category and warehouse.

    A bill of materials alone makes nothing: a promise from assembly needs a rule, or an automatic reordering
    rule, that makes a manufacturing order when the order is confirmed.
    """

    _inherit = "delivery.promise"

    @api.model
    def _get_line_sources(self, lines):
        """Return {line id: STOCK, MAKE or SHORT} of order lines: how they are procured when confirmed."""
        known, sources = {}, {}
        for line in lines:
            place = line.order_id.partner_shipping_id.sudo().property_stock_customer
            values = line._get_route_values()
            sources[line.id] = self._get_source(line.product_id, place, values, known)
        return sources

    @api.model
    def _get_part_sources(self, products, warehouse):
        """Return {product id: STOCK, MAKE or SHORT} of components that manufacturing orders ask for."""
        known, values, sources = {}, {"warehouse_id": warehouse, "company_id": warehouse.company_id}, {}
        for product in products:
            place = product.sudo().with_company(warehouse.company_id).property_stock_production
            sources[product.id] = self._get_source(product, place, values, known)
        return sources

    @api.model
    def _get_source(self, product, place, values, known):
        """Follow the rules back from ``place``; products with the same routes are looked up once."""
        routes = product.route_ids, product.categ_id.total_route_ids, values.get("route_ids")
        key = (place, values.get("packaging_uom_id"), *routes)
        if key not in known:
            known[key] = self._follow_rules(product, place, values)
        return known[key]

    @api.model
    def _follow_rules(self, product, place, values):
        rules, made = self.env["stock.rule"].sudo(), MAKE
        for _step in range(MAX_RULES):
            rule = rules._get_rule(product, place, values)
            if rule.action == "manufacture":
                return made
            if not rule or rule.action not in ("pull", "pull_push") or rule.procure_method == "make_to_stock":
                return STOCK
            if rule.procure_method == "mts_else_mto":
                made = SHORT
            place = rule.location_src_id
        return STOCK

    @api.model
    def _get_reordered(self, products, warehouse):
        """Return those of ``products`` that an automatic reordering rule makes as soon as they are short."""
        if self.env["ir.config_parameter"].sudo().get_param("stock.no_auto_scheduler"):
            return products.browse()
        points = (
            self.env["stock.warehouse.orderpoint"]
            .sudo()  # planners' set-up decides for everybody who sells
            .search(
                [
                    ("product_id", "in", products.ids),
                    ("trigger", "=", "auto"),
                    ("location_id", "parent_of", warehouse.lot_stock_id.id),
                ]
            )
        )
        values = {"warehouse_id": warehouse, "company_id": warehouse.company_id}
        made = points.filtered(
            lambda point: (
                self._follow_rules(
                    point.product_id, point.location_id, {**values, "route_ids": point.route_id}
                )
                == MAKE
            )
        )
        return made.product_id


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_route_values(self):
        """Return what of this line decides which rule procures it."""
        return {
            "warehouse_id": self.order_id.warehouse_id,
            "route_ids": self.route_ids,
            "packaging_uom_id": self.product_uom_id,
            "company_id": self.order_id.company_id,
        }
