import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.support import return_rules
from ..derived import given_derived

STATES = [
    ("draft", "Asked for"),
    ("confirmed", "Authorised"),
    ("in_progress", "Received"),
    ("done", "Settled"),
    ("cancel", "Cancelled"),
]

ADVANCE_STATES = ("confirmed", "in_progress")  # in which goods replaced in advance are awaited


class AfterSalesReturn(models.Model):
    """Authority to return goods (RMA), of one or several orders, from the request to its settlement."""

    _name = "after.sales.return"
    _description = "Return (RMA)"
    _inherit = ["order.fulfilment.named", "portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    ticket_id = fields.Many2one(
        "after.sales.ticket", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, check_company=True, tracking=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True, string="Company of the customer"
    )
    user_id = fields.Many2one("res.users", "Owner", tracking=True, default=lambda self: self._default_owner())
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, tracking=True, index=True
    )
    channel = fields.Selection(
        [("form", "Form"), ("portal", "Portal"), ("recall", "Recall")],
        required=True,
        readonly=True,
        default="form",
    )
    note = fields.Text("What the customer says")
    return_by = fields.Date(
        "Back by", default=lambda self: fields.Date.add(fields.Date.context_today(self), days=14)
    )
    line_ids = fields.One2many("after.sales.return.line", "return_id", copy=True)
    picking_ids = fields.One2many("stock.picking", "return_order_id", "Transfers", readonly=True)
    picking_count = fields.Integer(compute="_compute_counts")
    repair_count = fields.Integer(compute="_compute_counts")
    replacement_count = fields.Integer(compute="_compute_counts")
    refund_count = fields.Integer(compute="_compute_counts")
    is_advance_due = fields.Boolean(compute="_compute_is_advance_due", search="_search_is_advance_due")

    _name_unique = models.UniqueIndex("(name) WHERE name != '/'", "This return number is taken.")

    @api.model
    def _default_owner(self):
        return self.env.user if self.env.user._is_internal() else self.env["res.users"]

    @api.depends("picking_ids", "line_ids.repair_id", "line_ids.replacement_order_id", "line_ids.refund_ids")
    def _compute_counts(self):
        for order in self:
            lines = order.sudo().line_ids
            order.picking_count = len(order.sudo().picking_ids)
            order.repair_count = len(lines.repair_id)
            order.replacement_count = len(lines.replacement_order_id)
            order.refund_count = len(lines.refund_ids)

    @api.depends("return_by", "state", "line_ids.is_advance", "line_ids.quantity_received")
    def _compute_is_advance_due(self):
        today = fields.Date.context_today(self)
        for order in self:
            sent = order.line_ids.filtered(lambda line: line.is_advance and not line.quantity_received)
            late = bool(order.return_by) and order.return_by < today
            order.is_advance_due = bool(sent) and late and order.state in ADVANCE_STATES

    def _search_is_advance_due(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [
            ("state", "in", ADVANCE_STATES),
            ("return_by", "<", fields.Date.context_today(self)),
            ("line_ids", "any", [("is_advance", "=", True), ("quantity_received", "=", 0)]),
        ]

    def _compute_access_url(self):
        super()._compute_access_url()
        for order in self:
            order.access_url = f"/my/returns/{order.id}"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_values(vals) for vals in vals_list])

    @api.model
    def _complete_values(self, vals):
        """A copy with the number: when Odoo retries a request, it passes the same values once more."""
        self._refuse_derived(vals, creating=True)
        vals = {**vals, "name": self.env["ir.sequence"].sudo().next_by_code("after.sales.return") or "/"}
        vals["access_token"] = str(uuid.uuid4())  # now, so that looking at its page writes nothing
        if vals.get("ticket_id") and not vals.get("partner_id"):
            vals["partner_id"] = self.env["after.sales.ticket"].browse(vals["ticket_id"]).partner_id.id
        return vals

    def write(self, vals):
        self._refuse_derived(vals)
        if {"partner_id", "company_id"} & set(vals) and not self.env.su:
            begun = self.filtered(lambda order: order.state != "draft")
            if begun:
                raise UserError(
                    self.env._("[OF-RMA-017] %s is authorised: whose it is cannot be changed.", begun[0].name)
                )
        return super().write(vals)

    def _refuse_derived(self, vals, creating=False):
        if given := given_derived(self, vals, creating=creating):
            raise UserError(
                self.env._("[OF-RMA-001] %s cannot be written. Use the buttons.", ", ".join(given))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for order in self:
            if order.state not in ("draft", "cancel"):
                raise UserError(
                    self.env._("[OF-RMA-002] %s has begun. Cancel it, do not delete it.", order.name)
                )

    # ------------------------------------------------------------ life

    def _go(self, state):
        """Move to ``state`` if the table has that step."""
        for order in self:
            if not return_rules.is_allowed(order.state, state):
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "[OF-RMA-009] Return %(number)s is “%(before)s” and cannot become “%(after)s”.",
                        number=order.name,
                        before=labels[order.state],
                        after=labels[state],
                    )
                )
        self.sudo().write({"state": state})

    def _check_technician(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("order_fulfilment.group_support")):
            raise AccessError(self.env._("[OF-RMA-000] Only support technicians decide about returns."))

    def action_confirm(self):
        """Authorise: check every line against what was delivered, and open Odoo's return transfers."""
        self._check_technician()
        for order in self:
            if not order.line_ids:
                raise UserError(self.env._("[OF-RMA-010] Enter what comes back on %s.", order.name))
            order._go("confirmed")
            # sudo: the technician authorises; the checks below decide, not rights in the warehouse
            order.sudo().line_ids._resolve_deliveries()
            order.sudo()._open_transfers()
            order._tell_customer()
        return True

    def action_cancel(self):
        self._check_technician()
        self._go("cancel")
        self.sudo().picking_ids.filtered(lambda picking: picking.state != "done").action_cancel()
        return True

    def action_draft(self):
        self._check_technician()
        self._go("draft")
        return True

    def action_close(self):
        """Settle what came; what never came stays with the customer."""
        self._check_technician()
        for order in self:
            waiting = order.line_ids.filtered(lambda line: line.quantity_received and not line.is_inspected)
            if waiting:
                raise UserError(
                    self.env._(
                        "[OF-RMA-015] %s: inspect what was received first.",
                        ", ".join(waiting.product_id.mapped("display_name")),
                    )
                )
            order._go("done")
            order.sudo().picking_ids.filtered(lambda picking: picking.state != "done").action_cancel()
        return True

    def _open_transfers(self):
        """One of Odoo's returns per delivery, into the place for returns, not into saleable stock."""
        for picking, lines in self.line_ids.grouped(lambda line: line.move_id.picking_id).items():
            wizard = (
                self.env["stock.return.picking"]
                .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
                .create({"picking_id": picking.id, "return_order_id": self.id})
            )
            wizard.product_return_moves = [
                fields.Command.clear(),
                *(fields.Command.create(line._prepare_return_move()) for line in lines),
            ]
            transfer = wizard._create_return()
            transfer.move_ids.return_line_id._set_announced_lots()

    def _tell_customer(self):
        template = self.env.ref("order_fulfilment.mail_template_return_authorised", raise_if_not_found=False)
        if template and self.partner_id.email:
            template.sudo().send_mail(self.id)

    def _settle_if_done(self):
        """After a receipt, an inspection, or when repaired goods have left."""
        for order in self:
            if order.state == "confirmed" and any(order.line_ids.mapped("quantity_received")):
                order._go("in_progress")
            if order.state == "in_progress" and all(line._is_settled() for line in order.line_ids):
                order._go("done")

    # ------------------------------------------------------------ to the documents

    def action_view_pickings(self):
        return self._view(self.env._("Transfers"), "stock.picking", self.picking_ids)

    def action_view_repairs(self):
        return self._view(self.env._("Repairs"), "repair.order", self.line_ids.repair_id)

    def action_view_replacements(self):
        return self._view(self.env._("Replacements"), "sale.order", self.line_ids.replacement_order_id)

    def action_view_refunds(self):
        return self._view(self.env._("Credit notes"), "account.move", self.sudo().line_ids.refund_ids)

    def _view(self, name, model, records):
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": [("id", "in", records.ids)],
            "views": [(False, "list"), (False, "form")],
        }
