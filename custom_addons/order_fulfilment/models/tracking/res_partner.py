from odoo import api, fields, models

SMS_NOTICES = "order_fulfilment.sms_notices"
NOTICES = (
    "notice_promise",
    "notice_shipped",
    "notice_delivered",
    "sms_promise",
    "sms_shipped",
    "sms_delivered",
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    invoice_trigger = fields.Selection(
        [("shipment", "On shipment"), ("proof", "On proof of delivery")],
        "Invoice Goods",
        default="shipment",
        help="On proof: nothing is invoiced before the receiver has signed, and never what was refused.",
    )

    # The customer's choice, made on the status page.
    notice_promise = fields.Boolean("Mail when a promise changes", default=True)
    notice_shipped = fields.Boolean("Mail when goods are shipped")
    notice_delivered = fields.Boolean("Mail when goods have arrived")
    sms_promise = fields.Boolean("SMS when a promise changes")
    sms_shipped = fields.Boolean("SMS when goods are shipped")
    sms_delivered = fields.Boolean("SMS when goods have arrived")
    has_sms_notices = fields.Boolean(compute="_compute_has_sms_notices")

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "invoice_trigger"]

    def _compute_has_sms_notices(self):
        self.has_sms_notices = self._can_send_sms()

    @api.model
    def _can_send_sms(self):
        """Whether Odoo can send SMS and somebody has said that notices may go that way: each one costs."""
        parameter = self.env["ir.config_parameter"].sudo().get_param(SMS_NOTICES)
        return parameter == "True" and "sms.sms" in self.env

    def _wants_notice(self, kind, channel):
        """What the customer chose for this channel ("mail" or "sms"); "no notices" overrules it."""
        self.ensure_one()
        if self.commercial_partner_id.delivery_notice == "none":
            return False
        if channel == "sms":
            return self._can_send_sms() and self[f"sms_{kind}"]
        return self[f"notice_{kind}"]

    def _choose_notices(self, chosen):
        """Keep what the customer ticked on the page; a tick takes back an earlier "no notices"."""
        chosen = chosen & set(NOTICES)
        names = [name for name in NOTICES if self._can_send_sms() or not name.startswith("sms_")]
        self.write({name: name in chosen for name in names})
        customer = self.commercial_partner_id
        if customer.delivery_notice == "none" and chosen:
            customer.delivery_notice = "mail"
