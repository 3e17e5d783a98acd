from odoo import models
from odoo.tools import SQL

# The promise in force at a moment, from the history. What was recorded only later, as when orders were taken
# over from another system, was promised from the beginning.
IN_FORCE = """
    LEFT JOIN LATERAL (
        SELECT told.date_from, told.is_whole_day,
               CASE WHEN told.is_whole_day
                    THEN ((told.date_to AT TIME ZONE 'UTC' AT TIME ZONE place.tz)::date + 1)::timestamp
                         AT TIME ZONE place.tz AT TIME ZONE 'UTC' - interval '1 second'
                    ELSE told.date_to END AS deadline
          FROM sale_order_promise told
    CROSS JOIN LATERAL (
            SELECT COALESCE(
                (SELECT NULLIF(tz, '') FROM res_partner WHERE id = sale.partner_shipping_id),
                (SELECT NULLIF(partner.tz, '') FROM stock_warehouse warehouse
                   JOIN res_partner partner ON partner.id = warehouse.partner_id
                  WHERE warehouse.id = sale.warehouse_id),
                (SELECT NULLIF(partner.tz, '') FROM res_company company
                   JOIN res_partner partner ON partner.id = company.partner_id
                  WHERE company.id = sale.company_id),
                'UTC') AS tz
          ) place
         WHERE told.order_id = sale.id AND told.line_id IS NULL AND told.kind IN ('first', 'promised')
      ORDER BY told.recorded_at <= %(as_of)s DESC,
               CASE WHEN told.recorded_at <= %(as_of)s THEN told.id ELSE -told.id END DESC
         LIMIT 1
    ) in_force ON TRUE
"""


class FulfilmentServiceRates(models.AbstractModel):
    """Promises as they were at the as-of moment: a later change does not mend what was missed."""

    _inherit = "fulfilment.service.rates"

    def _looks_back(self):
        return bool(self.env.context.get("service_as_of"))

    def _get_promise_join(self):
        """To follow ``JOIN sale_order sale``; nothing where the promise of now is wanted."""
        return SQL(IN_FORCE, as_of=self._get_as_of()) if self._looks_back() else SQL("")

    def _get_promise_deadline(self):
        if self._looks_back():
            return SQL("COALESCE(in_force.deadline, sale.promise_deadline)")
        return SQL("sale.promise_deadline")

    def _get_promise_start(self):
        """First moment of the promise in force: its window's start, or the start of the day that it names."""
        if not self._looks_back():
            return self._get_start(
                SQL("sale.promised_date_from"),
                SQL("sale.is_promised_whole_day"),
                SQL("sale.promise_deadline"),
            )
        return self._get_start(
            SQL("in_force.date_from"), SQL("in_force.is_whole_day"), SQL("in_force.deadline")
        )
