from odoo import api, fields, models

# In the context while the first message of a new ticket is posted: the request itself is neither an answer
# nor a reply. An object, so that no client can send it.
OPENING = object()
SPOKEN = ("comment", "email")


class AfterSalesTicket(models.Model):
    """What is said on a ticket: whose turn it is follows from who spoke, whatever the channel."""

    _inherit = "after.sales.ticket"

    last_reply_at = fields.Datetime("Last reply of the customer", readonly=True, copy=False)

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if message.subtype_id == self.env.ref("mail.mt_comment") and message.message_type in SPOKEN:
            self._hear(message)
        return result

    def _hear(self, message):
        """A word to the customer is an answer; a word of the customer gives the ticket back to us."""
        if self.env.context.get("order_fulfilment_opening") is OPENING:
            return
        if self._is_ours(message.author_id):
            self._note_answer()
        else:
            self._note_reply()

    @api.model
    def _is_ours(self, author):
        """Whether an author works here: the automatic sender and portal users do not."""
        users = author.sudo().with_context(active_test=False).user_ids
        robot = self.env.ref("base.partner_root")
        return author != robot and any(user._is_internal() and user.active for user in users)

    def _note_answer(self):
        for ticket in self.sudo().filtered(lambda ticket: not ticket.first_answered_at):
            self.env["after.sales.ticket.event"]._log(ticket, "answered")
            ticket.sla_status_ids._judge()

    def _note_reply(self):
        """Note the reply; who was asked has answered, and what he calls unsolved is open again."""
        for ticket in self.sudo():
            self.env["after.sales.ticket.event"]._log(ticket, "replied")
            ticket.last_reply_at = fields.Datetime.now()
            code = ticket.stage_id.code
            if code == "waiting_customer" or code in ("solved", "closed", "cancelled"):
                ticket._move_to("in_progress")

    def _is_party(self, partner):
        """Whether ``partner`` belongs to this ticket's customer."""
        own = self.commercial_partner_id
        return bool(own) and partner.commercial_partner_id == own

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _log_stages(self, before):
        """A solved ticket asks the customer for his mark; by mail, in his language."""
        result = super()._log_stages(before)
        solved = self.filtered(lambda ticket: ticket.stage_id.code == "solved" != before[ticket])
        solved._send_to_customer("order_fulfilment.mail_template_ticket_solved")
        return result
