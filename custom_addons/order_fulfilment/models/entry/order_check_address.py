from dataclasses import astuple

from odoo import models

from ...tools.entry import postcode
from ...tools.entry.address import Address, missing_parts
from ...tools.entry.verdict import Finding


class OrderCheck(models.Model):
    _inherit = "order.check"

    def _check_address_incomplete(self, orders):
        names = {
            "name": self.env._("name"),
            "street": self.env._("street"),
            "zip": self.env._("post code"),
            "city": self.env._("city"),
            "state": self.env._("state"),
            "country": self.env._("country"),
        }
        for order in self._goods_lines(orders).order_id:
            partner = order.partner_shipping_id
            address = self._address_of(partner)
            _code, needs_state = self.env["res.country"]._address_rule(partner.country_id.id)
            missing = missing_parts(address, needs_state)
            if missing:
                yield Finding(
                    order.id,
                    self.env._(
                        "The delivery address of %(name)s lacks: %(parts)s.",
                        name=address.name or partner.display_name,
                        parts=", ".join(names[part] for part in missing),
                    ),
                    (partner.id, *astuple(address)),
                    fix=self.env._("Complete address"),
                )

    def _address_of(self, partner):
        return Address(
            name=partner.name or partner.commercial_partner_id.name or "",
            street=partner.street or partner.street2 or "",
            zip=partner.zip or "",
            city=partner.city or "",
            state=partner.state_id.code or "",
            country=self._country_code(partner),
        )

    def _country_code(self, partner):
        return self.env["res.country"]._address_rule(partner.country_id.id)[0]

    def _fix_address_incomplete(self, order, line):
        return self._open_form(order.partner_shipping_id)

    def _check_zip_format(self, orders):
        for order in self._goods_lines(orders).order_id:
            partner = order.partner_shipping_id
            code = self._country_code(partner)
            if (partner.zip or "").strip() and not postcode.has_form(code, partner.zip):
                yield Finding(
                    order.id,
                    self.env._(
                        "“%(zip)s” is not a post code of %(country)s (they look like %(example)s).",
                        zip=partner.zip,
                        country=partner.country_id.name,
                        example=postcode.example(code),
                    ),
                    (partner.id, partner.zip, code),
                    fix=self.env._("Correct address"),
                )

    def _fix_zip_format(self, order, line):
        return self._open_form(order.partner_shipping_id)

    def _check_carrier_unreachable(self, orders):
        doubtful = self._goods_lines(orders).order_id
        if self.env["delivery.carrier"]._is_everywhere_reached(tuple(orders.company_id.ids)):
            doubtful = doubtful.filtered("carrier_id")  # any address is reached by somebody
        if not doubtful:
            return
        carriers = self._company_carriers(orders)
        for order in doubtful:
            partner = order.partner_shipping_id
            reaching = carriers.filtered(lambda carrier, to=partner: carrier._match_address(to))
            wanted = order.carrier_id
            if wanted:
                is_reached = wanted.active and wanted._match_address(partner)
            else:
                is_reached = bool(reaching) or not carriers
            if is_reached:
                continue
            inputs = (partner.id, partner.country_id.id, partner.state_id.id, partner.zip, wanted.id)
            yield Finding(
                order.id,
                self._unreachable_text(order, wanted),
                inputs if not wanted or wanted.active else (*inputs, "archived"),
                fix=self.env._("Ship with %s", reaching[0].name) if reaching else "",
            )

    def _unreachable_text(self, order, wanted):
        place = ", ".join(
            filter(None, [order.partner_shipping_id.zip, order.partner_shipping_id.country_id.name])
        )
        if wanted and not wanted.active:
            return self.env._("%s is no longer used: choose another carrier.", wanted.name)
        if wanted:
            return self.env._(
                "%(carrier)s does not deliver to %(place)s.", carrier=wanted.name, place=place or "?"
            )
        return self.env._("No carrier delivers to %(place)s.", place=place or "?")

    def _company_carriers(self, orders):
        return self.env["delivery.carrier"].search([("company_id", "in", [False, *orders.company_id.ids])])

    def _fix_carrier_unreachable(self, order, line):
        partner = order.partner_shipping_id
        carrier = self._company_carriers(order).filtered(lambda known: known._match_address(partner))[:1]
        if not carrier:
            return self._open_form(partner)
        order.set_delivery_line(carrier, carrier.rate_shipment(order).get("price", 0.0))
        return True

    def _check_weight_missing(self, orders):
        yield from self._measure_missing(orders, "weight", self.env._("weight"))

    def _check_volume_missing(self, orders):
        yield from self._measure_missing(orders, "volume", self.env._("volume"))

    def _measure_missing(self, orders, measure, label):
        for line in self._goods_lines(orders):
            carrier = line.order_id.carrier_id
            if carrier._needs_measure(measure) and line.product_id[measure] <= 0:
                yield Finding(
                    line.order_id.id,
                    self.env._(
                        "%(product)s has no %(measure)s, which %(carrier)s needs to take it.",
                        product=line.product_id.display_name,
                        measure=label,
                        carrier=carrier.name,
                    ),
                    (line.product_id.id, carrier.id),
                    line.id,
                    fix=self.env._("Open product"),
                )

    def _fix_weight_missing(self, order, line):
        return self._open_form(line.product_id)

    def _fix_volume_missing(self, order, line):
        return self._open_form(line.product_id)
