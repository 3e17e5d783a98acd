from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .support_cure_common import CureCase


@tagged("post_install", "-at_install")
class TestEntitlement(CureCase):
    def _ticket(self, **values):
        return self.env["after.sales.ticket"].create(
            {"subject": "x", "partner_id": self.customer.id, "lot_id": self.serials[0].id, **values}
        )

    def _delivered(self, day):
        self.delivery.move_ids.date = day

    def test_the_last_covered_day(self):
        self._delivered("2023-03-31 10:00:00")
        self.policy.months = 11
        ticket = self._ticket()
        self.assertEqual(ticket.warranty_until, date(2024, 2, 29))
        self.assertEqual((ticket.entitlement, ticket.entitlement_code), ("not_covered", "expired"))

    def test_counter_and_cause(self):
        wear = self.env["after.sales.cause"].create({"name": "Wear"})
        self.policy.write({"counter_limit": 5000, "counter_unit": "km", "excluded_cause_ids": [(4, wear.id)]})
        ticket = self._ticket()
        self.assertEqual(ticket.entitlement_code, "counter_missing")
        ticket.counter_reading = 4000
        self.assertEqual(ticket.entitlement_code, "cause_missing")
        ticket.cause_id = wear
        self.assertEqual((ticket.entitlement, ticket.entitlement_code), ("not_covered", "excluded"))
        ticket.counter_reading = 6000
        ticket.cause_id = False
        self.assertEqual(ticket.entitlement_code, "over_counter")

    def test_the_most_specific_policy_counts(self):
        special = self.policy.copy({"name": "Fleet", "months": 36, "partner_id": self.customer.id})
        self.assertEqual(self._ticket().warranty_policy_id, special)
        product = self.policy.copy({"name": "Bikes", "product_tmpl_id": self.bike.product_tmpl_id.id})
        self.assertEqual(self._ticket().warranty_policy_id, product)

    def test_a_sold_extension_lengthens_it(self):
        service = self._create_product("Care", "CARE", type="service", is_storable=False)
        service.warranty_extension_months = 12
        self.policy.months = 12
        self.order.order_line = [
            Command.create({"product_id": service.id, "product_uom_qty": 1, "price_unit": 90})
        ]
        self._delivered("2020-01-31 10:00:00")
        ticket = self._ticket()
        line = self.order.order_line[-1]
        self.assertEqual(ticket.warranty_until, date(2021, 1, 31), "one of three, nobody knows which")
        line.warranty_lot_ids = self.serials[0]
        ticket.action_judge_again()
        self.assertEqual(ticket.warranty_until, date(2022, 1, 31))
        self.assertEqual(self._ticket(lot_id=self.serials[1].id).warranty_until, date(2021, 1, 31))
        line.product_uom_qty = 0
        ticket.action_judge_again()
        self.assertEqual(ticket.warranty_until, date(2021, 1, 31))

    def test_an_extension_sold_later_for_the_serial(self):
        service = self._create_product("Care", "CARE", type="service", is_storable=False)
        service.warranty_extension_months = 12
        self.policy.months = 12
        self._delivered("2020-01-31 10:00:00")
        later = self._create_order([(service, 1)])
        later.order_line.warranty_lot_ids = self.serials[0]
        self.assertEqual(self._ticket().warranty_until, date(2021, 1, 31))
        later.action_confirm()
        self.assertEqual(self._ticket().warranty_until, date(2022, 1, 31))
        self.assertEqual(self._ticket(lot_id=self.serials[1].id).warranty_until, date(2021, 1, 31))

    def test_never_delivered_foreign_and_returned(self):
        self.assertEqual(self._ticket(lot_id=self.serials[3].id).entitlement_code, "never_delivered")
        other = self.env["res.partner"].create({"name": "Other"})
        self.assertEqual(self._ticket(partner_id=other.id).entitlement_code, "foreign")
        order = self._received({"lot_id": self.serials[0].id, "reason": "not_needed"})
        self.assertEqual(self._ticket().entitlement, "covered", "being here is not being returned for good")
        order.line_ids.inspect("restock")
        self.assertEqual(self._ticket().entitlement_code, "returned")

    def test_a_replacement_continues_the_warranty_of_what_it_replaces(self):
        self._delivered("2026-01-15 10:00:00")
        line = self._received({"lot_id": self.serials[0].id, "reason": "damaged"}).line_ids
        line.inspect("replace")
        order = line.sudo().replacement_order_id
        self._deliver(order)
        new = order.picking_ids.move_ids.lot_ids
        self.assertEqual(self._ticket(lot_id=new.id).warranty_until, date(2028, 1, 15))

    def test_the_verdict_and_the_log_cannot_be_written(self):
        ticket = self._ticket()
        self.policy.months = 0
        ticket.with_user(self.lead).override_entitlement("loyal customer")
        self.assertEqual((ticket.entitlement, ticket.entitlement_code), ("covered", "goodwill"))
        with self.assertRaisesRegex(UserError, "OF-WAR-013"):
            ticket.override_ids.write({"reason": "other"})
        ticket.with_user(self.lead).withdraw_entitlement("was a mistake")
        self.assertEqual(ticket.entitlement, "not_covered")
        with self.assertRaisesRegex(UserError, "OF-WAR-014"), self.cr.savepoint():
            ticket.with_user(self.technician).write({"entitlement": "covered"})
