from datetime import datetime, timedelta

from odoo import fields

from odoo.addons.order_fulfilment.tests.common import OrderFulfilmentCase


class JitCase(OrderFulfilmentCase):
    """The small company with a Berlin warehouse, a dispatcher and a slot for three drops, 100 kg."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.partner_id.tz = "Europe/Berlin"
        cls.customer.tz = "Europe/Berlin"
        cls.dispatcher = cls._create_user("jit_user", "jit_delivery.group_user")
        cls.jit_manager = cls._create_user("jit_manager", "jit_delivery.group_manager")
        cls.now = fields.Datetime.now()
        cls.slot = cls._create_slot(capacity_drops=3, capacity_kg=100)

    @classmethod
    def _create_slot(cls, start=None, hours=2, **values):
        start = start or cls.now + timedelta(days=1)
        return cls.env["delivery.slot"].create(
            {
                "warehouse_id": cls.warehouse.id,
                "start": start,
                "stop": start + timedelta(hours=hours),
                **values,
            }
        )

    def _hold(self, key, slot=None, user=None, **load):
        slots = self.env["delivery.slot"].with_user(user or self.dispatcher)
        return slots.hold((slot or self.slot).id, key, load)

    @classmethod
    def _make_to_order(cls):
        """Return the routes by which a product is manufactured when it is ordered."""
        routes = cls.warehouse.manufacture_pull_id.route_id | cls.warehouse.mto_pull_id.route_id
        routes.active = True
        return routes

    @classmethod
    def _utc(cls, text):
        return datetime.fromisoformat(text)
