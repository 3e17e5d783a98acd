from odoo import api, fields, models
from odoo.exceptions import UserError

CODES = [
    ("new", "New"),
    ("assigned", "Assigned"),
    ("in_progress", "In progress"),
    ("waiting_customer", "Waiting for the customer"),
    ("solved", "Solved"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
    ("merged", "Merged"),
]


class AfterSalesStage(models.Model):
    """One stage per step of a ticket's life; name and order are free, the step (``code``) is not."""

    _name = "after.sales.stage"
    _description = "Ticket Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean("Folded in kanban")
    code = fields.Selection(CODES, "Step", required=True)
    description = fields.Text(translate=True, help="When a ticket is in this stage, and what to do then.")

    _code_unique = models.UniqueIndex("(code)", "There is one stage for each step of a ticket's life.")

    @api.model
    def _get(self, code):
        """The stage of a step; a clear answer if somebody removed it."""
        stage = self.sudo().search([("code", "=", code)], limit=1)
        if not stage:
            raise UserError(
                self.env._(
                    "[OF-TKT-010] The stage for the step “%s” is missing. Create it under After-sales / "
                    "Configuration / Stages.",
                    dict(CODES)[code],
                )
            )
        return stage.with_env(self.env)

    def write(self, vals):
        if "code" in vals and any(stage.code != vals["code"] for stage in self):
            raise UserError(
                self.env._("[OF-TKT-011] The step of a stage is fixed. Rename the stage, or create another.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for stage in self:
            count = self.env["after.sales.ticket"].sudo().search_count([("stage_id", "=", stage.id)])
            if count:
                raise UserError(
                    self.env._(
                        "[OF-TKT-012] Stage “%(stage)s” is in use by %(count)s tickets. Move these first, or "
                        "fold the stage.",
                        stage=stage.name,
                        count=count,
                    )
                )
