from odoo import models
from odoo.fields import Command


class SaleOrder(models.Model):
    """Notices to the customer: by mail and, where it is set up, by SMS; each as the customer chose."""

    _inherit = "sale.order"

    def _after_promise(self, row):
        result = super()._after_promise(row)
        if row.kind == "promised":
            self._send_notice("promise")
        return result

    def _send_notice(self, kind):
        """Tell each customer who wants this kind ("promise", "shipped", "delivered"), by what they chose."""
        if not self or not self.env["order.fulfilment.capability"]._is_on("tracking"):
            return
        for order in self.sudo():  # drivers and carriers cause notices without a right to the order
            order._send_notice_mail(kind)
            order._send_notice_sms(kind)

    def _send_notice_mail(self, kind):
        template = self.env.ref(f"order_fulfilment.mail_template_order_{kind}", raise_if_not_found=False)
        contact = self._get_notice_contact("email")
        if template and contact and self.partner_id._wants_notice(kind, "mail"):
            # Into the queue: who ships does not wait for a mail server.
            template.sudo().send_mail(self.id, email_values={"recipient_ids": [Command.set(contact.ids)]})

    def _send_notice_sms(self, kind):
        contact = self._get_notice_contact("phone")
        if contact and self.partner_id._wants_notice(kind, "sms"):
            text = self.with_context(lang=contact.lang)._get_notice_text(kind)
            self._message_sms(text, partner_ids=contact.ids, put_in_queue=True)

    def _get_notice_contact(self, field):
        """The customer's contact for notices, else who ordered; none if there is no such address."""
        chosen = self.partner_id.commercial_partner_id.notice_contact_id
        return (chosen | self.partner_id).filtered(field)[:1]

    def _get_notice_text(self, kind):
        """The notice in one line, with the link at its end."""
        texts = {
            "promise": self.env._(
                "%(company)s: order %(order)s is now promised for %(when)s. %(url)s",
                company=self.company_id.name,
                order=self.name,
                when=self._get_promise_text(),
                url=self._get_status_url(),
            ),
            "shipped": self.env._(
                "%(company)s: goods of order %(order)s are on their way. %(url)s",
                company=self.company_id.name,
                order=self.name,
                url=self._get_status_url(),
            ),
            "delivered": self.env._(
                "%(company)s: goods of order %(order)s have arrived. %(url)s",
                company=self.company_id.name,
                order=self.name,
                url=self._get_status_url(),
            ),
        }
        return texts[kind]

    def _get_status_url(self):
        """The customer's page, with the token that opens it without login."""
        self.ensure_one()
        token = self._portal_ensure_token()
        return f"{self.get_base_url()}/my/orders/{self.id}/status?access_token={token}"
