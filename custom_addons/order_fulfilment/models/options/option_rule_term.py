from odoo import api, fields, models


class OptionRuleTerm(models.Model):
    """ "Any of these options" or "none of these", on the *if* or the *then* side of a rule."""

    _name = "option.rule.term"
    _description = "Option Rule Term"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one("option.rule", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    role = fields.Selection([("condition", "If"), ("term", "Then")], required=True, default="term")
    negated = fields.Boolean(string="Not", help="The line holds when none of the options is chosen.")
    value_ids = fields.Many2many("product.attribute.value", string="Any of", required=True)

    @api.depends("negated", "value_ids")
    def _compute_display_name(self):
        for term in self:
            text = self.env._(" or ").join(term.value_ids.mapped("display_name"))
            term.display_name = self.env._("not %s", text) if term.negated else text

    def _as_definition(self):
        self.ensure_one()
        return {"values": sorted(self.value_ids.ids), "negated": self.negated}
