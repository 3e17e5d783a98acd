from datetime import datetime, time

from pytz import timezone, utc

from odoo import api, fields, models

# Averages leave out tickets without a value. The help of each field defines it, and stands on the screen.
MEASURES = (
    "first_contact",
    "answer_hours",
    "solve_hours",
    "reopened",
    "backlog_days",
    "sla_kept",
    "satisfaction",
    "cost",
)


class AfterSalesFigures(models.Model):
    """The measures of support, a row per ticket; merged and cancelled tickets do not count."""

    _name = "after.sales.figures"
    _description = "Support Figures"
    _auto = False
    _order = "opened_at desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("after.sales.ticket", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("after.sales.team", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    category_id = fields.Many2one("after.sales.category", readonly=True)
    cause_id = fields.Many2one("after.sales.cause", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    opened_at = fields.Datetime("Opened", readonly=True)
    solved_at = fields.Datetime("Solved", readonly=True)
    first_contact = fields.Float(
        "First-contact resolution",
        aggregator="avg",
        readonly=True,
        help="Share of solved tickets that were never opened again and whose customer did not "
        "have to write a second time.",
    )
    answer_hours = fields.Float(
        "Hours to answer",
        aggregator="avg",
        readonly=True,
        help="From opening to our first answer, in the team's working hours; time in which the "
        "customer was asked does not count.",
    )
    solve_hours = fields.Float(
        "Hours to solve",
        aggregator="avg",
        readonly=True,
        help="From opening to the last time it was solved, in the team's working hours, without "
        "waiting for the customer.",
    )
    reopened = fields.Float(
        aggregator="avg",
        readonly=True,
        help="Share of tickets once solved that were opened again.",
    )
    backlog_days = fields.Float(
        "Backlog age (days)",
        aggregator="avg",
        readonly=True,
        help="Age of the tickets that are open now, in calendar days.",
    )
    sla_kept = fields.Float(
        "Service level kept",
        aggregator="avg",
        readonly=True,
        help="Share of tickets with all decided targets kept; a ticket counts once one of its "
        "targets is decided.",
    )
    satisfaction = fields.Float(
        aggregator="avg",
        readonly=True,
        help="Average of the customers' last marks, from 1 (bad) to 5 (good).",
    )
    cost = fields.Float(
        "Cost per ticket",
        aggregator="avg",
        readonly=True,
        help="Parts of repairs and replaced goods at their present cost, and credit notes without tax, in "
        "the company's currency.",
    )

    @property
    def _table_query(self):
        return f"""
            SELECT t.id, t.id AS ticket_id, t.company_id, t.team_id, t.user_id, t.category_id, t.cause_id,
                   t.product_id, t.opened_at, t.solved_at,
                   CASE WHEN t.solved_at IS NOT NULL THEN t.is_first_contact::int END AS first_contact,
                   CASE WHEN t.first_answered_at IS NOT NULL THEN t.answer_hours END AS answer_hours,
                   CASE WHEN t.solved_at IS NOT NULL THEN t.solve_hours END AS solve_hours,
                   CASE WHEN t.solved_at IS NOT NULL OR t.reopen_count > 0
                        THEN (t.reopen_count > 0)::int END AS reopened,
                   CASE WHEN t.is_open
                        THEN extract(epoch FROM now() AT TIME ZONE 'UTC' - t.opened_at) / 86400
                   END AS backlog_days,
                   sla.kept AS sla_kept, mark.rating AS satisfaction, coalesce(cost.amount, 0) AS cost
              FROM after_sales_ticket t
              LEFT JOIN ({self._get_sla_query()}) sla ON sla.ticket_id = t.id
              LEFT JOIN ({self._get_mark_query()}) mark ON mark.ticket_id = t.id
              LEFT JOIN ({self._get_cost_query()}) cost ON cost.ticket_id = t.id
             WHERE t.stage_code NOT IN ('merged', 'cancelled')
        """

    @api.model
    def _get_sla_query(self):
        return """SELECT ticket_id, bool_and(state = 'kept')::int AS kept FROM after_sales_sla_status
                   WHERE state IN ('kept', 'missed') GROUP BY ticket_id"""

    @api.model
    def _get_mark_query(self):
        return """SELECT DISTINCT ON (res_id) res_id AS ticket_id, rating FROM rating_rating
                   WHERE res_model = 'after.sales.ticket' AND consumed AND rating >= 1
                   ORDER BY res_id, write_date DESC, id DESC"""

    @api.model
    def _get_cost_query(self):
        """(ticket_id, amount): what the documents of the cure cost."""
        return """SELECT ticket_id, sum(amount) AS amount FROM (
                SELECT line.ticket_id, used.quantity_product_uom
                       * coalesce((part.standard_price->>line.company_id::text)::numeric, 0) AS amount
                  FROM after_sales_return_line line
                  JOIN stock_move move ON move.repair_id = line.repair_id AND move.repair_line_type = 'add'
                                      AND move.state = 'done'
                  JOIN stock_move_line used ON used.move_id = move.id
                  JOIN product_product part ON part.id = move.product_id
                UNION ALL
                SELECT line.ticket_id, sold.qty_delivered * charged.factor / own.factor
                       * coalesce((goods.standard_price->>line.company_id::text)::numeric, 0)
                  FROM after_sales_return_line line
                  JOIN sale_order_line sold ON sold.id = line.replacement_line_id
                  JOIN product_product goods ON goods.id = sold.product_id
                  JOIN product_template model ON model.id = goods.product_tmpl_id
                  JOIN uom_uom own ON own.id = model.uom_id
                  JOIN uom_uom charged ON charged.id = sold.product_uom_id
                UNION ALL
                SELECT line.ticket_id, credit.balance
                  FROM after_sales_return_line line
                  JOIN account_move_line credit ON credit.return_line_id = line.id
                                               AND credit.parent_state = 'posted'
            ) every GROUP BY ticket_id"""


class AfterSalesFiguresBoard(models.TransientModel):
    """The figures of a period on one page, each beside the words that define it."""

    _name = "after.sales.figures.board"
    _description = "Support Figures of a Period"

    date_from = fields.Date(
        "Opened from", default=lambda self: fields.Date.context_today(self).replace(day=1)
    )
    date_to = fields.Date("to", default=fields.Date.context_today)
    team_id = fields.Many2one("after.sales.team")
    category_id = fields.Many2one("after.sales.category")
    line_ids = fields.Many2many("after.sales.figures.line", compute="_compute_line_ids")

    def _compute_display_name(self):
        self.display_name = self.env._("Support figures")

    @api.depends("date_from", "date_to", "team_id", "category_id")
    def _compute_line_ids(self):
        for board in self:
            board.line_ids = self.env["after.sales.figures.line"].create(board._prepare_lines())

    def _prepare_lines(self):
        figures = self.env["after.sales.figures"]
        aggregates = [f"{name}:{kind}" for name in MEASURES for kind in ("avg", "count")]
        [row] = figures._read_group(self._get_domain(), aggregates=["__count", *aggregates])
        lines = [{"name": self.env._("Tickets"), "value": row[0], "count": row[0], "definition": ""}]
        for number, name in enumerate(MEASURES):
            field, (average, count) = figures._fields[name], row[1 + 2 * number : 3 + 2 * number]
            lines.append(
                {
                    "name": field._description_string(self.env),
                    "definition": field._description_help(self.env),
                    "value": average or 0,
                    "count": count,
                }
            )
        return lines

    def _get_domain(self):
        domain = []
        if self.date_from:
            domain.append(("opened_at", ">=", self._get_midnight(self.date_from)))
        if self.date_to:
            domain.append(("opened_at", "<", self._get_midnight(fields.Date.add(self.date_to, days=1))))
        chosen = [name for name in ("team_id", "category_id") if self[name]]
        domain += [(name, "=", self[name].id) for name in chosen]
        return domain

    def _get_midnight(self, day):
        """When ``day`` begins where the reader is, in UTC."""
        zone = timezone(self.env.user.tz or self.env.company.partner_id.tz or "UTC")
        return zone.localize(datetime.combine(day, time.min)).astimezone(utc).replace(tzinfo=None)


class AfterSalesFiguresLine(models.TransientModel):
    """One figure of the page."""

    _name = "after.sales.figures.line"
    _description = "Support Figure"

    name = fields.Char("Figure", readonly=True)
    value = fields.Float(digits=(16, 6), readonly=True)
    count = fields.Integer("Tickets counted", readonly=True)
    definition = fields.Char(readonly=True)
