from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehousePlaces(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf 9", "location_id": cls.stock_location.id, "barcode": "SHELF-9"}
        )

    def _place(self, **row):
        return self.zone.place_locations([{"location": "SHELF-9", "aisle": "02", "position": 4.5, **row}])

    def test_a_place_by_barcode_or_full_name(self):
        self.assertEqual(self._place(level=2), {"placed": 1})
        self.assertEqual(
            (self.shelf.pick_aisle_id.x, self.shelf.pick_position, self.shelf.pick_level), (5, 4.5, 2)
        )
        self._place(location=self.shelf.complete_name, position="7")
        self.assertEqual(self.shelf.pick_position, 7)

    def test_every_wrong_row_is_named_and_nothing_written(self):
        good = {"location": "SHELF-9", "aisle": "02", "position": 4.5}
        rows = [
            good,
            {**good, "location": "NOWHERE"},
            {**good, "aisle": "77"},
            {**good, "position": "far"},
            {**good, "position": 99},
            {**good, "level": "top"},
            "row",
        ]
        with self.assertRaises(UserError) as refusal:
            self.zone.place_locations(rows)
        lines = str(refusal.exception).splitlines()
        self.assertEqual(
            [line.split(":")[0].split("] ")[-1] for line in lines], [f"Row {n}" for n in range(2, 8)]
        )
        self.assertIn("runs from 0 to 12", lines[3])
        self.assertFalse(self.shelf.pick_aisle_id)

    def test_a_location_named_twice_and_levels_beyond_all_racks(self):
        good = {"location": "SHELF-9", "aisle": "02", "position": 4.5}
        twice = r"OF-WH-008.*Row 2: location .*Shelf 9. was placed by a row before"
        with self.assertRaisesRegex(UserError, twice):
            self.zone.place_locations([good, {**good, "location": self.shelf.complete_name}])
        for level in (float("inf"), float("nan"), 10**30, None):
            with self.assertRaisesRegex(UserError, "OF-WH-008.*no whole number"):
                self._place(level=level)
        for rows in (None, 7, good, "rows"):
            with self.assertRaisesRegex(UserError, "OF-WH-008.*list of objects"):
                self.zone.place_locations(rows)
        self.assertFalse(self.shelf.pick_aisle_id)

    @mute_logger("odoo.sql_db")
    def test_no_place_or_size_of_nan_or_infinity(self):
        kind = self.env["stock.package.type"].create({"name": "Box"})
        fields = [(self.shelf, "pick_position"), (self.zone, "depot_x"), (self.zone.aisle_ids[0], "x")]
        fields += [(self.chain, "pack_length"), (kind, "inner_width"), (kind, "base_weight")]
        for value in (float("nan"), float("inf"), float("-inf"), 1e300):
            for record, name in fields:
                with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                    record[name] = value
                    record.flush_recordset()
                record.invalidate_recordset()

    def test_a_picker_may_not_move_the_warehouse(self):
        with self.assertRaises(AccessError):
            self.zone.with_user(self.picker).place_locations([])

    def test_odoos_own_import_takes_places(self):
        answer = self.env["stock.location"].load(
            ["name", "location_id", "pick_aisle_id", "pick_position", "pick_level"],
            [["Bin 1", self.stock_location.complete_name, "T/03", "6.5", "1"]],
        )
        self.assertFalse(answer["messages"])
        location = self.env["stock.location"].browse(answer["ids"])
        self.assertEqual(
            (location.pick_aisle_id.x, location.pick_position, location.pick_level), (10, 6.5, 1)
        )
