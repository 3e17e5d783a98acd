from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .warehouse_common import WarehouseCase

PLACES = [
    {"name": "Door", "x": 0, "y": 0, "begin": True},
    {"name": "Desk", "x": 0, "y": 10, "end": True},
    {"name": "A", "x": 10, "y": 0},
    {"name": "B", "x": 20, "y": 5},
    {"name": "C", "x": 10, "y": 10},
]
WAYS = [
    {"from": "Door", "to": "A"},
    {"from": "A", "to": "B", "metres": 15, "one_way": True},
    {"from": "B", "to": "C", "metres": 15},
    {"from": "C", "to": "Desk"},
    {"from": "A", "to": "C"},
]


@tagged("post_install", "-at_install")
class TestWarehouseGraphZone(WarehouseCase):
    """A zone of any shape, with a one-way and another place to end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.floor = cls.env["pick.zone"].create({"name": "F", "warehouse_id": cls.warehouse.id})
        cls.floor.load_graph(PLACES, WAYS)
        cls.shelves = cls.env["stock.location"].create(
            [
                {"name": f"F-{name}", "barcode": f"F-{name}", "location_id": cls.stock_location.id}
                for name in "ABC"
            ]
        )
        cls.floor.place_locations([{"location": f"F-{name}", "place": name} for name in "ABC"])

    @classmethod
    def _cell(cls, aisle, _cell):
        return cls.shelves[aisle]

    def _wanting(self, *numbers):
        """A transfer from the shelves of these numbers."""
        return self._transfer(*((number, 0) for number in numbers))

    def test_a_list_follows_the_ways_and_their_directions(self):
        a, b, c = self.shelves
        picking = self._wanting(2, 1, 0)
        self.assertEqual(picking.pick_route["locations"], [a.id, b.id, c.id])
        self.assertEqual(picking.pick_distance, 10 + 15 + 15 + 10)
        self.assertEqual(picking.move_line_ids.sorted("pick_sequence").location_id, a | b | c)

    def test_the_plan_shows_ways_and_walk(self):
        picking = self._wanting(0)
        self.assertIn("one-way", self.floor.floor_plan)
        self.assertIn("polyline", picking.pick_plan)

    def test_batches_are_built_on_it(self):
        first, second = self._wanting(0), self._wanting(1)
        answer = self.env["stock.picking.batch"].build_batches(
            self.warehouse.out_type_id.id, (first + second).ids, confirm=True
        )
        self.assertEqual(len(answer["batches"]), 1)
        late = self._wanting(2)
        late.date_deadline = False
        late.scheduled_date = "2100-01-01"
        (first + second).scheduled_date = "2100-01-01"
        late.action_join_running_batch()
        self.assertEqual(late.batch_id, first.batch_id)

    def test_what_cannot_be_walked_does_not_stop_the_picking(self):
        self.floor.way_ids.filtered(lambda way: way.to_id.name == "B").unlink()
        self.floor.way_ids.filtered(lambda way: way.from_id.name == "B").is_one_way = True
        with mute_logger("odoo.addons.order_fulfilment.models.warehouse.pick_zone"):
            picking = self._wanting(1)
            self.assertEqual((picking.state, picking.pick_distance), ("assigned", 0))
            self.env.flush_all()

    def test_every_wrong_row_is_named_and_nothing_changed(self):
        places = [*PLACES, {"name": "A", "x": 1, "y": 1}, {"name": "Z", "x": "far", "y": 0}, "row"]
        ways = [
            {"from": "A", "to": "Nowhere"},
            {"from": "A", "to": "A"},
            {"from": "A", "to": "B", "metres": -1},
        ]
        with self.assertRaisesRegex(UserError, "OF-WH-018") as refusal:
            self.floor.load_graph(places, ways)
        rows = [line.split(":")[0].split("] ")[-1] for line in str(refusal.exception).splitlines()]
        self.assertEqual(rows, ["Place 6", "Place 7", "Place 8", "Way 1", "Way 2", "Way 3"])
        self.assertEqual(len(self.floor.way_ids), 5)

    def test_a_place_with_goods_is_not_lost(self):
        with self.assertRaisesRegex(UserError, "OF-WH-019"):
            self.floor.load_graph(PLACES[:4], WAYS[:1])
        self.assertEqual(len(self.floor.node_ids), 5)

    def test_loading_again_keeps_where_goods_lie(self):
        self.floor.load_graph([{**place, "x": place["x"] * 2} for place in PLACES], WAYS)
        self.assertEqual(self.shelves[1].pick_node_id.x, 40)
        self.assertEqual(self.shelves.pick_zone_id, self.floor)

    def test_a_location_lies_at_one_place(self):
        with self.assertRaisesRegex(ValidationError, "OF-WH-025"):
            self.shelves[0].pick_aisle_id = self.zone.aisle_ids[0]

    def test_a_picker_may_not_move_the_warehouse(self):
        with self.assertRaises(AccessError):
            self.floor.with_user(self.picker).load_graph(PLACES, WAYS)
