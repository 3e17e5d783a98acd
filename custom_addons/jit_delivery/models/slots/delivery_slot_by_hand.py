from odoo import models
from odoo.tools import SQL, sql

from ...tools.slot_load import DIMENSIONS
from .delivery_slot import LIVE_STATES, PLACE, TEMPLATE_SAYS


class DeliverySlot(models.Model):
    """A generated slot follows its template until somebody changes it by hand."""

    _inherit = "delivery.slot"

    def _auto_init(self):
        """Of slots from before this was told apart, those that differ from their template are by hand."""
        cr = self.env.cr
        is_new = not sql.column_exists(cr, self._table, "is_set_by_hand")
        result = super()._auto_init()
        if is_new and sql.table_exists(cr, "delivery_slot_template"):
            own, said = (
                SQL(", ").join(SQL.identifier(table, name) for name in sorted(TEMPLATE_SAYS))
                for table in ("s", "t")
            )
            cr.execute(
                SQL(
                    """UPDATE delivery_slot s SET is_set_by_hand = TRUE FROM delivery_slot_template t
                        WHERE t.id = s.template_id AND (%s) IS DISTINCT FROM (%s)""",
                    own,
                    said,
                )
            )
        return result

    def _leave_template(self):
        """Remember which time of which template each of these was: it is not made a second time."""
        for slot in self.filtered("template_id"):
            slot.write({"left_template_id": slot.template_id.id, "left_start": slot.start})

    def _follow_template(self):
        """Take the place and capacity of the template over, where nobody changed them by hand.

        What is booked stays possible: the capacity does not go below it, and the place stays while anybody
        has a booking there.
        """
        self.invalidate_recordset()  # claims are made past this cursor
        for slot in self.filtered(lambda slot: not slot.is_set_by_hand):
            if slot._differs_from_template():
                slot.write({**slot._get_template_values(), "is_set_by_hand": False})

    def _get_template_values(self):
        """Return place and capacity that the template gives, as far as the bookings allow."""
        template, vals = self.template_id, {}
        for name in DIMENSIONS:
            limit = template[f"capacity_{name}"]
            counts = limit or name == "drops"  # 0 is no limit for the others
            vals[f"capacity_{name}"] = max(limit, self[f"claimed_{name}"]) if counts else 0
        if not self.hold_ids.filtered(lambda hold: hold.state in LIVE_STATES):
            vals |= {name: template[name].id for name in PLACE}
        return vals

    def _differs_from_template(self):
        names = (*PLACE, *(f"capacity_{name}" for name in DIMENSIONS))
        return any(self[name] != self.template_id[name] for name in names)
