from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import JitCase

NO_IDS = (None, "", "abc", "\u00b2", -1, 0, 2**40, 1.5, True, [], [1], {}, "9" * 30)
NO_TEXTS = (True, 7, -1, 1.5, [1], {"a": 1}, "x" * 201, "   ", "a\0b")


@tagged("post_install", "-at_install")
class TestSlotArguments(JitCase):
    """Odd values of clients end in a sentence with a code; a server error they would take for ours."""

    def setUp(self):
        super().setUp()
        self.slots = self.env["delivery.slot"].with_user(self.dispatcher)
        self.span = {"date_from": "2027-03-01 00:00:00", "date_to": "2027-03-02 00:00:00"}

    def _refused(self, code, method, values, **arguments):
        [(name, odd_values)] = values.items()
        for value in odd_values:
            with self.subTest(**{name: value}), self.assertRaisesRegex(UserError, code):
                method(**{**arguments, name: value})
        self.assertFalse(self.slot.hold_ids)

    def test_ids(self):
        partner = self.customer.id
        self._refused("JD-SLT-026", self.slots.hold, {"slot_id": NO_IDS})
        self._refused("JD-SLT-022", self.slots.get_windows, {"partner_id": NO_IDS}, **self.span)
        no_house = [value for value in NO_IDS if value is not None]
        windows = self.slots.get_windows
        self._refused("JD-SLT-035", windows, {"warehouse_id": no_house}, partner_id=partner, **self.span)

    def test_id_as_text_or_whole_float(self):
        for slot_id in (str(self.slot.id), float(self.slot.id)):
            self.assertEqual(self.slots.hold(slot_id)["slot_id"], self.slot.id)

    def test_texts(self):
        hold = self.slots.hold
        self._refused("JD-SLT-036", hold, {"key": NO_TEXTS}, slot_id=self.slot.id)
        self._refused("JD-SLT-036", hold, {"overbook_reason": NO_TEXTS}, slot_id=self.slot.id)
        for method in (self.slots.confirm, self.slots.release):
            self._refused("JD-SLT-036", method, {"key": NO_TEXTS})
            self._refused("JD-SLT-032", method, {"key": (None, False, "", "nobody's")})

    def test_loads_and_minutes(self):
        loads = (True, 5, "kg", ["kg"], [["kg", 1]], {"kg": None}, {"kg": True}, {"kg": [1]}, {"drops": 0})
        self._refused("JD-SLT-021", self.slots.hold, {"load": loads}, slot_id=self.slot.id)
        minutes = (None, True, "5", 0, -1, 1441, 2.5, [5])
        self._refused("JD-SLT-025", self.slots.hold, {"minutes": minutes}, slot_id=self.slot.id)

    def test_a_text_books_nothing(self):
        flags = ("false", "no", "", "true", 2, 0.0, 1.0, [], {}, [True])
        self._refused("JD-SLT-037", self.slots.hold, {"is_confirmed": flags}, slot_id=self.slot.id)
        for flag, state in (
            (None, "held"),
            (False, "held"),
            (0, "held"),
            (1, "confirmed"),
            (True, "confirmed"),
        ):
            self.assertEqual(self.slots.hold(self._create_slot().id, is_confirmed=flag)["state"], state)

    def test_times(self):
        times = (None, False, 5, [1], {}, "noon", "0001-01-01 00:00:00", "9999-12-31 23:59:59")
        for name in self.span:
            rest = {key: value for key, value in self.span.items() if key != name}
            rest["partner_id"] = self.customer.id
            self._refused("JD-SLT-024", self.slots.get_windows, {name: times}, **rest)

    def test_orders(self):
        order = self._create_order([(self.chain, 1)])
        sales = self.env["sale.order"]
        for ids in ([], [order.id, order.id]):
            for method in ("get_delivery_windows", "promise_delivery", "action_choose_window"):
                with self.assertRaisesRegex(UserError, "JD-PRM-007"):
                    getattr(sales.browse(ids), method)()
        for method in ("get_delivery_windows", "promise_delivery", "release_slot", "renew_promise"):
            with self.assertRaisesRegex(UserError, "JD-PRM-009"):
                getattr(sales.browse([None]), method)()
        order.action_cancel()
        with self.assertRaisesRegex(UserError, "JD-PRM-008"):
            order.promise_delivery()

    def test_holds_of_another_company_of_the_user(self):
        other = self.env["res.company"].create({"name": "Second"})
        house = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.dispatcher.company_ids += other
        slot = self._create_slot(warehouse_id=house.id)
        self._hold("same")
        self._hold("same", slot=slot)
        self.assertEqual(self.slots.hold(slot.id, "same", {}, is_confirmed=True)["slot_id"], slot.id)
        self.assertEqual(self.slot.hold_ids.state, "held", "of the same key, the hold of the slot named")

    def test_carrier_and_calendar_of_another_company(self):
        other = self.env["res.company"].create({"name": "Second"})
        product = {"product_id": self.chain.id, "company_id": other.id}
        carrier = self.env["delivery.carrier"].create({"name": "Theirs", **product})
        calendar = self.env["resource.calendar"].create({"name": "Theirs", "company_id": other.id})
        house = {"name": "Ours", "warehouse_id": self.warehouse.id}
        for model, values in (
            ("delivery.slot.template", {"carrier_id": carrier.id}),
            ("delivery.slot.template", {"calendar_id": calendar.id}),
            ("delivery.cutoff", {"carrier_id": carrier.id}),
        ):
            with self.assertRaisesRegex(UserError, "company"), self.env.cr.savepoint():
                self.env[model].create({**house, **values})
        with self.assertRaisesRegex(UserError, "company"):
            self.slot.carrier_id = carrier
