from odoo import models
from odoo.tools import float_compare


class OrderImport(models.Model):
    """Says for the orders of a batch which can be created; writes the verdict of those that cannot."""

    _inherit = "order.import"

    def _judge(self, orders):
        """The orders of ``orders`` that can be created, with what their rows resolve to.

        Answers ``orders``, ``customers`` {reference or name: partners}, ``products`` {code: products} and
        ``uoms``; customers and products that are to be created are missing in it.
        """
        orders = self._without_known_keys(orders)
        found = {
            "customers": self._lookup_customers(orders),
            "products": self._lookup_products(list(set(orders.line_ids.mapped("product_code")))),
            "uoms": self._lookup_uoms() if any(orders.line_ids.mapped("uom")) else {},
        }
        accepted = orders.filtered(lambda order: self._judge_order(order, found))
        return {**found, "orders": accepted}

    def _without_known_keys(self, orders):
        """Set aside the orders whose source key is taken, by an earlier import or an earlier sheet."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("import_source", "=", self.profile_id.source),
            ("import_key", "in", orders.mapped("key")),
        ]
        # In superuser mode: the key is taken also by an order that this user may not see.
        known = {
            sale.import_key: (sale.name, sale.import_digest, sale.id)
            for sale in self.env["sale.order"].search(domain)
        }
        left = orders.browse()
        for order in orders:
            name, digest, sale_id = known.get(order.key) or self._earlier_sheet(order)
            if name:
                order._already_there(name, digest == order.digest, sale_id)
            else:
                left += order
        return left

    def _earlier_sheet(self, order):
        """Name and digest of the same number on an earlier sheet; in a dry run no order tells of it."""
        if not order.sheet:
            return "", "", False
        domain = [
            ("import_id", "=", self.id),
            ("key", "=", order.key),
            ("sheet", "<", order.sheet),
            ("state", "=", "accepted"),
        ]
        twin = self.env["order.import.order"].search(domain, limit=1)
        return (f"{twin.sheet_name}!{twin.first_row}", twin.digest, False) if twin else ("", "", False)

    def _judge_order(self, order, found):
        return self._judge_customer(order, found) and all(
            self._judge_line(order, line, found) for line in order.line_ids
        )

    def _judge_customer(self, order, found):
        who = order.customer_ref or order.customer_name
        partners = found["customers"].get(who) or []
        if len(partners) > 1:
            order._refuse("OF-IMP-053", found=who, count=len(partners))
        elif not partners and self.profile_id.unknown_customer != "create":
            order._refuse("OF-IMP-052", found=who)
        else:
            return self._judge_currency(order, partners)
        return False

    def _judge_currency(self, order, partner):
        pricelist = self.profile_id.pricelist_id or (partner and partner.property_product_pricelist)
        expected = (pricelist and pricelist.currency_id) or self.company_id.currency_id
        if order.currency and order.currency.upper() not in (expected.name, expected.symbol):
            order._refuse("OF-IMP-062", found=order.currency, expected=expected.name)
            return False
        return True

    def _judge_line(self, order, line, found):
        code = line.product_code
        products = found["products"].get(code.upper()) or self.env["product.product"]
        if len(products) > 1:
            order._refuse_because_of(line, "OF-IMP-055", found=code, count=len(products))
        elif not products and self.profile_id.unknown_product != "create":
            order._refuse_because_of(line, "OF-IMP-054", found=code)
        elif products and not products.sale_ok:
            order._refuse_because_of(line, "OF-IMP-065", found=code)
        else:
            return self._judge_unit(order, line, products, found["uoms"]) and self._judge_decimals(
                order, line
            )
        return False

    def _judge_unit(self, order, line, product, uoms):
        if not line.uom:
            return True
        uom = uoms.get(line.uom.lower())
        if not uom:
            known = ", ".join(sorted({uom.name for uom in uoms.values()}))[:200]
            order._refuse_because_of(line, "OF-IMP-046", found=line.uom, known=known)
            return False
        if product and not uom._has_common_reference(product.uom_id):
            order._refuse_because_of(line, "OF-IMP-056", found=line.uom, expected=product.uom_id.name)
            return False
        return True

    def _judge_decimals(self, order, line):
        """Odoo rounds quantities to the accuracy "Product Unit"; nobody ordered a rounded one."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if float_compare(line.quantity, round(line.quantity, digits), precision_digits=digits + 6):
            order._refuse_because_of(line, "OF-IMP-047", found=line.quantity, limit=digits)
            return False
        return True
