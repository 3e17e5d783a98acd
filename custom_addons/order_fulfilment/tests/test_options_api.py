from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsApi(OptionsCase):
    """What other systems ask: figures that an order line then has, and words for odd questions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speed_needs_big_battery()
        cls._ptav("500").price_extra = 90.0
        cls._ptav("700").price_extra = 150.005

    def _pricelist(self, **item):
        item = {"compute_price": "formula", "base": "list_price", **item}
        return self.env["product.pricelist"].create({"name": "List", "item_ids": [Command.create(item)]})

    def test_repair_and_completion_are_priced_as_the_line_is(self):
        euro = self.env["res.currency"].create({"name": "EUX", "symbol": "X"})
        self.env["res.currency.rate"].create({"currency_id": euro.id, "rate": 0.5, "name": "2020-01-01"})
        for pricelist in (self._pricelist(price_discount=10), self._pricelist(price_discount=20)):
            pricelist.currency_id = euro
            pricing = {"pricelist_id": pricelist.id, "quantity": 2}
            order = self._create_order([], pricelist_id=pricelist.id)
            before = self._add_line("Low", "City", "400", order=order, quantity=2)
            after = self._add_line("Low", "Speed", "500", order=order, quantity=2)
            repair = self.bike.option_repair(["Low", "City", "400"], "Speed", pricing=pricing)
            self.assertEqual(repair["price_difference"], after.price_unit - before.price_unit)
            whole = self.bike.option_completion(["Low", "Speed"], pricing=pricing)
            self.assertEqual(whole["extra_price"], after.price_unit - before.price_unit)

    def test_a_refused_tap_is_offered_at_the_price_lists_price(self):
        pricelist = self._pricelist(price_discount=10)
        pricing = {"pricelist_id": pricelist.id, "quantity": 1.0, "date": None, "quantities": {}}
        chosen = (self._ptav("City") | self._ptav("400")).ids
        shown = [*chosen, self._ptav("Low").id]
        answer = self.bike._option_choice(chosen[1:], shown, self._ptav("Speed").id, pricing, 600)
        self.assertEqual((answer["accepted"], answer["repair"]["price_difference"]), (False, 81.0))
        self.assertEqual(answer["reason"]["rules"][0]["text"], "The Speed motor needs 500 Wh or more.")

    def test_price_list_with_a_fixed_price(self):
        fixed = self._pricelist(compute_price="fixed", fixed_price=777.0)
        repair = self.bike.option_repair(["City", "400"], "Speed", pricing={"pricelist_id": fixed.id})
        self.assertEqual(repair["price_difference"], 0.0)

    def test_breakdown_adds_up_to_a_fraction_of_a_cent(self):
        line = self._add_line("Low", "City", "700")
        self.assertEqual(line.price_unit, 1150.005)
        self.assertEqual(round(sum(row["amount"] for row in line.option_breakdown), 6), 1150.005)
        self.assertEqual(len(line.option_breakdown), 2)

    def test_prices_begin_at_a_number_of_the_end_items_own_unit(self):
        self.env["option.price"].create({"value_id": self._value("700").id, "min_quantity": 10, "amount": 60})
        dozen = self.env["uom.uom"].create(
            {"name": "Dz", "relative_factor": 12, "relative_uom_id": self.bike.uom_id.id}
        )
        line = self._add_line("Low", "City", "700")
        self.assertEqual(line.price_unit, 1150.005)
        line.product_uom_id = dozen
        self.assertEqual(line.price_unit, 12 * 1060.0)

    def test_price_of_a_contact(self):
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": company.id})
        price = {"value_id": self._value("700").id}
        self.env["option.price"].create({**price, "partner_id": company.id, "amount": 50})
        for order_of, unit in ((company, 1050.0), (buyer, 1050.0)):
            order = self._create_order([], partner_id=order_of.id)
            self.assertEqual(self._add_line("Low", "City", "700", order=order).price_unit, unit)
        self.env["option.price"].create({**price, "partner_id": buyer.id, "amount": 40})
        order = self._create_order([], partner_id=buyer.id)
        self.assertEqual(self._add_line("Low", "City", "700", order=order).price_unit, 1040.0)

    def test_one_option_may_be_given_without_a_list(self):
        names = [each["name"] for each in self.bike.option_completion("Speed")["options"]]
        self.assertEqual(names, ["Low", "Speed", "500"])

    def test_two_values_of_one_class_are_not_consistent(self):
        self.bike.option_state([])
        self.assertFalse(self.bike.option_state(["City", "Speed"])["consistent"])

    def test_odd_questions_are_refused_in_words(self):  # long: a table of questions
        bike, order = self.bike, self.order
        pricing = [
            ("x", "053"),
            ({"colour": 1}, "053"),
            ({"pricelist_id": "abc"}, "053"),
            ({"partner_id": True}, "053"),
            ({"partner_id": 10**8}, "053"),
            ({"quantity": "many"}, "055"),
            ({"quantity": float("nan")}, "055"),
            ({"date": "x"}, "052"),
        ]
        questions = [(lambda p=p: bike.option_repair(["City"], "Speed", pricing=p), c) for p, c in pricing]
        questions += [
            (lambda: bike.option_state(["City:2"]), "056"),
            (lambda: bike.option_state([None]), "050"),
            (lambda: bike.option_repair(["City"], 1.5), "050"),
            (lambda: bike.browse().option_state(), "054"),
            ((bike | self._bike("Other")).option_state, "054"),
            (lambda: order.browse().create_option_line(bike.id, []), "054"),
            (lambda: order.create_option_line("x", []), "054"),
            (lambda: order.create_option_line(False, []), "054"),
            (lambda: order.create_option_line(bike.id, [], quantity="abc"), "055"),
            (lambda: order.create_option_line(bike.id, [], quantity=float("inf")), "055"),
        ]
        for number, (ask, code) in enumerate(questions):
            with self.subTest(number=number), self.assertRaisesRegex(UserError, f"OF-OPT-{code}"):
                ask()
        self.assertFalse(order.order_line)
