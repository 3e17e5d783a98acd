from odoo import api, fields, models
from odoo.exceptions import UserError


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
        for line in (
            self.env["sale.order.line"].sudo().search(domain)
        ):  # the changeover concerns all salespeople
            line._tell_option_finding()

    @api.model
    def _cron_option_changeover(self):
        """Daily: phase-outs, supersessions and dated rules that begin or end today."""
        lines = self.env["sale.order.line"].search(
            [("state", "in", ("draft", "sent")), ("product_id", "!=", False)], order="id"
        )
        self.env["ir.cron"]._commit_progress(remaining=len(lines))
        for line in lines:
            line._tell_option_finding()
            self.env["ir.cron"]._commit_progress(1)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

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
