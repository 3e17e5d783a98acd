from odoo import api, fields, models


class AfterSalesTeam(models.Model):
    """Technicians who answer together, with their working time and their mail address."""

    _name = "after.sales.team"
    _description = "Support Team"
    _inherit = ["mail.alias.mixin", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Team leader", help="Is told when a target is missed, and gets what is escalated."
    )
    member_ids = fields.Many2many("res.users", string="Technicians")
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working time",
        check_company=True,
        ondelete="restrict",
        default=lambda self: self.env.company.resource_calendar_id,
        help="Targets of service are counted in these hours; public holidays of the calendar do not count.",
    )
    ticket_ids = fields.One2many("after.sales.ticket", "team_id")

    def _alias_get_creation_values(self):
        """A mail to the team's address opens a ticket of this team."""
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("after.sales.ticket")
        if self.id:
            values["alias_defaults"] = str({"team_id": self.id, "company_id": self.company_id.id})
        return values

    @api.model
    def _get_default(self, company):
        """The first team of ``company``, or none."""
        return self.search([("company_id", "=", company.id)], limit=1)
