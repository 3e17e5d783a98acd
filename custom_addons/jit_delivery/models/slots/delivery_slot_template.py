from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.slot_load import DIMENSIONS
from ...tools.windows import Hours, WeeklyWindow, WindowError, occurrences
from ..windows.delivery_frequency import DAYS
from ..windows.delivery_window import to_minutes
from .delivery_slot import PLACE, TEMPLATE_SAYS


class DeliverySlotTemplate(models.Model):
    """A slot that comes every week; slots are generated from it ahead, in the warehouse's wall time.

    Generating also takes back what the template does not say any more: other times, a new holiday. Empty
    slots go; those that somebody booked are closed for further booking, and their bookings stand.
    """

    _name = "delivery.slot.template"
    _description = "Delivery Slot Template"
    _order = "warehouse_id, hour_from"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, check_company=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    dock_id = fields.Many2one("stock.location", check_company=True)
    carrier_id = fields.Many2one("delivery.carrier", "Delivery method", check_company=True)
    vehicle_category_id = fields.Many2one("fleet.vehicle.model.category", "Vehicle class")
    calendar_id = fields.Many2one(
        "resource.calendar", "Holidays of", check_company=True, help="No slots on its holidays."
    )
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    hour_from = fields.Float("From", required=True, default=8.0)
    hour_to = fields.Float("To", required=True, default=10.0)
    ends_next_day = fields.Boolean("Ends the next day")
    horizon_days = fields.Integer("Days ahead", default=28, required=True)
    capacity_drops = fields.Float("Drops", digits=(16, 3), default=10, required=True)
    capacity_pallets = fields.Float("Pallets", digits=(16, 3), help="0: not limited")
    capacity_kg = fields.Float("Kilograms", digits=(16, 3), help="0: not limited")
    capacity_m3 = fields.Float("Cubic metres", digits=(16, 3), help="0: not limited")
    capacity_minutes = fields.Float("Minutes", digits=(16, 3), help="0: not limited")
    slot_ids = fields.One2many("delivery.slot", "template_id", "Slots")
    left_slot_ids = fields.One2many("delivery.slot", "left_template_id", "Slots moved by hand")

    _horizon_sane = models.Constraint(
        "CHECK (horizon_days BETWEEN 1 AND 400)", "[JD-SLT-006] Generate slots 1 to 400 days ahead."
    )

    _capacity_positive = models.Constraint(
        "CHECK (LEAST(capacity_drops, capacity_pallets, capacity_kg, capacity_m3, capacity_minutes) >= 0)",
        "[JD-SLT-009] The capacity of a slot is not below zero.",
    )

    @api.constrains("hour_from", "hour_to", "ends_next_day")
    def _check_hours(self):
        for template in self:
            try:
                template._get_weekly_windows()
            except WindowError as error:
                raise ValidationError(
                    self.env._(
                        "[JD-SLT-007] Slot template %(name)s: %(reason)s.",
                        name=template.name,
                        reason=error.reason,
                    )
                ) from error

    def _get_weekly_windows(self):
        end = to_minutes(self.hour_to) + (1440 if self.ends_next_day else 0)
        days = [number for number, name in enumerate(DAYS) if self[name]]
        return tuple(WeeklyWindow(day, to_minutes(self.hour_from), end) for day in days)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.env["delivery.slot"]._check_amounts(vals)
        return super().create(vals_list)

    def write(self, vals):
        """An archived template offers nothing any more."""
        self.env["delivery.slot"]._check_amounts(vals)
        result = super().write(vals)
        if vals.get("active") is False:
            self._take_back(self._get_coming_slots())
        elif TEMPLATE_SAYS & set(vals):
            self._get_coming_slots()._follow_template()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_take_slots_back(self):
        self._take_back(self._get_coming_slots())

    def _get_coming_slots(self):
        """Return the slots of these templates that have not begun."""
        return self.slot_ids.filtered(lambda slot: slot.start >= fields.Datetime.now())

    @api.model
    def _take_back(self, slots):
        """Remove those of ``slots`` that nobody ever held; close the others for booking."""
        held = slots.hold_ids.slot_id
        (slots - held).unlink()
        held.is_closed = True

    def _get_times(self):
        """Return the (start, stop) that the template gives between now and its horizon."""
        self.ensure_one()
        now = fields.Datetime.now()
        hours = Hours(
            self.warehouse_id._get_zone(),
            self._get_weekly_windows(),
            holidays=self.calendar_id._get_holidays(),
        )
        found = occurrences(hours, now, now + timedelta(days=self.horizon_days))
        return [times for times in found if times.start >= now]

    def _get_outdated(self):
        """Return the coming slots that the template does not give any more."""
        if not self.warehouse_id.active:
            return self._get_coming_slots()
        times = set(self._get_times())
        last = fields.Datetime.now() + timedelta(days=self.horizon_days)
        return self._get_coming_slots().filtered(
            lambda slot: (
                slot.warehouse_id != self.warehouse_id
                or (slot.start < last and (slot.start, slot.stop) not in times)
            )
        )

    def _prepare_slots(self):
        """Return the values of the slots from now to the horizon that do not exist yet."""
        self.ensure_one()
        if not (self.active and self.warehouse_id.active):
            return []
        everything = self.with_context(active_test=False)
        known = {*everything.slot_ids.mapped("start"), *everything.left_slot_ids.mapped("left_start")}
        vals = {name: self[name].id for name in ("warehouse_id", *PLACE)} | {
            f"capacity_{name}": self[f"capacity_{name}"] for name in DIMENSIONS
        }
        return [
            {**vals, "template_id": self.id, "start": start, "stop": stop}
            for start, stop in self._get_times()
            if start not in known
        ]

    def _generate(self):
        """Take back what the templates do not give any more, make what is missing; answers what is new."""
        for template in self:
            self._take_back(template._get_outdated())
            template._get_coming_slots()._follow_template()
        self.env["delivery.slot"].flush_model()  # what was moved by hand must be away before its time is new
        return self.env["delivery.slot"].create(
            [vals for template in self for vals in template._prepare_slots()]
        )

    @api.model
    def _generate_all(self):
        """Job: keep every template's slots generated ahead."""
        self.search([])._generate()

    def action_generate(self):
        """Button: generate now and show the slots."""
        self._generate()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("jit_delivery.delivery_slot_action"),
            "domain": [("template_id", "in", self.ids)],
        }
