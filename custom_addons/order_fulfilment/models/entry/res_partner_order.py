from odoo import api, fields, models

from ...tools.entry import postcode, vat_number
from ...tools.entry.completeness import Requirement, missing, percent


class ResPartner(models.Model):
    """What fulfilment has to know about a customer, beside what Odoo's partner holds already."""

    _inherit = "res.partner"

    is_order_customer = fields.Boolean(
        "Defined customer",
        copy=False,
        groups="base.group_user",
        help="Set by the guided form. Such a customer has no twin and no wrong VAT number, in every channel.",
    )
    order_reference_required = fields.Boolean("Own order number required on every order")
    order_hold = fields.Boolean(
        "On hold", tracking=True, groups="base.group_user", help="No order of this customer is confirmed."
    )
    order_hold_reason = fields.Char("Reason of hold", tracking=True, groups="base.group_user")
    allowed_payment_term_ids = fields.Many2many(
        "account.payment.term", string="Agreed payment terms", help="Empty: any."
    )
    receiving_calendar_id = fields.Many2one(
        "resource.calendar",
        "Receives goods",
        help="Days and hours this address takes deliveries. Empty: any day.",
    )
    order_shipping_policy = fields.Selection(
        [("direct", "As available"), ("one", "Ship together")],
        "Shipping",
        help="Empty: as set up for the company.",
    )
    service_class = fields.Selection(
        [("standard", "Standard"), ("priority", "Priority"), ("critical", "Critical")], default="standard"
    )
    order_contact_id = fields.Many2one("res.partner", "Contact for orders", domain="[('id', 'child_of', id)]")
    notice_contact_id = fields.Many2one(
        "res.partner", "Contact for delivery notices", domain="[('id', 'child_of', id)]"
    )
    invoice_contact_id = fields.Many2one(
        "res.partner", "Contact for invoices", domain="[('id', 'child_of', id)]"
    )
    support_contact_id = fields.Many2one(
        "res.partner", "Contact for support", domain="[('id', 'child_of', id)]"
    )
    delivery_notice = fields.Selection(
        [("none", "None"), ("mail", "By mail"), ("sms", "By SMS")], "Delivery notices", default="mail"
    )
    customer_completeness = fields.Integer("Completeness", compute="_compute_customer_completeness")
    customer_missing = fields.Json(
        compute="_compute_customer_completeness", help="What is missing, with the reason why it is asked for."
    )

    @api.depends(lambda self: self._get_completeness_fields())
    def _compute_customer_completeness(self):
        for partner in self:
            requirements = partner._get_completeness_requirements()
            partner.customer_completeness = percent(requirements)
            partner.customer_missing = [
                {"field": item.field, "label": item.label, "reason": item.reason}
                for item in missing(requirements)
            ]

    @api.model
    def _get_completeness_fields(self):
        """Return the fields the completeness depends on. Extend together with the requirements."""
        return [
            *("name", "street", "zip", "city", "country_id", "vat", "email", "phone", "is_company"),
            *("property_payment_term_id", "property_product_pricelist", "property_account_position_id"),
            *(
                "notice_contact_id",
                "order_contact_id",
                "delivery_notice",
                "order_shipping_policy",
                "service_class",
            ),
        ]

    def _get_completeness_requirements(self):
        """Return the list of ``Requirement`` of this customer. Hook: other capabilities append theirs."""
        self.ensure_one()
        return [*self._get_address_requirements(), *self._get_business_requirements()]

    def _get_address_requirements(self):
        _, country = self.env._, self.country_id.code
        zip_reason = _("The carrier sorts by it, and callers are recognised by it.")
        requirements = [
            Requirement("name", _("Name"), _("Stands on every document."), bool(self.name), 3),
            Requirement("street", _("Street"), _("The driver has to find the door."), bool(self.street), 3),
            Requirement("city", _("City"), _("The driver has to find the door."), bool(self.city), 2),
            Requirement("country_id", _("Country"), _("Decides on taxes and carriers."), bool(country), 3),
        ]
        if postcode.is_required(country):
            is_right = bool(self.zip) and postcode.has_form(country, self.zip)
            requirements.append(Requirement("zip", _("Post code"), zip_reason, is_right, 3))
        return requirements

    def _get_business_requirements(self):  # long: a table
        _ = self.env._
        notice = self.notice_contact_id or self
        has_notice = {"mail": bool(notice.email), "sms": bool(notice.phone)}.get(self.delivery_notice, True)
        has_vat = vat_number.is_given(self.vat) and not vat_number.problem(self.vat, self.country_id.code)
        requirements = [
            Requirement(
                "email", _("Mail address"), _("Confirmations and invoices go there."), bool(self.email), 2
            ),
            Requirement(
                "phone",
                _("Phone"),
                _("Somebody has to be asked when something is unclear."),
                bool(self.phone),
                2,
            ),
            Requirement(
                "property_payment_term_id",
                _("Payment terms"),
                _("Without them every invoice is due at once."),
                bool(self.property_payment_term_id),
            ),
            Requirement(
                "order_shipping_policy",
                _("Ship together or as available"),
                _("The warehouse has to know whether it may split."),
                bool(self.order_shipping_policy),
            ),
            Requirement(
                "notice_contact_id",
                _("Contact for delivery notices"),
                _("The customer wants to be told and cannot be reached."),
                has_notice,
            ),
        ]
        if self.is_company and self.country_id.code in vat_number.EU:
            reason = _("Without a right number the invoice carries the wrong tax.")
            requirements.append(Requirement("vat", _("VAT number"), reason, has_vat, 2))
        return requirements


class ResUsers(models.Model):
    _inherit = "res.users"

    order_discount_limit = fields.Float(
        "Discount limit (%)", help="Highest discount this seller may give; 0: as the check says."
    )


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    needs_weight = fields.Boolean(
        "Needs the weight", help="Orders with products without a weight are not sent with it."
    )
    needs_volume = fields.Boolean(
        "Needs the volume", help="Orders with products without a volume are not sent with it."
    )

    def _needs_measure(self, measure):
        """Say whether this carrier cannot do without "weight" or "volume". Hook for carriers with "
        "prices by it."""
        return bool(self) and self[f"needs_{measure}"]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    picking_policy = fields.Selection(
        compute="_compute_picking_policy", store=True, readonly=False, precompute=True, default=None
    )

    @api.depends("partner_id")
    def _compute_picking_policy(self):
        """What the customer agreed, else what is set up for the company."""
        general = self.env["ir.default"]._get_model_defaults("sale.order").get("picking_policy", "direct")
        for order in self:
            agreed = order.partner_id.commercial_partner_id.order_shipping_policy
            order.picking_policy = agreed or order.picking_policy or general

    @api.model
    def default_get(self, fields):
        """The general policy must not win over the customer's: the compute asks for it last."""
        defaults = super().default_get(fields)
        if "default_picking_policy" not in self.env.context:
            defaults.pop("picking_policy", None)
        return defaults

    def _get_notice_contacts(self):
        """Return who may be told about the delivery, first choice first."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        return customer.notice_contact_id | self.partner_shipping_id | self.partner_id | customer
