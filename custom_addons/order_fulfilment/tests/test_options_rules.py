import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsRules(OptionsCase):
    def _possible(self, *selection, **kwargs):
        ids = self.bike.option_state(list(selection), **kwargs)["possible"]
        return set(self.env["product.template.attribute.value"].browse(ids).mapped("name"))

    def test_contradictory_rules_are_found_at_release_with_the_rules_at_odds(self):
        self._rule("requires", [["Low"]], name="Only low")
        self._rule("requires", [["High"]], name="Only high")
        self._rule("requires", [["Rack"]], name="Innocent")
        with self.assertRaisesRegex(ValidationError, "OF-OPT-040") as caught:
            self.rules.action_release()
        self.assertIn("Only low", str(caught.exception))
        self.assertIn("Only high", str(caught.exception))
        self.assertNotIn("Innocent", str(caught.exception))
        self.assertEqual(self.rules.revision, 0)

    def test_contradiction_in_the_future_is_found_too(self):
        future = fields.Date.today() + timedelta(days=30)
        self._rule("requires", [["Low"]])
        self._rule("requires", [["High"]], date_from=future)
        with self.assertRaisesRegex(ValidationError, f"OF-OPT-040.*{future}"):
            self.rules.action_release()

    def test_values_that_no_end_item_has_are_refused(self):
        other = self._attribute("Bell", "no_variant", ["Loud"]).value_ids
        rule = self._rule("requires", [["Low"]])
        rule.term_ids.value_ids = other
        with self.assertRaisesRegex(ValidationError, r"OF-OPT-017.*Bell: Loud"):
            self.rules.action_release()

    def test_empty_table_is_refused(self):
        self._rule("table", [], name="Empty")
        with self.assertRaisesRegex(ValidationError, r"OF-OPT-012.*Empty"):
            self.rules.action_release()

    def test_rule_without_options_is_refused(self):
        self._rule("requires", [])
        with self.assertRaisesRegex(ValidationError, "OF-OPT-014"):
            self.rules.action_release()

    def test_rule_that_ends_before_it_begins_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "OF-OPT-011"):
            self._rule("requires", [["Low"]], date_from="2026-05-02", date_to="2026-05-01")

    def test_validity_period(self):
        self._rule("excludes", [["700"]], date_from="2030-05-01", date_to="2030-05-31")
        self.rules.action_release()
        for day, allowed in (
            ("2030-04-30", True),
            ("2030-05-01", False),
            ("2030-05-31", False),
            ("2030-06-01", True),
        ):
            self.assertEqual("700" in self._possible(date=day), allowed, day)

    def test_typed_table_rows(self):
        rule = self._rule("table", [])
        for names in (["City", "400"], ["City", "500"], ["Speed", "700"]):
            rule.row_ids = [Command.create({"value_ids": [Command.set([self._value(n).id for n in names])]})]
        self.rules.action_release()
        self.assertEqual(self._possible("Speed") & {"400", "500", "700"}, {"700"})

    def test_rule_set_shared_by_two_end_items(self):
        other = self._bike("Second bike")
        self.rules.product_tmpl_ids |= other
        self._speed_needs_big_battery()
        state = other.option_state(["Speed"])
        self.assertIn(self._ptav("400", other).id, state["impossible"])

    def test_reason_and_repair(self):
        self._speed_needs_big_battery()
        self._ptav("500").price_extra = 90.0
        self._ptav("700").price_extra = 50.0
        reason = self.bike.option_reason(["City", "400"], "Speed")
        self.assertEqual(reason["text"], "The Speed motor needs 500 Wh or more. (You chose Battery: 400.)")
        repair = self.bike.option_repair(["City", "400"], "Speed")
        self.assertEqual(repair["text"], "To have Speed: Battery changes from 400 to 700.")
        self.assertEqual(repair["price_difference"], 50.0)

    def test_completion_with_defaults_and_cheapest(self):
        self._speed_needs_big_battery()
        self._ptav("500").price_extra = 90.0
        self._ptav("High").is_option_default = True
        names = [each["name"] for each in self.bike.option_completion(["Speed"])["options"]]
        self.assertEqual(names, ["High", "Speed", "500"])
        cheapest = self.bike.option_completion(["Speed"], cheapest=True)
        self.assertEqual([each["name"] for each in cheapest["options"]][-1], "700")

    def test_value_added_later_is_known_at_once(self):
        self._speed_needs_big_battery()
        self.assertNotIn("900", self._possible())
        new = self.env["product.attribute.value"].create({"name": "900", "attribute_id": self.battery.id})
        line = self.bike.attribute_line_ids.filtered(lambda each: each.attribute_id == self.battery)
        line.value_ids |= new
        self.assertIn("900", self._possible())

    def test_phase_out_of_an_option(self):
        self._ptav("700").phase_out_date = "2030-05-31"
        self.assertIn("700", self._possible(date="2030-05-31"))
        self.assertNotIn("700", self._possible(date="2030-06-01"))
        self.assertIn("2030-05-31", self.bike.option_reason([], "700", date="2030-06-01")["text"])

    def test_core_finds_the_first_combination_among_a_hundred_thousand(self):  # long: set-up
        attributes = [self._attribute(f"A{i}", "no_variant", [f"v{j}" for j in range(10)]) for i in range(5)]
        large = self.env["product.template"].create(
            {
                "name": "Large",
                "attribute_line_ids": [
                    Command.create({"attribute_id": a.id, "value_ids": [Command.set(a.value_ids.ids)]})
                    for a in attributes
                ],
            }
        )
        rules = self.env["option.rule.set"].create({"name": "Large", "product_tmpl_ids": large.ids})
        last = attributes[-1].value_ids
        self.env["option.rule"].create(
            {
                "name": "Only the last",
                "set_id": rules.id,
                "kind": "requires",
                "term_ids": [Command.create({"value_ids": [Command.set(last[-1:].ids)]})],
            }
        )
        rules.action_release()
        self.assertEqual(large._get_first_possible_combination().mapped("name"), ["v0"] * 4 + ["v9"])
        wanted = large.attribute_line_ids.product_template_value_ids.filtered(lambda v: v.name == "v3")
        closest = large._get_closest_possible_combination(wanted)
        self.assertEqual(closest.mapped("name"), ["v3"] * 4 + ["v9"])

    def _import(self, text, kind="rules"):
        self.env["option.rule.import"].create(
            {
                "set_id": self.rules.id,
                "kind": kind,
                "name": "T",
                "filename": "rules.csv",
                "content": base64.b64encode(text.encode()),
            }
        ).action_import()

    def test_import_of_rules(self):
        self._import(
            "Rule,Kind,If,Then,Message\n"
            "Big,requires,MOT-Speed,BAT-500|BAT-700,Needs it\n"
            "No,excludes,Low;!City,Rack,\n"
        )
        self.rules.action_release()
        self.assertEqual(self.rules.rule_ids.mapped("name"), ["Big", "No"])
        self.assertNotIn("400", self._possible("Speed"))
        self.assertNotIn("Rack", self._possible("Low", "Speed"))
        self.assertIn("Rack", self._possible("Low", "City"))

    def test_import_of_a_table(self):
        self._import("Motor,Battery,Frame\nCity,400|500,*\nSpeed,700,High\n", kind="table")
        self.rules.action_release()
        self.assertEqual(self._possible("Speed") & {"Low", "High", "400", "500", "700"}, {"High", "700"})

    def test_bad_sheets_name_row_and_fault_and_store_nothing(self):
        cases = {
            "Rule,Kind,Then\nA,needs,Low\n": "OF-OPT-063.*Row 2.*needs",
            "Rule,Kind,Then\nA,requires,Low\nB,requires,Nope\n": "OF-OPT-068.*Row 3.*Nope",
            "Rule,Then\nA,Low\n": "OF-OPT-062.*Kind",
            "Rule,Kind,Then\n": "OF-OPT-061",
            "Rule,Kind,Then,From\nA,requires,Low,soon\n": "OF-OPT-065.*soon",
        }
        for text, fault in cases.items():
            with self.assertRaisesRegex(UserError, fault):
                self._import(text)
        self.assertFalse(self.rules.rule_ids)

    def test_release_without_rules_lifts_them_all(self):
        self._speed_needs_big_battery().active = False
        self.assertTrue(self.rules.is_changed)
        self.rules.action_release()
        self.assertEqual((self.rules.revision, self.rules.is_changed), (2, False))
        self.assertIn("400", self._possible("Speed"))

    def test_released_set_cannot_be_deleted(self):
        self._speed_needs_big_battery()
        with self.assertRaisesRegex(UserError, "OF-OPT-013"):
            self.rules.unlink()

    def test_rules_of_one_company_bind_only_that_company(self):
        self._speed_needs_big_battery()
        other = self.env["res.company"].create({"name": "Other company"})
        self.rules.company_id = other
        bike = self.bike.with_context(allowed_company_ids=[self.env.company.id, other.id])
        self.assertEqual(bike.option_state(["Speed"])["impossible"], [self._ptav("City").id])
        there = bike.with_company(other).option_state(["Speed"])["impossible"]
        self.assertEqual(set(there), set((self._ptav("City") | self._ptav("400")).ids))
        self.assertTrue(self._add_line("Low", "Speed", "400"))
