from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .plain_text import plain_text

MIN_REASON = 5


class AfterSalesTicket(models.Model):
    """Decisions beyond the warranty: by a group of their own, with a reason, kept for good."""

    _inherit = "after.sales.ticket"

    override_ids = fields.One2many("after.sales.goodwill", "ticket_id", readonly=True, copy=False)

    def override_entitlement(self, reason):
        """Grant a cure that the facts do not give; answer the id of the log row."""
        return self._add_goodwill("granted", reason)

    def withdraw_entitlement(self, reason):
        """Take such a decision back; answer the id of the log row."""
        if self.entitlement_code != "goodwill":
            raise UserError(self.env._("[OF-WAR-012] %s has no decision to take back.", self.name))
        return self._add_goodwill("withdrawn", reason)

    def _add_goodwill(self, event, reason):
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("order_fulfilment.group_warranty_override"):
            raise AccessError(
                self.env._("[OF-WAR-010] Only the group “Decide beyond the warranty” may do this. Ask them.")
            )
        reason = plain_text(reason)
        if len(reason) < MIN_REASON:
            raise UserError(self.env._("[OF-WAR-011] Say in a few words why: the reason is kept."))
        row = self.env["after.sales.goodwill"]._log(self, event, reason)
        self.message_post(
            body=self.env._("Warranty decision (%(event)s): %(reason)s", event=event, reason=reason)
        )
        return row.id


class AfterSalesGoodwill(models.Model):
    """Log of decisions beyond the warranty. Rows are added, never changed."""

    _name = "after.sales.goodwill"
    _description = "Warranty Decision"
    _order = "id desc"

    ticket_id = fields.Many2one(
        "after.sales.ticket", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    event = fields.Selection(
        [("granted", "Granted"), ("withdrawn", "Withdrawn")], required=True, readonly=True
    )
    reason = fields.Char(required=True, readonly=True)
    verdict_before = fields.Char("What the facts said", readonly=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True)

    def _log(self, ticket, event, reason):
        """Add a row. The caller has checked who asks; with all rights, as nobody may write rows by hand."""
        values = {"ticket_id": ticket.id, "event": event, "reason": reason, "user_id": self.env.uid}
        return self.sudo().create({**values, "verdict_before": ticket.entitlement_reason})

    def write(self, vals):
        raise UserError(self.env._("[OF-WAR-013] A decision is not changed. Take it back: that adds a row."))

    def unlink(self):
        raise UserError(self.env._("[OF-WAR-013] A decision is not deleted. Take it back: that adds a row."))
