from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.tracking.local_day import end_of_named_day
from ..tools.tracking.page_access import without_control

ACCOUNTING = "order_fulfilment.group_manager,account.group_account_invoice,account.group_account_readonly"
# Lines of which more or less was shipped than invoiced by then, and those only the ledger can count: kits
# and what was refused. In the unit in which all units of a kind can be compared.
CANDIDATES_SQL = """
WITH moved AS (
    SELECT move.sale_line_id AS line_id,
           BOOL_OR(move.product_id <> line.product_id) AS is_kit,
           SUM(CASE WHEN source.usage = 'customer' OR (source.usage = 'transit' AND source.company_id IS NULL)
                    THEN -1 ELSE 1 END * move.quantity * unit.factor) AS quantity
      FROM stock_move move
      JOIN sale_order_line line ON line.id = move.sale_line_id AND line.company_id = %(company)s
      JOIN uom_uom unit ON unit.id = move.product_uom
      JOIN stock_location source ON source.id = move.location_id
      JOIN stock_location dest ON dest.id = move.location_dest_id
     WHERE move.state = 'done' AND move.date <= %(moment)s
       AND (move.to_refund OR (move.origin_returned_move_id IS NULL AND source.usage <> 'customer'))
       AND (dest.usage = 'customer' OR (dest.usage = 'transit' AND dest.company_id IS NULL)
            OR source.usage = 'customer' OR (source.usage = 'transit' AND source.company_id IS NULL))
  GROUP BY move.sale_line_id
), billed AS (
    SELECT rel.order_line_id AS line_id,
           SUM(CASE WHEN entry.move_type = 'out_refund' THEN -1 ELSE 1 END * item.quantity * unit.factor)
               AS quantity
      FROM account_move_line item
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
      JOIN account_move entry ON entry.id = item.move_id AND entry.state = 'posted'
      JOIN uom_uom unit ON unit.id = item.product_uom_id
     WHERE entry.invoice_date <= %(day)s AND item.company_id = %(company)s
  GROUP BY rel.order_line_id
)
SELECT line.id
  FROM sale_order_line line
  LEFT JOIN moved ON moved.line_id = line.id
  LEFT JOIN billed ON billed.line_id = line.id
 WHERE (moved.line_id IS NOT NULL OR billed.line_id IS NOT NULL)
   AND line.company_id = %(company)s AND line.qty_delivered_method = 'stock_move'
   AND (moved.is_kit OR abs(COALESCE(moved.quantity, 0) - COALESCE(billed.quantity, 0)) > 0.0000001
        OR EXISTS (SELECT FROM delivery_proof_line proof
                    WHERE proof.sale_line_id = line.id AND proof.quantity_refused > 0))
 ORDER BY line.order_id, line.id
"""


