from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

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
