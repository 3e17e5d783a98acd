from .common import OrderFulfilmentCase


class SupportCase(OrderFulfilmentCase):
    """A team in Berlin that works from eight to twelve and one to five, a technician, a delivered serial."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._create_calendar()
        cls.technician = cls._create_user("of_technician", "order_fulfilment.group_support")
        cls.leader = cls._create_user("of_leader", "order_fulfilment.group_support_manager")
        cls.team = cls.env["after.sales.team"].create(
            {
                "name": "Workshop",
                "company_id": cls.company.id,
                "user_id": cls.leader.id,
                "member_ids": [(6, 0, cls.technician.ids)],
                "resource_calendar_id": cls.calendar.id,
            }
        )
        cls.env["after.sales.sla"].search([]).active = False
        cls.tickets = cls.env["after.sales.ticket"]

    @classmethod
    def _create_calendar(cls):
        hours = [(8, 12, "morning"), (12, 13, "lunch"), (13, 17, "afternoon")]
        return cls.env["resource.calendar"].create(
            {
                "name": "Workshop",
                "tz": "Europe/Berlin",
                "company_id": cls.company.id,
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": period,
                            "dayofweek": str(day),
                            "hour_from": a,
                            "hour_to": b,
                            "day_period": period,
                        },
                    )
                    for day in range(5)
                    for a, b, period in hours
                ],
            }
        )

    @classmethod
    def _ticket(cls, **values):
        given = {"subject": "Brake squeals", "partner_id": cls.customer.id, "team_id": cls.team.id, **values}
        return cls.tickets.create(given)

    @classmethod
    def _policy(cls, kind, hours, steps=(), **values):
        rows = [(0, 0, {"percent": percent, **more}) for percent, more in steps]
        given = {"name": f"{kind} {hours}", "kind": kind, "hours": hours, "step_ids": rows, **values}
        return cls.env["after.sales.sla"].create(given)

    @classmethod
    def _deliver_serial(cls, name, partner=None):
        """A bicycle with serial ``name``, ordered and delivered."""
        product = cls._create_product(f"Bike {name}", f"BIKE-{name}", tracking="serial", list_price=900)
        lot = cls.env["stock.lot"].create(
            {"name": name, "product_id": product.id, "company_id": cls.company.id}
        )
        cls.env["stock.quant"]._update_available_quantity(product, cls.stock_location, 1, lot_id=lot)
        order = cls._create_order([(product, 1)], partner_id=(partner or cls.customer).id)
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        return lot, order
