from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.week import overlap
from ...tools.windows import WindowError
from ..windows.delivery_frequency import DAYS
from .delivery_slot import PLACE

HOURS = ("hour_from", "hour_to", "ends_next_day")


class DeliverySlotTemplate(models.Model):
    """What a planner should know: other templates at the same time, slots that could not follow."""

    _inherit = "delivery.slot.template"

    overlap_note = fields.Text("At the same time", compute="_compute_overlap_note")
    kept_note = fields.Text("Not as this template says", compute="_compute_kept_note")

    def copy_data(self, default=None):
        """A copy is archived until its hours are its own: else it would offer the same slots twice."""
        copies = super().copy_data({"active": False, **(default or {})})
        for template, vals in zip(self, copies, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", template.name)
        return copies

    @api.constrains("warehouse_id", *PLACE, "active", *DAYS, *HOURS)
    def _check_no_twin(self):
        """Overlapping slots may be offered side by side, the same slot twice is an entry made twice."""
        self.env["delivery.promise.guard"]._serialize_warehouses(self.warehouse_id)
        for template in self.filtered("active"):
            twin = template._get_neighbours().filtered(template._is_twin)[:1]
            if twin:
                raise ValidationError(
                    self.env._(
                        "[JD-SLT-011] Slot template %(name)s: %(twin)s offers the same hours on the same day"
                        " already, at the same place. Give that one more capacity, or this one other hours,"
                        " days or another dock.",
                        name=template.name,
                        twin=twin.name,
                    )
                )

    def _get_neighbours(self):
        """Return the other templates for the same warehouse, dock, delivery method and vehicle class."""
        self.ensure_one()
        same = [(name, "=", self[name].id) for name in ("warehouse_id", *PLACE)]
        return self.search([*same, ("id", "not in", self._origin.ids)])

    def _is_twin(self, other):
        return any(self[day] and other[day] for day in DAYS) and all(
            self[name] == other[name] for name in HOURS
        )

    @api.depends("warehouse_id", *PLACE, "active", *DAYS, *HOURS)
    def _compute_overlap_note(self):
        for template in self:
            names = [other.name for other in template._get_overlapping()]
            template.overlap_note = bool(names) and self.env._(
                "%s offers slots at the same times and the same place. Each has its capacity for itself:"
                " together they take the sum.",
                ", ".join(names),
            )

    def _get_overlapping(self):
        try:
            windows = self._get_weekly_windows() if self.active and self.warehouse_id else ()
        except WindowError:  # half typed in the form
            return self.browse()
        others = self._get_neighbours() if windows else self.browse()
        return others.filtered(lambda other: overlap(windows, other._get_weekly_windows()))

    @api.depends("slot_ids")
    def _compute_kept_note(self):
        for template in self:
            slots = template._get_coming_slots() if template._origin else template.slot_ids
            kept = slots.filtered(lambda slot: slot._differs_from_template())
            by_hand = kept.filtered("is_set_by_hand")
            texts = [
                (kept - by_hand, self.env._("Kept because of what is booked there:")),
                (by_hand, self.env._("Kept because they were set by hand:")),
            ]
            lines = [f"{text} {', '.join(found.mapped('name'))}" for found, text in texts if found]
            template.kept_note = "\n".join(lines)
