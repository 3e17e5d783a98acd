from odoo import models

from ...tools.entry import fiscal, vat_number
from ...tools.entry.verdict import Finding


class OrderCheck(models.Model):
    _inherit = "order.check"

    def _check_vat_missing(self, orders):
        """A company in the European Union has a number; and some fiscal positions rest on one."""
        for order in orders:
            customer = order.partner_id.commercial_partner_id
            needed = order.fiscal_position_id.vat_required or (
                customer.is_company and self._country_code(customer) in vat_number.EU
            )
            if needed and not vat_number.is_given(customer.vat):
                yield Finding(
                    order.id,
                    self.env._("The VAT number of %s is missing: ask for it.", customer.name),
                    (customer.id, order.fiscal_position_id.id),
                    fix=self.env._("Open customer"),
                )

    def _fix_vat_missing(self, order, line):
        return self._open_form(order.partner_id.commercial_partner_id)

    def _check_vat_invalid(self, orders):
        reasons = {
            "length": self.env._("its length is wrong"),
            "check_digit": self.env._("its check digit is wrong"),
            "form": self.env._("its form is wrong"),
        }
        for order in orders:
            customer = order.partner_id.commercial_partner_id
            if not vat_number.is_given(customer.vat):
                continue
            why = vat_number.problem(customer.vat, self._country_code(customer))
            if why:
                yield Finding(
                    order.id,
                    self.env._(
                        "VAT number %(vat)s of %(customer)s cannot be right: %(why)s.",
                        vat=customer.vat,
                        customer=customer.name,
                        why=reasons[why],
                    ),
                    (customer.id, customer.vat),
                    fix=self.env._("Open customer"),
                )

    def _fix_vat_invalid(self, order, line):
        return self._open_form(order.partner_id.commercial_partner_id)

    def _check_fiscal_mismatch(self, orders):
        rules = self._fiscal_rules(orders.company_id[:1], orders.fiscal_position_id)
        for order in orders:
            place = self._taxed_place(order)
            better = self._better_position(order, place, rules)
            chosen = order.fiscal_position_id
            fits = chosen and fiscal.fits(rules[chosen.id], *self._place_key(place))
            if not place.country_id or fits or not (chosen or better):
                continue
            yield Finding(
                order.id,
                self.env._(
                    "Goods go to %(country)s, but the fiscal position is “%(position)s”.",
                    country=place.country_id.name,
                    position=chosen.name or self.env._("none"),
                ),
                (chosen.id, *self._place_key(place)),
                fix=self.env._("Use “%s”", better.name) if better else self.env._("Use none"),
            )

    def _fix_fiscal_mismatch(self, order, line):
        rules = self._fiscal_rules(order.company_id, order.fiscal_position_id)
        order.fiscal_position_id = self._better_position(order, self._taxed_place(order), rules)
        order._recompute_taxes()

    def _taxed_place(self, order):
        """Return the address that decides on tax, as Odoo does: where the goods go, except between two
        partners with VAT numbers of the same country."""
        own, theirs = order.company_id.vat or "", order.partner_id.commercial_partner_id.vat or ""
        same = own[:2] == theirs[:2] and own[:2] in vat_number.EU
        return order.partner_id if same else order.partner_shipping_id

    def _place_key(self, place):
        return place.country_id.id, place.state_id.id, place.zip or ""

    def _fiscal_rules(self, company, chosen):
        """Return {position id: rule} of the company's positions, and of chosen ones beyond them."""
        rules = self.env["account.fiscal.position"]._company_rules(company.id)
        return rules | chosen.filtered(lambda position: position.id not in rules)._geographic_rules()

    def _better_position(self, order, place, rules):
        """Return the position made for the country that would be found by itself (empty if none is)."""
        has_vat = vat_number.is_given(order.partner_id.commercial_partner_id.vat)
        found = fiscal.candidates(list(rules.values()), *self._place_key(place))
        positions = self.env["account.fiscal.position"].browse(found)
        return positions.filtered(lambda known: known.auto_apply and (has_vat or not known.vat_required))[:1]
