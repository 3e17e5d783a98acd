from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...tools.entry.verdict import Finding

TWIN_FIELDS = ["reference_key", "content_key", "company_id", "partner_id", "state", "date_order"]


class OrderCheck(models.Model):
    _inherit = "order.check"

    def _check_reference_missing(self, orders):
        for order in orders:
            customer = order.partner_id.commercial_partner_id
            if customer.order_reference_required and not order.reference_key:  # "-" is no reference either
                yield Finding(
                    order.id,
                    self.env._(
                        "%(customer)s wants its own order number on every order: ask for it and enter it as "
                        "Customer Reference.",
                        customer=customer.name,
                    ),
                    (customer.id,),
                )

    def _check_reference_duplicate(self, orders):
        """An order stands in the way of a later one: a confirmed one always, a quotation when it is older."""
        twins = orders._gate_reference_twins()
        for order in orders.filtered(lambda order: order.id in twins):
            twin = twins[order.id]
            yield Finding(
                order.id,
                self.env._(
                    "Reference “%(reference)s” is already on %(twin)s of this customer. Use that order, "
                    "or ask for "
                    "the right reference.",
                    reference=order.client_order_ref,
                    twin=twin.name,
                ),
                (order.reference_key, order.partner_id.commercial_partner_id.id, twin.id),
                fix=self.env._("Open %s", twin.name),
            )

    def _fix_reference_duplicate(self, order, line):
        return self._open_form(order._gate_reference_twins()[order.id])

    def _check_same_content(self, orders):
        twins = self._content_twins(orders, self._row()["number"] or 7)
        for order in orders.filtered(lambda order: order.id in twins):
            twin = twins[order.id]
            yield Finding(
                order.id,
                self.env._(
                    "The same goods to the same address were ordered on %(date)s with %(twin)s. Make "
                    "sure the "
                    "customer wants them twice.",
                    date=twin.date_order.date(),
                    twin=twin.name,
                ),
                (order.content_key, twin.id),
                fix=self.env._("Open %s", twin.name),
            )

    def _fix_same_content(self, order, line):
        return self._open_form(self._content_twins(order, self._row()["number"] or 7)[order.id])

    def _content_twins(self, orders, days):
        """Return {order id: latest earlier order with the same content within ``days``}."""
        orders.flush_model(TWIN_FIELDS)
        since = fields.Datetime.now() - timedelta(days=days)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id, max(twin.id)
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN sale_order twin ON twin.content_key = o.content_key AND twin.company_id = o.company_id
                  JOIN res_partner tp ON tp.id = twin.partner_id
                 WHERE o.id IN %s AND twin.id < o.id AND twin.state != 'cancel' AND twin.date_order >= %s
                   AND tp.commercial_partner_id = p.commercial_partner_id
                 GROUP BY o.id
                """,
                tuple(orders.ids),
                since,
            )
        )
        return {order_id: orders.browse(twin_id) for order_id, twin_id in rows}
