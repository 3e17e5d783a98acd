from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class OptionRuleSet(models.Model):
    """Option rules of one end item, or shared by several.

    Rules are edited here and take effect when *released*: a release is a frozen, numbered copy. So nobody's
    open quotation changes while someone is typing, and a confirmed order can name the revision it obeyed.
    """

    _name = "option.rule.set"
    _description = "Option Rule Set"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "option_rule_set_product_template_rel",
        "set_id",
        "product_tmpl_id",
        string="End Items",
    )
    rule_ids = fields.One2many("option.rule", "set_id", string="Rules", copy=True)
    release_ids = fields.One2many("option.rule.release", "set_id", string="Releases")
    revision = fields.Integer(readonly=True, copy=False, help="The release in force; 0: none yet.")
    is_changed = fields.Boolean(
        string="Unreleased Changes",
        compute="_compute_is_changed",
        help="The rules differ from the release in force.",
    )

    @api.depends(
        "rule_ids.write_date", "rule_ids.term_ids.write_date", "rule_ids.row_ids.write_date", "revision"
    )
    def _compute_is_changed(self):
        for rule_set in self:
            release = rule_set._current_release()
            rule_set.is_changed = rule_set._definition() != (release.definition or [])

    def write(self, vals):
        if "revision" in vals:
            raise UserError(self.env._("[OF-OPT-042] A revision comes into force by releasing it."))
        before = self.product_tmpl_ids
        result = super().write(vals)
        if {"product_tmpl_ids", "active", "company_id"} & vals.keys():
            (before | self.product_tmpl_ids)._touch_option_model()
            self.product_tmpl_ids._check_rules_in_force()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_released(self):
        if any(rule_set.release_ids for rule_set in self):
            raise UserError(
                self.env._("[OF-OPT-013] A released rule set stays for its orders' sake; archive it instead.")
            )

    def _current_release(self):
        self.ensure_one()
        return self.release_ids.filtered(lambda release: release.revision == self.revision)[:1]

    def _definition(self):
        """Return the rules as they stand, as plain JSON."""
        self.ensure_one()
        return [
            rule._as_definition()
            for rule in self.rule_ids.filtered("active").sorted(lambda r: (r.sequence, r.id))
        ]

    def action_release(self):
        """Check the rules on every end item and put them in force as the next revision."""
        for rule_set in self:
            rule_set._check_before_release()
            rule_set._release()
        return True

    def action_check(self):
        """Show what the model check finds, without releasing."""
        self.ensure_one()
        self._check_before_release()
        lines = [text for template in self.product_tmpl_ids for text in template._option_check_texts(self)]
        message = "\n".join(lines) or self.env._("No contradiction, and every option can be chosen.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "sticky": True, "title": self.name, "message": message},
        }

    def _release(self):
        self.ensure_one()
        revision = max(self.release_ids.mapped("revision"), default=0) + 1
        self.env["option.rule.release"].sudo().create(  # nobody may write releases but through here
            {"set_id": self.id, "revision": revision, "definition": self._definition()}
        )
        # past our own write, which takes none
        super().write({"revision": revision})  # pylint: disable=super-method-mismatch
        self.product_tmpl_ids._touch_option_model()
        self.message_post(body=self.env._("Revision %s released.", revision))
        self.env["sale.order"]._recheck_open_quotations(self.product_tmpl_ids)

    def _check_before_release(self):
        self.ensure_one()
        if not self.product_tmpl_ids:
            raise ValidationError(
                self.env._("[OF-OPT-010] “%s” names no end item yet: add at least one.", self.name)
            )
        for rule in self.rule_ids.filtered("active"):
            rule._check_complete()
            rule._check_values_known(self.product_tmpl_ids)
        for template in self.product_tmpl_ids:
            others = template.sudo().option_rule_set_ids.company_id  # what of their rules meets ours counts
            for company in self.company_id or others | self.env.company:
                template.sudo().with_company(company)._check_option_contradictions(self)
