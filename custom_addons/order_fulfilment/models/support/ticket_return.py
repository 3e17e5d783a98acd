from odoo import api, fields, models


class AfterSalesTicket(models.Model):
    """From the ticket to the return and back."""

    _inherit = "after.sales.ticket"

    return_ids = fields.One2many("after.sales.return", "ticket_id", readonly=True, copy=False)
    return_count = fields.Integer(compute="_compute_return_count")

    @api.depends("return_ids")
    def _compute_return_count(self):
        for ticket in self:
            ticket.return_count = len(ticket.return_ids)

    def action_open_return(self):
        """A new return with what the ticket is about."""
        self.ensure_one()
        line = {
            "lot_id": self.lot_id.id,
            "product_id": self.product_id.id,
            "sale_line_id": self.sale_line_id.id,
            "quantity": 1,
        }
        context = {
            "default_ticket_id": self.id,
            "default_partner_id": self.partner_id.id,
            "default_company_id": self.company_id.id,
            "default_line_ids": [fields.Command.create(line)] if self.product_id else [],
        }
        return {
            "type": "ir.actions.act_window",
            "res_model": "after.sales.return",
            "views": [(False, "form")],
            "context": context,
        }

    def action_view_returns(self):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_fulfilment.after_sales_return_action")
        return {**action, "domain": [("ticket_id", "in", self.ids)]}

    def action_override_entitlement(self):
        """Ask for the reason of a decision beyond the warranty."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide beyond the warranty"),
            "res_model": "after.sales.goodwill.grant",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _hand_over(self, target):
        super()._hand_over(target)
        self.sudo().return_ids.ticket_id = target
