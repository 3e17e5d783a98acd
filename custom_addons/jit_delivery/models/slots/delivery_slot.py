from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.arguments import is_amount
from ...tools.slot_load import DIMENSIONS
from ...tools.zones import to_wall

LIVE_STATES = ("held", "confirmed")
DIGITS = (16, 3)  # numeric in the database: sums of thousandths stay exact
PLACE = ("dock_id", "carrier_id", "vehicle_category_id")
TEMPLATE_SAYS = {*PLACE, *(f"capacity_{name}" for name in DIMENSIONS)}


class DeliverySlot(models.Model):
    """A bookable stretch of time at a warehouse, with a capacity in five dimensions.

    ``claimed_…`` and ``overbooked_…`` are what holds and bookings take; only ``claim.py`` writes them.
    Normal claims never exceed the capacity; what a manager booked beyond it is counted apart, and also fills
    the slot.
    """

    _name = "delivery.slot"
    _description = "Delivery Slot"
    _order = "start, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, index=True, check_company=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    template_id = fields.Many2one(
        "delivery.slot.template", index="btree_not_null", ondelete="set null", copy=False
    )
    dock_id = fields.Many2one("stock.location", check_company=True)
    carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery method",
        check_company=True,
        help="Only for addresses in its countries and zip prefixes.",
    )
    vehicle_category_id = fields.Many2one("fleet.vehicle.model.category", "Vehicle class")
    start = fields.Datetime(required=True, index=True)
    stop = fields.Datetime("End", required=True)
    local_date = fields.Date("Local date", compute="_compute_local_date", store=True, index=True)
    active = fields.Boolean(default=True)
    is_closed = fields.Boolean("Closed for booking")
    is_set_by_hand = fields.Boolean(
        "Set by hand", copy=False, help="Keeps its place and capacity when its template changes."
    )
    left_template_id = fields.Many2one(
        "delivery.slot.template", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    left_start = fields.Datetime(
        readonly=True, copy=False, help="When its template had it before it was moved by hand."
    )
    hold_ids = fields.One2many("delivery.slot.hold", "slot_id", "Holds", readonly=True)

    capacity_drops = fields.Float("Drops", digits=DIGITS, default=1, required=True)
    capacity_pallets = fields.Float("Pallets", digits=DIGITS, default=0, required=True, help="0: not limited")
    capacity_kg = fields.Float("Kilograms", digits=DIGITS, default=0, required=True, help="0: not limited")
    capacity_m3 = fields.Float("Cubic metres", digits=DIGITS, default=0, required=True, help="0: not limited")
    capacity_minutes = fields.Float("Minutes", digits=DIGITS, default=0, required=True, help="0: not limited")
    claimed_drops = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)
    claimed_pallets = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)
    claimed_kg = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)
    claimed_m3 = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)
    claimed_minutes = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)
    overbooked_drops = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)
    overbooked_pallets = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)
    overbooked_kg = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)
    overbooked_m3 = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)
    overbooked_minutes = fields.Float(digits=DIGITS, default=0, required=True, readonly=True, copy=False)

    booked_drops = fields.Float("Booked", compute="_compute_booked", digits=DIGITS)
    held_drops = fields.Float("Held", compute="_compute_booked", digits=DIGITS)
    free_drops = fields.Float("Free", compute="_compute_free", digits=DIGITS)
    used_share = fields.Float(
        "Used %", compute="_compute_used_share", help="Of the dimension that is fullest."
    )

    _ends_after_start = models.Constraint("CHECK (stop > start)", "[JD-SLT-001] A slot ends after it starts.")
    _drops_fit = models.Constraint(
        "CHECK (claimed_drops BETWEEN 0 AND capacity_drops)", "[JD-SLT-002] More drops than the slot has."
    )
    _pallets_fit = models.Constraint(
        "CHECK (claimed_pallets >= 0 AND (capacity_pallets = 0 OR claimed_pallets <= capacity_pallets))",
        "[JD-SLT-002] More pallets than the slot has.",
    )
    _kg_fit = models.Constraint(
        "CHECK (claimed_kg >= 0 AND (capacity_kg = 0 OR claimed_kg <= capacity_kg))",
        "[JD-SLT-002] More kilograms than the slot has.",
    )
    _m3_fit = models.Constraint(
        "CHECK (claimed_m3 >= 0 AND (capacity_m3 = 0 OR claimed_m3 <= capacity_m3))",
        "[JD-SLT-002] More cubic metres than the slot has.",
    )
    _minutes_fit = models.Constraint(
        "CHECK (claimed_minutes >= 0 AND (capacity_minutes = 0 OR claimed_minutes <= capacity_minutes))",
        "[JD-SLT-002] More minutes than the slot has.",
    )
    _template_start_unique = models.UniqueIndex("(template_id, start) WHERE template_id IS NOT NULL")

    @api.depends("start", "stop", "warehouse_id")
    def _compute_name(self):
        for slot in self:
            if not (slot.start and slot.stop and slot.warehouse_id):
                slot.name = False
                continue
            zone = slot.warehouse_id._get_zone()
            begin, end = to_wall(zone, slot.start), to_wall(zone, slot.stop)
            slot.name = f"{slot.warehouse_id.code} {begin:%a %Y-%m-%d %H:%M}–{end:%H:%M}"

    @api.depends("start", "warehouse_id")
    def _compute_local_date(self):
        for slot in self:
            known = slot.start and slot.warehouse_id
            slot.local_date = known and to_wall(slot.warehouse_id._get_zone(), slot.start).date()

    @api.depends("hold_ids.state")
    def _compute_booked(self):
        groups = self.env["delivery.slot.hold"]._read_group(
            [("slot_id", "in", self.ids), ("state", "in", LIVE_STATES)], ["slot_id", "state"], ["drops:sum"]
        )
        drops = {(slot.id, state): total for slot, state, total in groups}
        for slot in self:
            slot.booked_drops = drops.get((slot.id, "confirmed"), 0)
            slot.held_drops = drops.get((slot.id, "held"), 0)

    @api.depends("capacity_drops", "claimed_drops", "overbooked_drops")
    def _compute_free(self):
        for slot in self:
            slot.free_drops = slot.capacity_drops - slot.claimed_drops - slot.overbooked_drops

    def _get_used_share(self):
        """Return the share in use (1.0 = full) of the fullest limited dimension."""
        shares = [
            (self[f"claimed_{name}"] + self[f"overbooked_{name}"]) / self[f"capacity_{name}"]
            for name in DIMENSIONS
            if self[f"capacity_{name}"]
        ]
        return max(shares, default=0.0)

    @api.depends(*[f"{side}_{name}" for side in ("capacity", "claimed", "overbooked") for name in DIMENSIONS])
    def _compute_used_share(self):
        for slot in self:
            slot.used_share = 100 * slot._get_used_share()

    @api.constrains(*[f"capacity_{name}" for name in DIMENSIONS])
    def _check_capacity(self):
        for slot in self:
            for name in DIMENSIONS:
                limit, taken = slot[f"capacity_{name}"], slot[f"claimed_{name}"]
                if limit < 0 or (taken > limit and (limit or name == "drops")):
                    raise ValidationError(
                        self.env._(
                            "[JD-SLT-003] %(slot)s: capacity of %(limit)g %(dimension)s is below the"
                            " %(taken)g already booked or held. Move those deliveries first.",
                            slot=slot.name,
                            limit=limit,
                            dimension=name,
                            taken=taken,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self._check_not_booked()

    def _check_not_booked(self):
        for slot in self:
            live = slot.hold_ids.filtered(lambda hold: hold.state in LIVE_STATES)
            if live:
                raise UserError(
                    self.env._(
                        "[JD-SLT-005] %(slot)s has %(count)s bookings or holds and cannot be deleted or"
                        " archived. Close it for booking and move them first.",
                        slot=slot.name,
                        count=len(live),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_derived(vals)
            self._check_amounts(vals)
        return super().create(vals_list)

    @api.model
    def _check_amounts(self, vals):
        """Refuse a capacity that is no amount, before the database or a sum meets NaN, infinity or a text."""
        for name in DIMENSIONS:
            value = vals.get(f"capacity_{name}")
            if value and not is_amount(value):
                raise ValidationError(
                    self.env._(
                        "[JD-SLT-009] The capacity of a slot in %(dimension)s is a number from 0 up, not"
                        " '%(value)s'.",
                        dimension=name,
                        value=str(value)[:40],
                    )
                )

    @api.model
    def _check_derived(self, vals):
        """Refuse to have written what is counted from holds and bookings."""
        counted = [name for name in vals if name.startswith(("claimed_", "overbooked_"))]
        if counted:
            raise UserError(
                self.env._(
                    "[JD-SLT-008] %s is counted from bookings and cannot be written. Hold or release places.",
                    counted[0],
                )
            )

    def write(self, vals):
        """A slot with bookings keeps its time: the customers were promised it."""
        self._check_derived(vals)
        self._check_amounts(vals)
        if vals.get("active") is False:
            self._check_not_booked()
        moved = {"start", "stop", "warehouse_id"} & set(vals)
        if moved and self.hold_ids.filtered(lambda hold: hold.state in LIVE_STATES):
            raise UserError(
                self.env._("[JD-SLT-004] A slot with bookings keeps its time. Make a new slot and move them.")
            )
        if moved:  # by hand: it is no copy of its template any more, which would take it back
            self._leave_template()
            vals = {"template_id": False, **vals}
        elif TEMPLATE_SAYS & set(vals):
            vals = {"is_set_by_hand": True, **vals}
        return super().write(vals)
