from odoo import api, fields, models
from odoo.exceptions import UserError

CHANGEOVER_BATCH = 200
CHANGEOVER_FROM = "order_fulfilment.option_changeover_from"  # the line where the job goes on
# Open lines that a new day can make impossible or possible again: not the plain articles of a long quotation
CHANGEABLE = [
    ("state", "in", ("draft", "sent")),
    "|",
    ("option_notice", "!=", False),
    "|",
    ("product_id.product_tmpl_id.attribute_line_ids", "!=", False),
    "|",
    ("product_id.product_tmpl_id.phase_in_date", "!=", False),
    "|",
    ("product_id.product_tmpl_id.phase_out_date", "!=", False),
    ("product_id.product_tmpl_id.successor_id", "!=", False),
]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _confirmation_error_message(self):
        """Refuse a quotation whose options have become impossible, with the reason."""
        message = super()._confirmation_error_message()
        if message or not self.env["order.fulfilment.capability"]._is_on("options"):
            return message
        refusals = list(filter(None, (line._option_refusal() for line in self.order_line)))
        return "\n".join(refusals) or False

    @api.constrains("state")
    def _constrain_options(self):
        """Whoever writes the state directly meets the same verdict; confirmation has asked already."""
        passed = set().union(*(run.passed for run in self._gate_runs()))
        if not self.env["order.fulfilment.capability"]._is_on("options"):
            return
        for order in self.filtered(lambda order: order.state == "sale" and order.id not in passed):
            refusals = list(filter(None, (line._option_refusal() for line in order.order_line)))
            if refusals:
                raise UserError("\n".join(refusals))

    def write(self, vals):
        """What was agreed is frozen with the confirmation, and open again with the quotation."""
        result = super().write(vals)
        if vals.get("state") == "sale":
            self.order_line._freeze_options()
        elif vals.get("state") in ("draft", "sent"):
            self.order_line._thaw_options()
        return result

    @api.model
    def _recheck_open_quotations(self, templates=None):
        """Look at open quotations again and tell the salesperson about lines that cannot be ordered any more.

        ``templates``: only lines of these end items. A finding is told once and stays on the line.
        """
        domain = [("state", "in", ("draft", "sent")), ("product_id", "!=", False)]
        if templates is not None:
            domain.append(("product_template_id", "in", templates.ids))
        # In superuser mode: the changeover concerns all salespeople.
        self.env["sale.order.line"].sudo().search(domain)._tell_option_findings()

    @api.model
    def _cron_option_changeover(self):
        """Daily: phase-outs, supersessions and dated rules that begin or end today.

        Goes on in its next turn with the line where its time was over.
        """
        jobs, parameters = self.env["ir.cron"], self.env["ir.config_parameter"]
        begin = int(parameters.get_param(CHANGEOVER_FROM, 0))
        lines = self.env["sale.order.line"].search([*CHANGEABLE, ("id", ">=", begin)], order="id")
        jobs._commit_progress(remaining=len(lines))
        for start in range(0, len(lines), CHANGEOVER_BATCH):
            lines[start : start + CHANGEOVER_BATCH]._tell_option_findings()
            rest = lines[start + CHANGEOVER_BATCH :]
            time_left = jobs._commit_progress(min(CHANGEOVER_BATCH, len(lines) - start))
            if rest and not time_left:
                parameters.set_param(CHANGEOVER_FROM, rest[0].id)
                return
        if begin:
            parameters.set_param(CHANGEOVER_FROM, False)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _tell_option_findings(self):
        for line in self:
            line._tell_option_finding()

    def _tell_option_finding(self):
        """Note on the line what is wrong with it now, and give the salesperson an activity; both once."""
        self.ensure_one()
        finding = self._option_refusal()
        if finding == (self.option_notice or ""):
            return
        if finding:
            self.option_notice = finding
            self.order_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Options to be changed"),
                note=f"{self.product_id.display_name}: {finding}",
                user_id=(self.order_id.user_id or self.env.user).id,
                date_deadline=fields.Date.context_today(self),
            )
        elif (self.option_notice or "").startswith("[OF-OPT-"):
            self.option_notice = False
