from odoo import api, models

CHANGED = "order_fulfilment.changed_orders"


class SaleOrder(models.Model):
    """Tell receivers of every step, once per transaction and order, when all of it is known."""

    _inherit = "sale.order"

    @api.depends("promise_deadline")  # a new promise is told, too
    def _compute_fulfilment_status(self):
        super()._compute_fulfilment_status()
        self._announce_change()

    def _announce_change(self):
        precommit = self.env.cr.precommit
        if not self.ids or not any(
            self.env["fulfilment.event"]._has_receivers(company.id) for company in self.company_id
        ):
            return
        if CHANGED not in precommit.data:
            precommit.data[CHANGED] = set()
            precommit.add(self.env["sale.order"].sudo().browse()._record_events)
        precommit.data[CHANGED] |= set(self.ids)

    def _record_events(self):
        """Before the commit: the events of all orders that changed in it."""
        changed = self.env.cr.precommit.data.pop(CHANGED, set())
        orders = (
            self.browse(sorted(changed)).exists().filtered(lambda order: order.state in ("sale", "cancel"))
        )
        self.env["fulfilment.event"]._record(orders)
        self.env.flush_all()
