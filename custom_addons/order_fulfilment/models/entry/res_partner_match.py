from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...tools.entry import vat_number
from ...tools.entry.customer_match import (
    CustomerFacts,
    address_key,
    name_key,
    phone_key,
    rank,
    vat_key,
)

MATCH_FIELDS = ["name", "vat", "street", "zip", "country_id", "phone", "email"]
MAX_CANDIDATES = 200
PREFIX = 6  # letters of the name key that two spellings of one name nearly always share


class ResPartner(models.Model):
    """Near-duplicates are found by stored, indexed keys, and offered before a second customer is made."""

    _inherit = "res.partner"

    match_name = fields.Char(
        compute="_compute_match_keys", store=True, index="trigram", groups="base.group_user"
    )
    match_vat = fields.Char(
        compute="_compute_match_keys", store=True, index="btree_not_null", groups="base.group_user"
    )
    match_phone = fields.Char(
        compute="_compute_match_keys", store=True, index="btree_not_null", groups="base.group_user"
    )
    match_address = fields.Char(
        compute="_compute_match_keys", store=True, index="btree_not_null", groups="base.group_user"
    )
    duplicate_reason = fields.Char(
        "Why this is another customer", copy=False, help="Needed when a customer that looks the same exists."
    )
    similar_customers = fields.Json(compute="_compute_similar_customers", groups="base.group_user")

    _match_name_prefix_idx = models.Index("(match_name text_pattern_ops) WHERE match_name IS NOT NULL")

    @api.depends("name", "vat", "street", "zip", "country_id", "phone")
    def _compute_match_keys(self):
        for partner in self:
            partner.match_name = name_key(partner.name) or False
            partner.match_vat = vat_key(partner.vat) or False
            partner.match_phone = phone_key(partner.phone) or False
            partner.match_address = address_key(partner.street, partner.zip, partner.country_id.code) or False

    @api.depends(*MATCH_FIELDS)
    def _compute_similar_customers(self):
        for partner in self:
            partner.similar_customers = partner._similar() if not partner.parent_id else []

    @api.model
    def find_similar(self, values):
        """Return known customers like the one described by ``values`` (fields of a partner), best first.

        Each is {id, name, ref, city, score, reasons, certain}. Only what the caller may read is shown.
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("[OF-CUS-020] Only employees look for customers."))
        if not isinstance(values, dict):
            raise UserError(self.env._("[OF-CUS-010] values: an object with the fields of a customer."))
        known = {name: values[name] for name in MATCH_FIELDS if values.get(name)}
        if isinstance(known.get("country_id"), str):
            country = self.env["res.country"].search([("code", "=", known["country_id"].upper())], limit=1)
            known["country_id"] = country.id
        elif known.get("country_id"):
            known["country_id"] = self._known_country(known["country_id"])
        return self.new(known)._similar()

    @api.model
    def _known_country(self, country_id):
        """Return the id if there is such a country; a program may send anything."""
        country = self.env["res.country"].browse(country_id if isinstance(country_id, int) else [])
        return country.exists().id

    def _similar(self):
        self.ensure_one()
        facts = self._match_facts()
        candidates = self._match_candidates(facts)
        by_id = {partner.id: partner for partner in candidates}
        return [
            {
                "id": match.id,
                "name": by_id[match.id].name,
                "ref": by_id[match.id].ref or "",
                "city": by_id[match.id].city or "",
                "score": match.score,
                "reasons": list(match.reasons),
                "certain": match.is_certain,
            }
            for match in rank(facts, [partner._match_facts() for partner in candidates])[:10]
        ]

    def _match_facts(self):
        return CustomerFacts(
            id=self._origin.id or 0,
            name=self.name or "",
            vat=self.vat or "",
            street=self.street or "",
            zip=self.zip or "",
            country=self.country_id.code or "",
            phone=self.phone or "",
            email=self.email or "",
        )

    def _match_candidates(self, facts):
        """Return the readable customers that share at least one key with ``facts``."""
        name = name_key(facts.name)
        keys = [
            SQL("match_vat = %s", vat_key(facts.vat)),
            SQL("match_phone = %s", phone_key(facts.phone)),
            SQL("match_address = %s", address_key(facts.street, facts.zip, facts.country)),
        ]
        if len(name) >= PREFIX:
            keys.append(SQL("match_name LIKE %s", name[:PREFIX].replace("_", r"\_") + "%"))
            if self.env.registry.has_trigram:
                keys.append(SQL("match_name %% %s", name))
        elif name:
            keys.append(SQL("match_name = %s", name))
        self.env["res.partner"].flush_model(
            ["match_name", "match_vat", "match_phone", "match_address", "active"]
        )
        query = SQL(
            "SELECT id FROM res_partner WHERE active AND id = commercial_partner_id AND id != %s AND "
            "(%s) LIMIT %s",
            facts.id,
            SQL(" OR ").join(keys),
            MAX_CANDIDATES,
        )
        found = self.env["res.partner"].browse([row[0] for row in self.env.execute_query(query)])
        return found._filtered_access("read")

    @api.constrains("is_order_customer", "duplicate_reason", *MATCH_FIELDS)
    def _constrain_defined_customer(self):
        """A defined customer has no certain twin, unless somebody said why, and no wrong VAT number."""
        # with all rights: customers who change their own address in the portal do not see these fields
        for partner in self.sudo().filtered(lambda known: known.is_order_customer and not known.parent_id):
            why = partner.vat and vat_number.problem(partner.vat, partner.country_id.code)
            if why and vat_number.is_given(partner.vat):
                raise ValidationError(
                    self.env._(
                        "[OF-CUS-002] VAT number %(vat)s cannot be right (%(why)s): ask the customer again.",
                        vat=partner.vat,
                        why=why.replace("_", " "),
                    )
                )
            if not (partner.duplicate_reason or "").strip():
                partner._refuse_twin()

    def _refuse_twin(self):
        twins = [known for known in self.sudo()._similar() if known["certain"]]
        if twins:
            names = ", ".join(f"{twin['name']} ({twin['ref'] or twin['id']})" for twin in twins)
            raise ValidationError(
                self.env._(
                    "[OF-CUS-001] %(name)s looks like a customer that exists already: %(twins)s. Use "
                    "that one, or say "
                    "in “Why this is another customer” how they differ.",
                    name=self.name,
                    twins=names,
                )
            )
