from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _after_promise(self, row):
        result = super()._after_promise(row)
        if row.kind == "promised":
            self._send_notice("promise")
        return result

    def _send_notice(self, kind):
        """Put a mail into the queue for each customer who wants this kind ("promise", "shipped", ...)."""
        template = self.env.ref(f"order_fulfilment.mail_template_order_{kind}", raise_if_not_found=False)
        if not template or not self.env["order.fulfilment.capability"]._is_on("tracking"):
            return
        for order in self.sudo():  # drivers and carriers cause notices without a right to the order
            if order.partner_id[f"notice_{kind}"] and order.partner_id.email:
                template.sudo().send_mail(order.id)

    def _get_status_url(self):
        """The customer's page, with the token that opens it without login."""
        self.ensure_one()
        token = self._portal_ensure_token()
        return f"{self.get_base_url()}/my/orders/{self.id}/status?access_token={token}"
