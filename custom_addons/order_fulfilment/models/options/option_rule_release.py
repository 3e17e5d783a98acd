from odoo import fields, models

from .shared_json import SharedJson


class OptionRuleRelease(models.Model):
    """A numbered, frozen copy of a rule set. Nobody may write or delete one."""

    _name = "option.rule.release"
    _description = "Option Rule Release"
    _order = "set_id, revision desc"
    _rec_name = "revision"

    set_id = fields.Many2one("option.rule.set", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="set_id.company_id", store=True)
    revision = fields.Integer(required=True, readonly=True)
    definition = SharedJson(readonly=True, help="The rules; nothing where there were none.")
    create_uid = fields.Many2one("res.users", string="Released By", readonly=True)
    create_date = fields.Datetime(string="Released On", readonly=True)

    _revision_unique = models.UniqueIndex("(set_id, revision)")
