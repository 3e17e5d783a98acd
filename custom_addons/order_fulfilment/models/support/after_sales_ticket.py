from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import ticket_flow
from ..derived import given_derived

PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]


class AfterSalesTicket(models.Model):
    """A customer's request about something that was delivered, from the call to the cure."""

    _name = "after.sales.ticket"
    _description = "After-sales Ticket"
    _inherit = [
        "order.fulfilment.named",
        "mail.thread.cc",
        "mail.activity.mixin",
        "portal.mixin",
        "rating.mixin",
    ]
    _order = "priority desc, id desc"
    _primary_email = "email_from"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    subject = fields.Char(required=True, tracking=True)
    description = fields.Text()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one("after.sales.team", index="btree_not_null", check_company=True, tracking=True)
    stage_id = fields.Many2one(
        "after.sales.stage",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        ondelete="restrict",
        group_expand="_read_group_stage_id",
        default=lambda self: self.env["after.sales.stage"]._get("new"),
    )
    stage_code = fields.Selection(related="stage_id.code", string="Step", store=True)
    is_open = fields.Boolean(compute="_compute_is_open", store=True)
    category_id = fields.Many2one(
        "after.sales.category", index="btree_not_null", check_company=True, tracking=True
    )
    symptom_id = fields.Many2one("after.sales.symptom", index="btree_not_null")
    cause_id = fields.Many2one("after.sales.cause", index="btree_not_null", tracking=True)
    priority = fields.Selection(PRIORITIES, default="1", required=True, tracking=True)
    user_id = fields.Many2one("res.users", "Owner", index="btree_not_null", tracking=True, copy=False)
    channel = fields.Selection(
        [
            ("form", "Form"),
            ("phone", "Phone"),
            ("portal", "Portal"),
            ("public", "Public page"),
            ("mail", "Mail"),
            ("api", "Other system"),
        ],
        default="form",
        required=True,
        readonly=True,
    )

    partner_id = fields.Many2one(
        "res.partner", "Contact", index="btree_not_null", check_company=True, tracking=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer", store=True, index="btree_not_null"
    )
    email_from = fields.Char("Mail address")
    phone = fields.Char()
    product_id = fields.Many2one("product.product", index="btree_not_null", check_company=True)
    lot_id = fields.Many2one("stock.lot", "Serial or lot", index="btree_not_null", check_company=True)
    sale_order_id = fields.Many2one("sale.order", "Order", index="btree_not_null", check_company=True)
    sale_line_id = fields.Many2one(
        "sale.order.line", "Order line", index="btree_not_null", check_company=True
    )
    picking_id = fields.Many2one("stock.picking", "Delivery", index="btree_not_null", check_company=True)
    invoice_id = fields.Many2one("account.move", index="btree_not_null", check_company=True)
    counter_reading = fields.Float(help="Kilometres, operating hours, cycles: what the warranty counts.")

    event_ids = fields.One2many("after.sales.ticket.event", "ticket_id", readonly=True, copy=False)
    opened_at = fields.Datetime(compute="_compute_facts", store=True, index=True)
    first_answered_at = fields.Datetime("First answer", compute="_compute_facts", store=True)
    solved_at = fields.Datetime("Solved", compute="_compute_facts", store=True, index=True)
    closed_at = fields.Datetime("Closed", compute="_compute_facts", store=True)
    reopen_count = fields.Integer("Times reopened", compute="_compute_facts", store=True)
    reply_count = fields.Integer("Replies of the customer", compute="_compute_facts", store=True)

    _name_unique = models.UniqueIndex("(name) WHERE name != '/'", "This ticket number is taken.")
    _counter = models.Constraint(
        "CHECK (counter_reading >= 0 AND counter_reading < 1000000000000)",
        "[OF-TKT-417] The counter reading is a number, zero or more.",
    )
    _open_list = models.Index("(priority DESC, id DESC) WHERE is_open")
    _all_list = models.Index("(priority DESC, id DESC)")

    @api.depends("stage_id.code")
    def _compute_is_open(self):
        for ticket in self:
            ticket.is_open = ticket_flow.is_open(ticket.stage_id.code)

    @api.depends("event_ids")
    def _compute_facts(self):
        for ticket in self:
            facts = ticket_flow.facts(ticket.sudo().event_ids._as_rules())
            ticket.opened_at = facts.opened_at
            ticket.first_answered_at = facts.answered_at
            ticket.solved_at = facts.solved_at
            ticket.closed_at = facts.closed_at
            ticket.reopen_count = facts.reopened
            ticket.reply_count = facts.replies

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = f"{ticket.name} {ticket.subject or ''}".strip()

    @api.model
    def _read_group_stage_id(self, stages, domain):
        return stages.search([])

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            self._refuse_derived(vals, creating=True)
            vals["name"] = self.env["ir.sequence"].sudo().next_by_code("after.sales.ticket") or "/"
        tickets = super().create(vals_list)
        tickets._after_create()
        return tickets

    def _after_create(self):
        """Note how each ticket began. Hook: capabilities of the ticket add what is due at the beginning."""
        for ticket in self:
            self.env["after.sales.ticket.event"]._log(ticket, "opened", after=ticket.stage_id.code)

    def write(self, vals):
        self._refuse_derived(vals)
        if "stage_id" not in vals:
            return super().write(vals)
        before = {ticket: ticket.stage_id.code for ticket in self}
        stage = vals["stage_id"] if isinstance(vals["stage_id"], int) else False
        self._check_transition(self.env["after.sales.stage"].browse(stage))
        done = super().write(vals)
        self._log_stages(before)
        return done

    @api.model
    def _refuse_derived(self, vals, creating=False):
        """Whoever could write what is read from the events could rewrite what happened."""
        if given := given_derived(self, vals, creating=creating):
            raise UserError(
                self.env._(
                    "[OF-TKT-021] %s follow from what happened to the ticket and cannot be set.",
                    ", ".join(given),
                )
            )
