from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    invoice_trigger = fields.Selection(
        [("shipment", "On shipment"), ("proof", "On proof of delivery")],
        "Invoice Goods",
        default="shipment",
        help="On proof: nothing is invoiced before the receiver has signed, and never what was refused.",
    )

    # Notices by mail: the customer's choice, made on the status page.
    notice_promise = fields.Boolean("Mail when a promise changes", default=True)
    notice_shipped = fields.Boolean("Mail when goods are shipped")
    notice_delivered = fields.Boolean("Mail when goods have arrived")

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "invoice_trigger"]
