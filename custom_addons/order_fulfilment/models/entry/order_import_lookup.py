from collections import defaultdict
from fnmatch import fnmatchcase

from odoo import models
from odoo.fields import Command

#: Context in which bulk creation leaves no trace in the chatter: the import itself is the trace.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "sale_no_log_for_new_lines": True,
}
COUNTRY_ALIASES = {
    "eire": "IE",
    "rsa": "ZA",
    "usa": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "channel islands": "JE",
    "korea": "KR",
    "holland": "NL",
    "czech republic": "CZ",
}


def _has_default(field):
    """Whether ``field`` has a default, by itself or by the record that its model is built upon."""
    return bool(field.default or (field.inherited and field.inherited_field.default))


class OrderImport(models.Model):
    """Customers, products and units that the rows of a batch name: one query each, however many rows."""

    _inherit = "order.import"

    def _as_user(self):
        """This run without superuser mode: what it reads and creates for the user obeys the user's rights."""
        return self.sudo(False)

    def _lookup_customers(self, orders):
        """{reference or name: partners} for the customers of ``orders``."""
        refs = [order.customer_ref for order in orders if order.customer_ref]
        names = [order.customer_name for order in orders if not order.customer_ref]
        partners = self._as_user().env["res.partner"]
        domain = [("company_id", "in", (False, self.company_id.id))]
        found = partners.search([*domain, ("ref", "in", refs)]) if refs else partners
        by_name = [*domain, ("name", "in", names), ("parent_id", "=", False)]
        named = partners.search(by_name) if names else partners
        pairs = [(partner.ref, partner) for partner in found]
        return self._by_key(partners, pairs + [(partner.name, partner) for partner in named])

    def _lookup_products(self, codes):
        """{code in capitals: products}; the internal reference goes before the barcode."""
        spellings = {spelling for code in codes for spelling in (code, code.upper(), code.lower())}
        products = self._as_user().env["product.product"]
        domain = [("company_id", "in", (False, self.company_id.id))]
        found = products.search([*domain, ("default_code", "in", list(spellings))])
        pairs = [(product.default_code.upper(), product) for product in found]
        missing = {code.upper() for code in codes} - {code for code, _product in pairs}
        if missing:
            scanned = [code for code in codes if code.upper() in missing]
            found = products.search([*domain, ("barcode", "in", scanned)])
            pairs += [(product.barcode.upper(), product) for product in found]
        return self._by_key(products, pairs)

    def _by_key(self, model, pairs):
        """{key: records} that are read together: one by one, each would cost queries of its own."""
        ids = defaultdict(list)
        for key, record in pairs:
            ids[key].append(record.id)
        everything = [record.id for _key, record in pairs]
        return {key: model.browse(found).with_prefetch(everything) for key, found in ids.items()}

    def _lookup_uoms(self):
        """{name in lower case: unit} in the user's language and in English."""
        uoms = self.env["uom.uom"].search([])
        names = {uom.name.lower(): uom for uom in uoms.with_context(lang="en_US")}
        return {**names, **{uom.name.lower(): uom for uom in uoms}}

    def _create_customers(self, orders):
        """Customers for ``orders`` that the profile says to create; {reference or name: partner}."""
        first = {}
        for order in orders:
            first.setdefault(order.customer_ref or order.customer_name, order)
        # In superuser mode: the manager who wrote the profile allowed the creation, whoever imports.
        partners = (
            self.env["res.partner"]
            .with_context(**QUIET)
            .create([self._prepare_customer_vals(order) for order in first.values()])
        )
        return dict(zip(first, partners.sudo(False), strict=True))

    def _prepare_customer_vals(self, order):
        ref = order.customer_ref or False
        return {
            "name": order.customer_name or self.env._("Customer %s", ref),
            "ref": ref,
            "is_company": True,
            "customer_rank": 1,
            "country_id": self._country(order.country).id,
        }

    def _country(self, text):
        """The country called or coded ``text``; none for words such as "Unspecified"."""
        name = (text or "").strip().lower()
        countries = self.env["res.country"]
        if not name:
            return countries
        code = COUNTRY_ALIASES.get(name) or (name.upper() if len(name) == 2 else "")
        if code:
            return countries.search([("code", "=", code)], limit=1)
        return countries.search([("name", "=ilike", name.replace("%", "").replace("_", ""))], limit=1)

    def _create_products(self, lines):
        """Products for ``lines`` that the profile says to create; {code in capitals: product}."""
        first = {}
        for line in lines:
            first.setdefault(line.product_code.upper(), line)
        patterns, uoms = self.profile_id._charge_patterns(), self._lookup_uoms()
        # In superuser mode: the manager who wrote the profile allowed the creation, whoever imports.
        model = self.env["product.product"].with_context(**QUIET, order_import_creates=True)
        defaults = self._default_values(model)
        products = model.create(
            [{**defaults, **self._prepare_product_vals(line, patterns, uoms)} for line in first.values()]
        )
        return dict(zip(first, products.sudo(False), strict=True))

    def _default_values(self, model):
        """Odoo's default values, once for the batch: some of them cost queries for each record."""
        return model.default_get([name for name, field in model._fields.items() if _has_default(field)])

    def _prepare_product_vals(self, line, charge_patterns, uoms):
        code = line.product_code
        is_charge = any(fnmatchcase(code.upper(), pattern) for pattern in charge_patterns)
        vals = {
            "name": line.description or code,
            "default_code": code,
            "type": "service" if is_charge else "consu",
            "is_storable": not is_charge,
            "list_price": line.price,
        }
        if not self._has_default_tax():
            vals["taxes_id"] = [Command.clear()]
        if is_charge:
            vals["invoice_policy"] = "order"
        if line.uom and line.uom.lower() in uoms:
            vals["uom_id"] = uoms[line.uom.lower()].id
        return vals

    def _has_default_tax(self):
        return bool(self.company_id.sudo().account_sale_tax_id)
