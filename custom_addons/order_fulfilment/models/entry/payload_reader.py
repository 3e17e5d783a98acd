"""Reads the payload of ``submit_order`` into values for the order, and collects every mistake on the way."""

from odoo.fields import Command

from ...tools.entry.customer_match import vat_key
from ...tools.entry.order_payload import PayloadError, parse_moment
from ...tools.entry.pricing import AGREED_PRICE
from .payload_combo import ComboReader

NAMED = {  # payload field: (field of the order, model, field that holds the code)
    "warehouse": ("warehouse_id", "stock.warehouse", "code"),
    "carrier": ("carrier_id", "delivery.carrier", "name"),
    "payment_term": ("payment_term_id", "account.payment.term", "name"),
    "pricelist": ("pricelist_id", "product.pricelist", "name"),
}


class PayloadReader(ComboReader):
    """Turns codes into records: ``values`` holds the order afterwards, ``errors`` what could not be read.

    The payload's shape has been checked before; here every code is looked up, lines in one query per kind.
    What is missing was found then: it is passed over.
    """

    def __init__(self, env, payload):
        self.env = env
        self.payload = payload
        self.errors = []
        self.values = {}
        self.parts = []  # values of the items of combos, to be added once the order is there

    def read(self):
        """Fill ``values`` and ``errors``."""
        self.read_codes()
        self.values.update(self._requested_values())

    def read_codes(self):
        """Fill in what is looked up by its code or taken as it is."""
        customer = self._read_customer()
        for name, (field, model, code_field) in NAMED.items():
            record = self._one(name, model, code_field, self.payload.get(name))
            if record:
                self.values[field] = record.id
        for name, field in (
            ("delivery_address", "partner_shipping_id"),
            ("invoice_address", "partner_invoice_id"),
        ):
            self._read_address(name, field, customer)
        if self.payload.get("reference"):
            self.values["client_order_ref"] = self.payload["reference"].strip()
        if self.payload.get("note"):
            self.values["note"] = self.payload["note"]
        self.values["order_line"] = self._read_lines()

    def _error(self, code, path, message):
        self.errors.append(PayloadError(code, path, message))

    def _company_domain(self):
        return [("company_id", "in", [False, self.env.company.id])]

    def _read_customer(self):
        code = (self.payload.get("customer") or "").strip()
        if not code:
            return self.env["res.partner"]
        partners = self.env["res.partner"].search([("ref", "=", code), *self._company_domain()], limit=2)
        if not partners and vat_key(code):
            domain = [("match_vat", "=", vat_key(code)), ("parent_id", "=", False), *self._company_domain()]
            partners = self.env["res.partner"].search(domain, limit=2)
        if len(partners) == 1:
            self.values["partner_id"] = partners.id
            return partners
        if partners:
            self._error("OF-SUB-012", "customer", f"more than one customer has the code {code!r}.")
        else:
            self._error("OF-SUB-011", "customer", f"no customer has the code or VAT number {code!r}.")
        return partners.browse()

    def _read_address(self, name, field, customer):
        code = (self.payload.get(name) or "").strip()
        if not code or not customer:
            return
        family = [("commercial_partner_id", "=", customer.commercial_partner_id.id)]
        addresses = self.env["res.partner"].search([("ref", "=", code), *family], limit=2)
        if len(addresses) == 1:
            self.values[field] = addresses.id
        else:
            self._error("OF-SUB-013", name, f"the customer has no (single) address with the code {code!r}.")

    def _one(self, path, model, code_field, code):
        """Return the single record with that code; none given is none found."""
        code = (code or "").strip()
        if not code:
            return None
        found = self.env[model].search([(code_field, "=", code), *self._company_domain()], limit=2)
        if len(found) != 1:
            self._error(
                "OF-SUB-014", path, f"{len(found) and 'more than one' or 'nothing'} is called {code!r}."
            )
            return None
        return found

    def _requested_values(self):
        window = self.payload.get("requested_window")
        if window:
            start, end = parse_moment(window["from"]), parse_moment(window["to"])
            return self.env["sale.order"]._prepare_requested_window(start, end)
        moment = parse_moment(self.payload.get("requested_date"))
        return {"commitment_date": moment} if moment else {}

    # --- lines ---

    def _read_lines(self):
        lines = self.payload["lines"]
        products = self._products_by_code({line["product"].strip() for line in lines if line.get("product")})
        units = self._units_by_name({line["unit"].strip() for line in lines if line.get("unit")})
        commands = []
        for number, line in enumerate(lines):
            values = self._read_line(f"lines[{number}]", line, products, units)
            if values:
                commands.append(Command.create(values))
        return commands

    def _products_by_code(self, codes):
        domain = [
            "|",
            ("default_code", "in", list(codes)),
            ("barcode", "in", list(codes)),
            *self._company_domain(),
        ]
        by_code = {}
        for product in self.env["product.product"].search(domain):
            for code in {product.default_code, product.barcode} & codes:
                by_code[code] = by_code.get(code, product.browse()) | product
        return by_code

    def _units_by_name(self, names):
        return {unit.name: unit for unit in self.env["uom.uom"].search([("name", "in", list(names))])}

    def _read_line(self, path, line, products, units):
        template, variant = self._line_product(path, line, products) if line.get("product") else (None, None)
        self._check_unit(path, line, units)
        if not template:
            return None
        values = {"product_id": variant.id, "product_uom_qty": line.get("quantity")}
        is_combo = template.type == "combo"
        if not is_combo and (line.get("options") or not variant):
            values.update(self._read_options(f"{path}.options", template, variant, line.get("options") or {}))
        if line.get("unit") and (unit := units.get(line["unit"].strip())):
            values["product_uom_id"] = unit.id
        if line.get("price") is not None:
            values.update(price_unit=line["price"], technical_price_unit=AGREED_PRICE)
        if line.get("discount"):
            values["discount"] = line["discount"]
        if line.get("text"):
            values["name"] = line["text"]
        return self._read_combo(path, line, values, template) if is_combo else values

    def _check_unit(self, path, line, units):
        if line.get("unit") and line["unit"].strip() not in units:
            self._error("OF-SUB-022", f"{path}.unit", f"there is no unit {line['unit']!r}.")

    def _line_product(self, path, line, products):
        """Return (template, variant) for a code or barcode, or (template, no variant) for the name of "
        "an end item."""
        code = line["product"].strip()
        found = products.get(code) or self.env["product.product"]
        if len(found) == 1:
            return found.product_tmpl_id, found
        if len(found.product_tmpl_id) == 1 and line.get("options"):
            return found.product_tmpl_id, found.browse()
        if found:
            self._error("OF-SUB-021", f"{path}.product", f"more than one product has the code {code!r}.")
            return None, None
        template = self.env["product.template"].search(
            [("name", "=", code), *self._company_domain()], limit=2
        )
        if len(template) == 1:
            return template, template.product_variant_ids if len(template.product_variant_ids) == 1 else found
        self._error("OF-SUB-020", f"{path}.product", f"no product has the code {code!r}.")
        return None, None

    def _read_options(self, path, template, variant, options):
        """Return the variant, choices and texts for options given by name; what does not fit is an error."""
        chosen, texts = self._chosen_values(path, template, options)
        # classes that were not named keep the value of the variant whose code was given, or their only value
        named = chosen.attribute_line_id
        kept = variant.product_template_attribute_value_ids.filtered(
            lambda v: v.attribute_line_id not in named
        )
        open_classes = template.attribute_line_ids - named - kept.attribute_line_id
        single = open_classes.filtered(lambda known: len(known.product_template_value_ids) == 1)
        combination = chosen | kept | single.product_template_value_ids
        missing = (open_classes - single).attribute_id.filtered(lambda a: a.create_variant != "no_variant")
        if missing:
            self._error(
                "OF-SUB-025", path, f"choose {', '.join(missing.mapped('name'))} for {template.name}."
            )
            return {}
        made = self._variant(template, combination)
        if not made:
            self._error("OF-SUB-024", path, f"{template.name} is not made in this combination of options.")
            return {}
        no_variant = chosen.filtered(lambda value: value.attribute_id.create_variant == "no_variant")
        return {
            "product_id": made.id,
            "product_no_variant_attribute_value_ids": [Command.set(no_variant.ids)],
            "product_custom_attribute_value_ids": texts,
        }

    def _variant(self, template, combination):
        """Return the variant of these options; made now if it is one that is made on demand."""
        return template._get_variant_for_combination(combination) or template._create_product_variant(
            combination
        )

    def _chosen_values(self, path, template, options):
        """Return the values named by ``options`` and commands for the texts among them."""
        chosen, texts = self.env["product.template.attribute.value"], []
        for name, wanted in options.items():
            wanted_class = name.strip().casefold()
            line = template.attribute_line_ids.filtered(
                lambda known, wanted=wanted_class: known.attribute_id.name.casefold() == wanted
            )
            value, text = self._option_value(line, wanted)
            if not value or line in chosen.attribute_line_id:
                why = (
                    f"{name} is given twice."
                    if value
                    else f"{template.name} has no option {name!r} = {wanted!r}."
                )
                self._error("OF-SUB-023", f"{path}.{name}", why)
                continue
            chosen |= value
            if text:
                custom = {"custom_product_template_attribute_value_id": value.id, "custom_value": text}
                texts.append(Command.create(custom))
        return chosen, texts

    def _option_value(self, line, wanted):
        """Return (value, text): a value by its name, else the one that takes a free text."""
        values = line.product_template_value_ids.filtered("ptav_active")
        for value in values:
            if value.name.casefold() == wanted.strip().casefold():
                return value, ""
        custom = values.filtered("is_custom")[:1]
        return custom, wanted if custom else ""
