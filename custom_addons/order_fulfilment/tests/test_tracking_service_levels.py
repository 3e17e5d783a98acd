import base64
import io
from datetime import datetime

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.order_fulfilment.tools.service_figures import Lines, figures

from .test_tracking_ledger import LedgerCase

ORDERED = "2026-01-12 08:00:00"
PROMISED = datetime(2026, 1, 16, 11)


@tagged("post_install", "-at_install")
class TestServiceLevels(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.env["fulfilment.service.sheet"]
        cls.customer = cls.customer.copy({"name": "Measured"})

    def _ordered(self, lines=None, **values):
        with freeze_time(ORDERED):
            return self._confirmed(lines, commitment_date=PROMISED, **values)

    def _ship(self, order, moment, quantity=None, backorder=True):
        with freeze_time(moment):
            self._process(self._open(order), quantity, backorder=backorder)
        return order

    def _row(self, model, order, **context):
        self.env.invalidate_all()
        rows = self.env[model].with_context(**context)
        return rows.search([("order_id", "=", order.id)], order="id")

    def test_order_holds_only_if_all_lines_do(self):
        order = self._ordered([(self.chain, 2), (self.brake_pads, 2)])
        with freeze_time("2026-01-16 10:00:00"):
            moves = order.picking_ids.move_ids
            moves[0].write({"quantity": 2, "picked": True})
            moves[1].write({"quantity": 0, "picked": False})
            order.picking_ids.with_context(skip_backorder=True).button_validate()
        self._ship(order, "2026-01-17 10:00:00")
        self.assertEqual(self._row("fulfilment.service", order).mapped("is_otif"), [1, 0])
        whole = self._row("fulfilment.service.order", order)
        self.assertEqual((whole.is_otif, whole.on_time, whole.in_full, whole.line_count), (0, 0, 1, 2))
        drops = self._row("fulfilment.service.drop", order)
        self.assertEqual(drops.mapped("on_time"), [1, 0])
        self.assertEqual(drops.mapped("in_full"), [0, 1])

    def test_the_last_drop_counts_though_only_the_first_told_of_its_arrival(self):
        order = self._ship(self._ordered(), "2026-01-14 10:00:00", 6)
        with freeze_time("2026-01-15 10:00:00"):
            order.picking_ids.filtered("is_drop").action_arrived()
        self._ship(order, "2026-01-19 10:00:00")
        row = self._row("fulfilment.service", order)
        self.assertEqual((str(row.delivered_at), row.is_otif), ("2026-01-19 10:00:00", 0))

    def test_what_a_drop_left_behind_stays_so_when_it_leaves_in_parts(self):
        order = self._ordered()
        for day, quantity in ((14, 4), (15, 3), (16, 3)):
            self._ship(order, f"2026-01-{day} 10:00:00", quantity)
        drops = self._row("fulfilment.service.drop", order)
        self.assertEqual(drops.mapped("fill_rate"), [0.4, 0.5, 1])

    def test_a_drop_still_here_after_its_date_counts_as_failed(self):
        order = self._ordered()
        row = self._row("fulfilment.service.drop", order, service_as_of="2026-01-17 10:00:00")
        self.assertEqual((row.on_time, row.in_full, row.is_otif, row.is_perfect), (0, 0, 0, 0))
        [count] = row._read_group([("id", "=", row.id)], [], ["is_otif:count"])
        self.assertEqual(count, (1,))
        row = self._row("fulfilment.service.drop", order, service_as_of="2026-01-16 10:00:00")
        self.assertEqual((row.on_time, row.in_full, row.is_otif), (False, False, False))

    def test_product_of_rates_and_otif_are_told_apart(self):
        late = self._ship(self._ordered(), "2026-01-17 10:00:00")
        short = self._ship(self._ordered(), "2026-01-15 10:00:00", 6, backorder=False)
        domain = [("order_id", "in", (late + short).ids)]
        names = ["on_time:avg", "in_full:avg", "is_otif:avg", "product_of_rates:avg", "lead_spread:avg"]
        [found] = self.env["fulfilment.service"]._read_group(domain, [], names)
        self.assertEqual(found[:4], (0.5, 0.5, 0, 0.25))
        self.assertAlmostEqual(found[4], 1.0)

    def test_the_screen_says_what_the_rule_says(self):
        moments = ["2026-01-14 10:00:00", "2026-01-16 11:00:00", "2026-01-16 11:00:01", "2026-01-18 09:00:00"]
        orders = self.env["sale.order"]
        for moment in moments:
            orders |= self._ship(self._ordered(), moment)
        self.env.flush_all()
        [found] = self.env["fulfilment.service"]._read_group(
            [("order_id", "in", orders.ids)], [], ["is_otif:avg", "on_time:avg"]
        )
        arrived = [datetime.fromisoformat(moment).timestamp() for moment in moments]
        lines = Lines(moments, [PROMISED.timestamp()] * 4, arrived)
        by_rule = figures(lines, datetime(2026, 2, 1).timestamp())
        self.assertEqual(found, (by_rule.otif_rate, by_rule.on_time_rate))

    def test_too_early(self):
        order = self._ordered()
        order._record_promise("promised", datetime(2026, 1, 16, 9), datetime(2026, 1, 16, 11), "Window")
        self._ship(order, "2026-01-16 06:00:00")
        self.assertEqual(self._row("fulfilment.service", order).on_time, 1, "not counted unless it is set")
        for hours, kept in (("2", 0), ("3", 1)):
            self.env["ir.config_parameter"].set_param("order_fulfilment.service_early_hours", hours)
            self.assertEqual(self._row("fulfilment.service", order).on_time, kept)

    def test_fill_rate_is_what_left_by_its_date(self):
        order = self._ship(self._ordered(), "2026-01-16 10:00:00", 6)
        self._ship(order, "2026-01-20 10:00:00")
        row = self._row("fulfilment.service", order)
        self.assertEqual((row.fill_rate, row.in_full, row.is_otif), (0.6, 1, 0))

    def test_open_orders_count_by_the_as_of_date(self):
        order = self._ship(self._ordered(), "2026-01-20 10:00:00")
        by_day = {}
        for day in ("11", "15", "18", "21"):
            rows = self._row("fulfilment.service", order, service_as_of=f"2026-01-{day} 12:00:00")
            [counted] = rows._read_group([("id", "in", rows.ids)], [], ["on_time:count"])
            by_day[day] = (len(rows), counted[0], bool(rows.delivered_at), round(rows.backorder_days, 2))
        self.assertEqual(
            by_day,
            {
                "11": (0, 0, False, 0),
                "15": (1, 0, False, 0),
                "18": (1, 1, False, 2.04),
                "21": (1, 1, True, 0),
            },
        )

    def test_figures_for_other_systems(self):
        self._ship(self._ordered(), "2026-01-16 10:00:00")
        self._ship(self._ordered(), "2026-01-19 10:00:00")
        self._ordered(partner_id=self.env["res.partner"].create({"name": "=cmd()", "tz": "UTC"}).id)
        found = self.sheet.get_figures("order", date_from="2026-01-12", date_to="2026-01-12")
        rows = {row["name"]: row for row in found["groups"]}
        measured = rows[self.customer.display_name]
        self.assertEqual((measured["rows"], measured["is_otif"], measured["in_full"]), (2, 0.5, 1))
        self.assertEqual(rows["=cmd()"]["is_otif"], 0)
        self.assertEqual(self.sheet.get_figures(date_to="2019-01-01")["all"]["is_otif"], "")

    def test_sheet(self):
        self._ordered(partner_id=self.env["res.partner"].create({"name": "=cmd()"}).id)
        wizard = self.sheet.create({"level": "line", "group_by": "partner_id", "date_from": "2026-01-12"})
        wizard.action_export()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
        self.assertEqual(book.sheetnames, ["Figures", "Definitions"])
        cells = {row[0].value: row for row in book["Figures"]}
        self.assertEqual(cells["=cmd()"][0].data_type, "s")
        titles = [cell.value for cell in cells["Group"]]
        self.assertIn("OTIF (promise)", titles)
        self.assertIn("On time × in full (product of rates)", titles)
        self.assertTrue(any(row[0].value == "Fill rate" for row in book["Definitions"]))

    def test_opened_at_a_date(self):
        wizard = self.sheet.create({"level": "drop", "as_of": "2026-01-18", "group_by": "carrier_id"})
        action = wizard.action_open()
        self.assertEqual(action["res_model"], "fulfilment.service.drop")
        self.assertEqual(action["context"]["service_as_of"][:10], "2026-01-18")

    def test_bad_questions_and_rights(self):
        for level, group in (("day", "partner_id"), ("line", "id"), ("order", "product_id"), ([], {})):
            with self.assertRaisesRegex(UserError, r"\[OF-SVC-001\]"):
                self.sheet.get_figures(level, group)
        with self.assertRaisesRegex(UserError, r"\[OF-SVC-002\]"):
            self.sheet.get_figures(as_of="soon")
        stranger = self._create_user("of_stranger2", "base.group_user")
        with self.assertRaises(AccessError):
            self.sheet.with_user(stranger).get_figures()
