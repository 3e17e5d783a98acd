from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_LOCATIONS = 20000
LONGEST = 1000  # metres from aisle to aisle, or from cell to cell


class PickZoneGenerate(models.TransientModel):
    """Lay out a rectangular zone: aisles, cross-aisles, and a location for every cell and level."""

    _name = "pick.zone.generate"
    _description = "Generate a Picking Zone"

    name = fields.Char(required=True, default="Zone A")
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, default=lambda self: self.env["stock.warehouse"].search([], limit=1)
    )
    parent_id = fields.Many2one(
        "stock.location",
        "Below location",
        compute="_compute_parent_id",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        domain="[('usage', 'in', ('internal', 'view')), ('warehouse_id', '=', warehouse_id)]",
    )
    aisle_count = fields.Integer("Aisles", default=10, required=True)
    aisle_pitch = fields.Float("Aisle to aisle (m)", default=5.0, required=True)
    cell_count = fields.Integer("Cells per aisle", default=30, required=True)
    cell_pitch = fields.Float("Cell to cell (m)", default=1.0, required=True)
    level_count = fields.Integer("Levels", default=1, required=True)
    block_count = fields.Integer(
        "Blocks", default=1, required=True, help="A cross-aisle at both ends and one more between blocks."
    )
    crossing_width = fields.Float("Cross-aisle width (m)", default=2.0, required=True)
    depot_aisle = fields.Integer("Depot at aisle", default=1, required=True)

    @api.depends("warehouse_id")
    def _compute_parent_id(self):
        for wizard in self:
            wizard.parent_id = wizard.warehouse_id.lot_stock_id

    def action_generate(self):
        """Create the zone with its locations and open it."""
        self.ensure_one()
        self._check_name()
        self._check_sizes()
        zone = self.env["pick.zone"].create(self._prepare_zone())
        self.env["stock.location"].create(self._prepare_locations(zone))
        return {
            "type": "ir.actions.act_window",
            "res_model": "pick.zone",
            "res_id": zone.id,
            "view_mode": "form",
        }

    def _check_name(self):
        """Refuse the name of a zone that there is: each of its cells would be there twice."""
        same = [("name", "=", self.name.strip()), ("warehouse_id", "=", self.warehouse_id.id)]
        if not self.name.strip() or self.env["pick.zone"].search_count(same, limit=1):
            raise UserError(
                self.env._("[OF-WH-069] There is a zone “%s” already: choose another name.", self.name)
            )

    def _check_sizes(self):
        counts = (self.aisle_count, self.cell_count, self.level_count, self.block_count, self.depot_aisle)
        pitches = (self.aisle_pitch, self.cell_pitch, self.crossing_width)
        # so that NaN is refused as well
        is_measured = all(0 < pitch <= LONGEST for pitch in pitches)
        if not is_measured or min(counts) <= 0 or self.block_count > self.cell_count:
            raise UserError(
                self.env._(
                    "[OF-WH-005] Counts and distances must be above zero, with a cell per block, and no"
                    " distance above %s metres.",
                    LONGEST,
                )
            )
        if self.depot_aisle > self.aisle_count:
            raise UserError(
                self.env._(
                    "[OF-WH-006] The depot is at an aisle that there is not: choose 1 to %s.",
                    self.aisle_count,
                )
            )
        if self.aisle_count * self.cell_count * self.level_count > MAX_LOCATIONS:
            raise UserError(
                self.env._("[OF-WH-007] At most %s locations at once: make several zones.", MAX_LOCATIONS)
            )

    def _cell_block(self, cell):
        return cell * self.block_count // self.cell_count

    def _cell_position(self, cell):
        """Middle of a cell (from 0): half a cross-aisle before the first, a whole one between blocks."""
        return self.crossing_width * (self._cell_block(cell) + 0.5) + self.cell_pitch * (cell + 0.5)

    def _crossing_positions(self):
        firsts = [
            next(cell for cell in range(self.cell_count) if self._cell_block(cell) == block)
            for block in range(1, self.block_count)
        ]
        half = (self.crossing_width + self.cell_pitch) / 2
        last = self._cell_position(self.cell_count - 1) + half
        return [0.0, *(self._cell_position(cell) - half for cell in firsts), last]

    def _prepare_zone(self):
        create = fields.Command.create
        return {
            "name": self.name,
            "warehouse_id": self.warehouse_id.id,
            "aisle_ids": [
                create({"name": f"{number + 1:02d}", "x": number * self.aisle_pitch})
                for number in range(self.aisle_count)
            ],
            "crossing_ids": [create({"y": y}) for y in self._crossing_positions()],
            "depot_x": (self.depot_aisle - 1) * self.aisle_pitch,
        }

    def _prepare_locations(self, zone):
        return [
            {
                "name": f"{self.name}-{aisle.name}-{cell + 1:03d}-{level}",
                "location_id": self.parent_id.id,
                "usage": "internal",
                "company_id": zone.company_id.id,
                "pick_aisle_id": aisle.id,
                "pick_position": self._cell_position(cell),
                "pick_level": level,
                "barcode": f"{zone.id}-{aisle.name}-{cell + 1:03d}-{level}",
            }
            for aisle in zone.aisle_ids.sorted("x")
            for cell in range(self.cell_count)
            for level in range(self.level_count)
        ]