class FulfilmentAccrual(models.TransientModel):
    """Shipped, not yet invoiced, at the end of any day: the accrual that closes a period."""

    _name = "fulfilment.accrual"
    _description = "Shipped, Not Yet Invoiced"

    as_of = fields.Date("At the end of", required=True, default=fields.Date.context_today)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many("fulfilment.accrual.line", "accrual_id", readonly=True)

    def action_show(self):
        """List what was shipped and not invoiced, and what was invoiced ahead, at the end of the day."""
        self.ensure_one()
        self.line_ids.unlink()
        rows = self._gather(self.company_id, self.as_of)
        self.env["fulfilment.accrual.line"].create([{**row, "accrual_id": self.id} for row in rows])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_fulfilment.action_fulfilment_accrual_line"
        )
        title = self.env._("Shipped, not yet invoiced at the end of %s", self.as_of)
        return {**action, "name": title, "display_name": title, "domain": [("accrual_id", "=", self.id)]}

    @api.model
    def get_open_at(self, as_of, company_id=None):
        """What was shipped and not invoiced at the end of a day, as plain values with totals.

        :param as_of: day, "YYYY-MM-DD"
        :param company_id: one of the caller's companies; none: the current one
        """
        company = self._get_company(company_id)
        self._check_may_see(company)
        try:
            day = fields.Date.to_date(as_of)
        except (TypeError, ValueError):
            day = None
        if not day:
            said = without_control(str(as_of))[:64]
            raise UserError(self.env._("[OF-ACC-001] %s is no date; write it as 2026-11-30.", said))
        rows = [self._as_plain(row) for row in self._gather(company, day)]
        return {
            "as_of": str(day),
            "company": company.name,
            "currency": company.currency_id.name,
            "amount": company.currency_id.round(sum(row["amount"] for row in rows)),
            "amount_ahead": company.currency_id.round(sum(row["amount_ahead"] for row in rows)),
            "lines": rows,
        }

    def _get_company(self, company_id):
        """The caller's company meant, by default the current one; none if it is no id of theirs."""
        if company_id is None or company_id is False:
            return self.env.company
        return self.env.companies.filtered(
            lambda company: type(company_id) is int and company.id == company_id
        )

    def _as_plain(self, row):
        line = self.env["sale.order.line"].sudo().browse(row["order_line_id"])
        return {
            **row,
            "order": line.order_id.name,
            "product": line.product_id.default_code or line.product_id.display_name,
            "unit": line.product_uom_id.name,
            "currency": line.currency_id.name,
            "last_shipped": fields.Datetime.to_string(row["last_shipped"]) or "",
        }

    @api.model
    def _check_may_see(self, company):
        if not any(self.env.user.has_group(group) for group in ACCOUNTING.split(",")):
            raise AccessError(self.env._("[OF-ACC-003] Only accountants and managers see these figures."))
        if company not in self.env.companies:
            raise AccessError(self.env._("[OF-ACC-002] Choose one of your own companies."))

    @api.model
    def _gather(self, company, day):
        """Values of all open lines of the company, whoever sold them: the books are not per salesperson."""
        self._check_may_see(company)
        moment = end_of_named_day(day, company.partner_id.tz or self.env.user.tz or "UTC")
        self.env.flush_all()
        query = SQL(CANDIDATES_SQL, company=company.id, moment=moment, day=day)
        found = [line_id for (line_id,) in self.env.execute_query(query)]
        lines = self.env["sale.order.line"].sudo().with_company(company).browse(found)
        lines._prefetch_ledger()
        return [row for line in lines if (row := line._prepare_accrual(moment, day))]


class FulfilmentAccrualLine(models.TransientModel):
    """One order line of which something was open that day."""

    _name = "fulfilment.accrual.line"
    _description = "Shipped, Not Yet Invoiced: Line"
    _rec_name = "order_line_id"

    accrual_id = fields.Many2one("fulfilment.accrual", required=True, readonly=True, ondelete="cascade")
    as_of = fields.Date(related="accrual_id.as_of")
    company_id = fields.Many2one(related="accrual_id.company_id", store=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    order_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="cascade")
    order_id = fields.Many2one(related="order_line_id.order_id", store=True)
    partner_id = fields.Many2one(related="order_id.partner_invoice_id", string="Payer", store=True)
    product_id = fields.Many2one(related="order_line_id.product_id", store=True)
    product_uom_id = fields.Many2one(related="order_line_id.product_uom_id", string="Unit")
    currency_id = fields.Many2one(related="order_line_id.currency_id", store=True)
    last_shipped = fields.Datetime(readonly=True)
    quantity = fields.Float("Not invoiced", digits="Product Unit", readonly=True)
    quantity_ahead = fields.Float("Invoiced ahead", digits="Product Unit", readonly=True)
    amount_currency = fields.Monetary("Value (order currency)", readonly=True, aggregator=None)
    amount = fields.Monetary("Value", currency_field="company_currency_id", readonly=True, aggregator="sum")
    amount_ahead = fields.Monetary(
        "Invoiced ahead (value)", currency_field="company_currency_id", readonly=True, aggregator="sum"
    )
