import base64
import io
from datetime import timedelta
from unittest.mock import patch

import openpyxl

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_fulfilment.tools.options import sheet

from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsBadInput(OptionsCase):
    """What people and other systems get wrong: named, and nothing is stored."""

    def _import(self, content, filename="rules.xlsx", kind="rules"):
        vals = {"set_id": self.rules.id, "kind": kind, "name": "T", "filename": filename}
        wizard = self.env["option.rule.import"].create({**vals, "content": base64.b64encode(content)})
        return wizard.action_import()

    def _workbook(self, *rows):
        book, stream = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(list(row))
        book.save(stream)
        return stream.getvalue()

    def test_files_that_are_no_sheets(self):
        for content, filename in (
            (bytes(range(256)) * 20, "rules.xlsx"),
            (b"PK\x03\x04" + bytes(500), "rules.xlsx"),
            (b"%PDF-1.4 nothing", "rules.csv"),
            (self._workbook(("Rule", "Kind", "Then"), ("A", "requires", "Low")), "rules.csv"),
        ):
            with self.assertRaisesRegex(UserError, r"OF-IMP-0\d\d"):
                self._import(content, filename)
        self.assertFalse(self.rules.rule_ids)

    def test_a_sheet_that_is_too_long(self):
        rows = [("Rule", "Kind", "Then"), *((f"R{n}", "requires", "Low") for n in range(20))]
        with patch.object(sheet, "MAX_ROWS", 10), self.assertRaisesRegex(UserError, "OF-IMP-006.*10"):
            self._import(self._workbook(*rows))
        self.assertFalse(self.rules.rule_ids)

    def test_row_numbers_are_those_of_the_sheet(self):
        rows = [("Rule", "Kind", "Then"), (), (), ("A", "requires", "Nope")]
        with self.assertRaisesRegex(UserError, "OF-OPT-068.*Row 4.*Nope"):
            self._import(self._workbook(*rows))

    def test_faulty_cells_of_a_table(self):
        with self.assertRaisesRegex(UserError, "OF-OPT-068.*Row 3.*Diesel"):
            self._import(b"Motor,Battery\nCity,400\nDiesel,500\n", "t.csv", "table")
        with self.assertRaisesRegex(UserError, "OF-OPT-067.*Gears"):
            self._import(b"Motor,Gears\nCity,400\n", "t.csv", "table")
        with self.assertRaisesRegex(UserError, "OF-OPT-066.*Row 2"):
            self._import(b"Motor,Battery\nCity,400,500\n", "t.csv", "table")
        self.assertFalse(self.rules.rule_ids)

    def test_a_table_with_a_large_share_of_all_combinations(self):
        rows = [f"{m},{b},{f}" for m in ("City", "Speed") for b in ("400", "500") for f in ("Low", "High")]
        self._import("\n".join(["Motor,Battery,Frame", *rows * 2000]).encode(), "t.csv", "table")
        self.rules.action_release()
        self.assertFalse(self.bike.option_state(["700"])["consistent"])

    def test_an_option_on_its_first_and_last_day(self):
        today = fields.Date.context_today(self.bike)
        option = self._ptav("700")
        for first, last, allowed in ((0, 0, True), (1, None, False), (None, -1, False)):
            dates = [offset is not None and today + timedelta(days=offset) for offset in (first, last)]
            option.write({"phase_in_date": dates[0], "phase_out_date": dates[1]})
            self.assertEqual(option.id in self.bike.option_state()["possible"], allowed, (first, last))

    def test_an_end_item_on_its_first_and_last_day(self):
        today = fields.Date.context_today(self.bike)
        self.bike.write({"phase_in_date": today, "phase_out_date": today})
        self.assertTrue(self._add_line("Low", "City", "400"))
        self.bike.write({"phase_in_date": today + timedelta(days=1), "phase_out_date": False})
        with self.assertRaisesRegex(ValidationError, "OF-OPT-021"):
            self._add_line("Low", "City", "400")

    def test_a_number_that_is_none(self):
        spare = self._value("700")
        spare.write({"is_custom": True, "is_option_quantity": True})
        line = self._add_line("Low", "City", "BAT-700:3")
        self.assertEqual(line._option_quantities(), {self._ptav("700").id: 3})
        for text in ("-1", "2.5", "many", ""):
            with self.assertRaisesRegex(ValidationError, "OF-OPT-006"), self.env.cr.savepoint():
                line.product_custom_attribute_value_ids = [
                    Command.update(line.product_custom_attribute_value_ids.id, {"custom_value": text}),
                    Command.link(line.product_custom_attribute_value_ids.id),
                ]
                line._check_option_configuration()

    def test_a_value_named_by_a_rule_can_go(self):
        self._speed_needs_big_battery()
        line = self.bike.attribute_line_ids.filtered(lambda each: each.attribute_id == self.battery)
        line.value_ids -= self._value("500")
        self.assertEqual(self.bike.option_reason(["400"], "Speed")["possible"], False)
        self.assertEqual(self.bike.option_reason(["700"], "Speed")["possible"], True)

    def test_tables_from_other_systems_that_are_none(self):
        columns, city = self.motor.ids, self._value("City").id
        for data in (
            "x",
            {"columns": columns},
            {"columns": [10**6], "rows": [[[city]]]},
            {"columns": columns * 2, "rows": [[[city], [city]]]},
            {"columns": columns, "rows": [[1]]},
            {"columns": columns, "rows": [[["City"]]]},
            {"columns": columns, "rows": [[[]]]},
            {"columns": self.battery.ids, "rows": [[[city]]]},
            {"columns": (self.motor | self.battery).ids, "rows": [[[city]]]},
        ):
            with self.assertRaisesRegex(ValidationError, "OF-OPT-018"), self.env.cr.savepoint():
                self._rule("table", [], table_data=data)

    def test_table_over_a_multiple_choice_or_with_an_empty_row(self):
        for values, code in ((self._value("Rack").ids, "043"), ([], "012")):
            rule = self._rule("table", [], row_ids=[Command.create({"value_ids": [Command.set(values)]})])
            with self.assertRaisesRegex(ValidationError, f"OF-OPT-{code}"), self.env.cr.savepoint():
                self.rules.action_release()
            rule.active = False

    def test_end_item_that_released_rules_leave_nothing_of(self):
        self._rule("requires", [["Speed"]])
        self.rules.action_release()
        other = self._bike("Other")
        motors = other.attribute_line_ids.filtered(lambda line: line.attribute_id == self.motor)
        motors.value_ids -= self._value("Speed")
        for add in (
            lambda: self.rules.write({"product_tmpl_ids": [Command.link(other.id)]}),
            lambda: other.write({"option_rule_set_ids": [Command.link(self.rules.id)]}),
        ):
            with self.assertRaisesRegex(ValidationError, "OF-OPT-040.*Other"), self.env.cr.savepoint():
                add()
        self.assertEqual(self.rules.product_tmpl_ids, self.bike)

    def test_revision_is_written_by_releasing_only(self):
        self._speed_needs_big_battery()
        with self.assertRaisesRegex(UserError, "OF-OPT-042"):
            self.rules.revision = 0
