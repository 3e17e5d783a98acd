import hashlib
import json
import uuid

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger, ormcache

# What of a drop another system is told; who signed is not its business.
DROP_PARTS = ("name", "state", "shipped", "arrived", "carrier", "tracking", "packages")


class FulfilmentEvent(models.Model):
    """One step of an order, as it is told to other systems: written with the step itself, or not at all."""

    _name = "fulfilment.event"
    _description = "Order Status Event"
    _order = "id desc"
    _rec_name = "event_key"

    event_key = fields.Char(
        "Event", required=True, readonly=True, help="By it a receiver knows a repetition."
    )
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True, help="Counts the events of one order from 1.")
    status = fields.Char(readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)
    payload = fields.Text(required=True, readonly=True)
    happened_at = fields.Datetime(required=True, readonly=True)
    delivery_ids = fields.One2many("fulfilment.event.delivery", "event_id", readonly=True)

    _event_key_unique = models.UniqueIndex("(event_key)")
    _number_unique = models.UniqueIndex(
        "(order_id, number)", "[OF-HOOK-004] This step of the order was told already."
    )

    @api.model
    @ormcache("company_id", cache="default")
    def _has_receivers(self, company_id):
        """Whether anybody listens; asked at every step of every order."""
        return bool(
            self.env["fulfilment.webhook"].sudo().search_count([("company_id", "=", company_id)], limit=1)
        )

    @api.model
    def _record(self, orders):
        """Write what changed of these orders since their last event, with a delivery per receiver."""
        orders = orders.filtered(lambda order: self._has_receivers(order.company_id.id))
        if not orders or not self.env["order.fulfilment.capability"]._is_on("tracking"):
            return self.browse()
        latest = self._get_latest(orders)
        vals_list = []
        for order in orders:
            number, fingerprint = latest.get(order.id, (0, ""))
            vals = self._prepare_event(order, number + 1)
            if vals["fingerprint"] != fingerprint:
                vals_list.append(vals)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                events = self.create(vals_list)
        except UniqueViolation as error:
            # The same order took a step in another transaction: run again, this one comes after it.
            raise ConcurrencyError from error
        events._deliver()
        return events

    def _get_latest(self, orders):
        self.env.cr.execute(
            "SELECT DISTINCT ON (order_id) order_id, number, fingerprint FROM fulfilment_event"
            " WHERE order_id = ANY(%s) ORDER BY order_id, number DESC",
            [orders.ids],
        )
        return {order: (number, digest) for order, number, digest in self.env.cr.fetchall()}

    def _prepare_event(self, order, number):
        content = {**order._prepare_fulfilment(), "reference": order.client_order_ref or ""}
        content["drops"] = [{name: drop[name] for name in DROP_PARTS} for drop in content["drops"]]
        text = json.dumps(content, sort_keys=True)
        key, now = str(uuid.uuid4()), fields.Datetime.now()
        payload = {
            "event": key,
            "number": number,
            "kind": "order.status",
            "at": now.isoformat(timespec="seconds") + "Z",
            "order": content,
        }
        return {
            "event_key": key,
            "order_id": order.id,
            "company_id": order.company_id.id,
            "number": number,
            "status": order.fulfilment_status,
            "fingerprint": hashlib.sha256(text.encode()).hexdigest(),
            "payload": json.dumps(payload, sort_keys=True),
            "happened_at": now,
        }

    def _deliver(self):
        """Queue these events for every receiver that wants them."""
        hooks = self.env["fulfilment.webhook"].sudo().search([("company_id", "in", self.company_id.ids)])
        deliveries = [
            {"event_id": event.id, "webhook_id": hook.id, "order_id": event.order_id.id}
            for event in self
            for hook in hooks
            if hook.company_id == event.company_id
            and (not hook.partner_ids or event.order_id.partner_id.commercial_partner_id in hook.partner_ids)
        ]
        if deliveries:
            self.env["fulfilment.event.delivery"].create(deliveries)._wake_job()

    @api.autovacuum
    def _gc_told(self):
        """Forget what every receiver took long ago, but never the last event of an order: it says what is
        new.
        """
        self.env.cr.execute(
            """
            DELETE FROM fulfilment_event event
             WHERE id IN (
                SELECT event.id FROM fulfilment_event event
                 WHERE event.happened_at < now() AT TIME ZONE 'UTC' - interval '90 days'
                   AND EXISTS (SELECT FROM fulfilment_event later
                                WHERE later.order_id = event.order_id AND later.number > event.number)
                   AND NOT EXISTS (SELECT FROM fulfilment_event_delivery delivery
                                    WHERE delivery.event_id = event.id
                                      AND delivery.state IN ('waiting', 'dead'))
                 LIMIT 10000)
            """
        )
        self.invalidate_model()
