from odoo import fields, models
from odoo.tools import SQL

# Tolerances in hours, as system parameters, since every customer-facing figure must use the same.
EARLY, LATE = "order_fulfilment.service_early_hours", "order_fulfilment.service_late_hours"
OPEN_STAGES = ("entered", "released", "picked", "packed")


class FulfilmentService(models.Model):
    """Service figures by order line; the same definitions as ``tools/service_figures.py``.

    A line counts once it is delivered, or once it is open past its date: rates are averages of what counts.
    """

    _name = "fulfilment.service"
    _description = "Service Figures"
    _auto = False
    _order = "date_order desc, id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", readonly=True)
    line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True)
    date_order = fields.Datetime("Ordered", readonly=True)
    requested_deadline = fields.Datetime("Requested", readonly=True)
    first_deadline = fields.Datetime("First promised", readonly=True)
    deadline = fields.Datetime("Promised", readonly=True)
    delivered_at = fields.Datetime(
        "Delivered", readonly=True, help="Arrival of the last of it; else its shipping."
    )
    lead_days = fields.Float("Lead time (days)", readonly=True, aggregator="avg")
    backorder_days = fields.Float("Overdue for (days)", readonly=True, aggregator="avg")
    in_full = fields.Float(
        "In full", readonly=True, aggregator="avg", help="Share of lines delivered completely."
    )
    on_time = fields.Float("On time (promise)", readonly=True, aggregator="avg")
    on_time_requested = fields.Float("On time (request)", readonly=True, aggregator="avg")
    is_otif = fields.Float(
        "OTIF (promise)",
        readonly=True,
        aggregator="avg",
        help="On time by the promise in force, and in full.",
    )
    is_otif_first = fields.Float("OTIF (first promise)", readonly=True, aggregator="avg")
    is_otif_requested = fields.Float("OTIF (request)", readonly=True, aggregator="avg")
    is_perfect = fields.Float(
        "Perfect order",
        readonly=True,
        aggregator="avg",
        help="OTIF by the promise, nothing refused or returned.",
    )

    _depends = {
        "sale.order": [
            "partner_id",
            "company_id",
            "warehouse_id",
            "carrier_id",
            "date_order",
            "state",
            "requested_deadline",
            "first_promise_deadline",
            "promise_deadline",
        ],
        "sale.order.line": ["order_id", "product_id", "fulfilment_ledger"],
    }

    def _get_hours(self, parameter):
        try:
            return float(self.env["ir.config_parameter"].sudo().get_param(parameter) or 0)
        except ValueError:
            return 0.0

    def _on_time(self, deadline):
        """1 or 0, or NULL where the line does not count yet."""
        late = self._get_hours(LATE)
        return SQL(
            """CASE WHEN %(deadline)s IS NULL THEN NULL
                    WHEN delivered_at IS NOT NULL
                    THEN (delivered_at <= %(deadline)s + %(late)s * interval '1 hour')::int::float
                    WHEN now() AT TIME ZONE 'UTC' > %(deadline)s + %(late)s * interval '1 hour' THEN 0.0
                    END""",
            deadline=deadline,
            late=late,
        )

    @property
    def _table_query(self):
        rates = {
            "promised": self._on_time(SQL("deadline")),
            "first": self._on_time(SQL("first_deadline")),
            "requested": self._on_time(SQL("requested_deadline")),
        }
        return SQL(
            """
            SELECT *,
                   EXTRACT(EPOCH FROM delivered_at - date_order) / 86400 AS lead_days,
                   CASE WHEN delivered_at IS NULL AND deadline < now() AT TIME ZONE 'UTC'
                        THEN EXTRACT(EPOCH FROM now() AT TIME ZONE 'UTC' - deadline) / 86400 END AS
                        backorder_days,
                   on_time * in_full AS is_otif,
                   on_time_first * in_full AS is_otif_first,
                   on_time_requested * in_full AS is_otif_requested,
                   on_time * in_full * unharmed AS is_perfect
              FROM (
                SELECT *, %(promised)s AS on_time, %(first)s AS on_time_first, %(requested)s AS
                on_time_requested
                  FROM (%(lines)s) line
              ) timed
            """,
            lines=self._get_lines_query(),
            **rates,
        )

    def _get_lines_query(self):
        """Lines of confirmed orders with what the ledger says; complete means nothing is left to ship."""
        waiting = SQL(" + ").join(
            SQL("COALESCE((line.fulfilment_ledger #>> %s)::numeric, 0)", f"{{stages,{stage},quantity}}")
            for stage in OPEN_STAGES
        )
        return SQL(
            """
            SELECT line.id, line.id AS line_id, line.order_id, line.product_id, sale.company_id,
            sale.partner_id,
                   sale.warehouse_id, sale.carrier_id, sale.date_order, sale.requested_deadline,
                   sale.first_promise_deadline AS first_deadline, sale.promise_deadline AS deadline,
                   CASE WHEN %(waiting)s = 0 THEN COALESCE(
                       (line.fulfilment_ledger #>> '{stages,delivered,time}')::timestamp,
                       (line.fulfilment_ledger #>> '{stages,shipped,time}')::timestamp
                   ) END AS delivered_at,
                   (%(waiting)s = 0 AND line.fulfilment_ledger #> '{stages,cancelled}' IS NULL
                       AND (line.fulfilment_ledger ->> 'refused')::numeric = 0)::int::float AS in_full,
                   ((line.fulfilment_ledger ->> 'refused')::numeric = 0
                       AND line.fulfilment_ledger #> '{stages,returned}' IS NULL)::int::float AS unharmed
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id
             WHERE sale.state = 'sale' AND jsonb_typeof(line.fulfilment_ledger) = 'object'
               AND line.is_delivery IS NOT TRUE
            """,
            waiting=waiting,
        )
