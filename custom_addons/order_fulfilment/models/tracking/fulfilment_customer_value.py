from odoo import api, fields, models
from odoo.tools import SQL

from .tower_news import tell_towers


class FulfilmentCustomerValue(models.Model):
    """What a customer ordered in the last year, in the company's currency: who is served first when two are
    late.
    """

    _name = "fulfilment.customer.value"
    _description = "Customer Value"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    value = fields.Float(readonly=True)

    _partner_unique = models.UniqueIndex("(partner_id)")

    @api.model
    def _refresh(self):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO fulfilment_customer_value AS known (partner_id, value)
                     SELECT partner_id, SUM(amount_untaxed / COALESCE(NULLIF(currency_rate, 0), 1))
                       FROM sale_order
                      WHERE state = 'sale' AND date_order > now() - interval '1 year'
                   GROUP BY partner_id
                ON CONFLICT (partner_id) DO UPDATE SET value = excluded.value
                      WHERE known.value IS DISTINCT FROM excluded.value
                """
            )
        )
        self.invalidate_model()

    @api.model
    def _cron_refresh(self):
        self._refresh()
        tell_towers(self.env)
