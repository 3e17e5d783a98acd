from odoo import api, fields, models
from odoo.tools import SQL

# Tolerances in hours, as system parameters, since every customer-facing figure must use the same.
EARLY, LATE = "order_fulfilment.service_early_hours", "order_fulfilment.service_late_hours"
# Figures that are no average of rows: what stands for each over the rows of a group.
AGGREGATES = {
    "product_of_rates": "AVG(%(table)s.on_time) * AVG(%(table)s.in_full)",
    "lead_spread": "STDDEV_POP(%(table)s.lead_days)",
}
FIGURES = (
    "on_time",
    "in_full",
    "is_otif",
    "product_of_rates",
    "is_otif_first",
    "is_otif_requested",
    "is_perfect",
    "fill_rate",
    "lead_days",
    "lead_spread",
    "backorder_days",
)


class Figure(fields.Float):
    """A figure that is False where the row does not count: zero would say that the promise was broken."""

    def convert_to_record(self, value, record):
        return False if value is None else value


class FulfilmentServiceRates(models.AbstractModel):
    """What service figures of lines, orders and drops have in common; as ``tools/service_figures.py`` says.

    A row counts once it is delivered, or once it is open past its date: rates are averages of what counts.
    ``service_as_of`` in the context (UTC) looks from that moment: what arrived later is still open.
    """

    _name = "fulfilment.service.rates"
    _description = "Service Figures: What All Levels Have"

    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True)
    date_order = fields.Datetime("Ordered", readonly=True)
    requested_deadline = fields.Datetime("Requested", readonly=True)
    first_deadline = fields.Datetime("First promised", readonly=True)
    deadline = fields.Datetime("Promised", readonly=True)
    delivered_at = fields.Datetime(
        "Delivered", readonly=True, help="Arrival of the last of it; else its shipping."
    )
    lead_days = Figure("Lead time (days)", readonly=True, aggregator="avg")
    lead_spread = Figure(
        "Spread of lead time (days)", readonly=True, aggregator="avg", help="Standard deviation."
    )
    backorder_days = Figure(
        "Backorder age (days)", readonly=True, aggregator="avg", help="Open past its date: since then."
    )
    fill_rate = Figure(
        "Fill rate", readonly=True, aggregator="avg", help="Share of the quantity that left by its date."
    )
    in_full = Figure("In full", readonly=True, aggregator="avg", help="Share that was delivered completely.")
    on_time = Figure("On time (promise)", readonly=True, aggregator="avg")
    on_time_requested = Figure("On time (request)", readonly=True, aggregator="avg")
    is_otif = Figure(
        "OTIF (promise)",
        readonly=True,
        aggregator="avg",
        help="On time by the promise in force, and in full.",
    )
    is_otif_first = Figure("OTIF (first promise)", readonly=True, aggregator="avg")
    is_otif_requested = Figure("OTIF (request)", readonly=True, aggregator="avg")
    product_of_rates = Figure(
        "On time × in full (product of rates)",
        readonly=True,
        aggregator="avg",
        help="The rate on time times the rate in full: often quoted as OTIF, and another figure.",
    )
    is_perfect = Figure(
        "Perfect order",
        readonly=True,
        aggregator="avg",
        help="OTIF by the promise, nothing refused or returned.",
    )

    def _read_group_select(self, aggregate_spec, query):
        found = super()._read_group_select(aggregate_spec, query)  # checks the rights
        name, _colon, function = aggregate_spec.partition(":")
        if function == "avg" and name in AGGREGATES:
            return SQL(AGGREGATES[name], table=SQL.identifier(self._table))
        return found

    @api.model
    def _get_hours(self, parameter):
        """A tolerance in hours; None where it is not set or not a number."""
        try:
            return float(self.env["ir.config_parameter"].sudo().get_param(parameter) or "")
        except ValueError:
            return None

    def _get_as_of(self):
        """The moment at which what is open is late or not."""
        return fields.Datetime.to_datetime(self.env.context.get("service_as_of")) or fields.Datetime.now()

    def _get_known_until(self):
        """What came later is not known yet; without an as-of moment, all is."""
        return fields.Datetime.to_datetime(self.env.context.get("service_as_of")) or SQL(
            "'infinity'::timestamp"
        )

    def _on_time(self, start, deadline):
        """1 or 0, or NULL where the row does not count yet."""
        early = self._get_hours(EARLY)
        too_early = SQL("FALSE")
        if early is not None:
            too_early = SQL("COALESCE(delivered_at < %s - %s * interval '1 hour', FALSE)", start, early)
        late = SQL("%s + %s * interval '1 hour'", deadline, self._get_hours(LATE) or 0.0)
        return SQL(
            """CASE WHEN %(deadline)s IS NULL THEN NULL
                    WHEN delivered_at IS NOT NULL
                    THEN (delivered_at <= %(late)s AND NOT %(too_early)s)::int::float
                    WHEN %(as_of)s > %(late)s THEN 0.0
                    END""",
            deadline=deadline,
            late=late,
            too_early=too_early,
            as_of=self._get_as_of(),
        )

    def _get_start(self, start, is_whole_day, deadline):
        """First moment of a promise: its window's start, or the start of the day that it names."""
        return SQL(
            "COALESCE(%s, CASE WHEN %s THEN %s - interval '1 day' + interval '1 second' END)",
            start,
            is_whole_day,
            deadline,
        )

    def _get_promise_columns(self):
        """Columns of ``sale``: dates asked for and promised, with the start of each window."""
        return SQL(
            """sale.company_id, sale.partner_id, sale.warehouse_id, sale.date_order,
               sale.requested_deadline, sale.first_promise_deadline AS first_deadline,
               %(deadline)s AS deadline,
               %(requested)s AS requested_start, sale.first_promised_date_from AS first_start,
               %(promised)s AS start""",
            requested=self._get_start(
                SQL("sale.requested_date_from"),
                SQL("sale.is_requested_whole_day"),
                SQL("sale.requested_deadline"),
            ),
            promised=self._get_promise_start(),
            deadline=self._get_promise_deadline(),
        )

    def _rate(self, rows):
        """The rows with what each of them kept; every level brings delivered_at, complete, unharmed, fill,
        and whether it is waiting for goods (not so where they were cancelled).
        """
        as_of = self._get_as_of()
        return SQL(
            """
            SELECT timed.*,
                   EXTRACT(EPOCH FROM delivered_at - date_order) / 86400 AS lead_days,
                   NULL::float AS lead_spread, NULL::float AS product_of_rates,
                   CASE WHEN delivered_at IS NULL AND is_waiting AND deadline < %(as_of)s
                        THEN EXTRACT(EPOCH FROM %(as_of)s - deadline) / 86400 END AS backorder_days,
                   CASE WHEN on_time IS NOT NULL THEN complete END AS in_full,
                   CASE WHEN on_time IS NOT NULL THEN fill END AS fill_rate,
                   on_time * complete AS is_otif,
                   on_time_first * complete AS is_otif_first,
                   on_time_requested * complete AS is_otif_requested,
                   on_time * complete * unharmed AS is_perfect
              FROM (
                SELECT part.*, %(promised)s AS on_time, %(first)s AS on_time_first,
                       %(requested)s AS on_time_requested
                  FROM (%(rows)s) part
              ) timed
            """,
            as_of=as_of,
            rows=rows,
            promised=self._on_time(SQL("start"), SQL("deadline")),
            first=self._on_time(SQL("first_start"), SQL("first_deadline")),
            requested=self._on_time(SQL("requested_start"), SQL("requested_deadline")),
        )
