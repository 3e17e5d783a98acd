from odoo import api, fields, models


class DeliveryWindowPicker(models.TransientModel):
    """The next windows for an order, each to be taken with a click, and why earlier ones fail."""

    _name = "delivery.window.picker"
    _description = "Delivery Window Picker"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    not_before = fields.Datetime("Not before")
    count = fields.Integer("Windows to show", default=5)
    line_ids = fields.One2many("delivery.window.picker.line", "picker_id", readonly=True)
    as_available = fields.Text(readonly=True, help="If lines need not wait for each other.")

    @api.model_create_multi
    def create(self, vals_list):
        pickers = super().create(vals_list)
        pickers._fill()
        return pickers

    def _fill(self):
        for picker in self:
            asked = fields.Datetime.to_string(picker.not_before) if picker.not_before else False
            offers = picker.order_id.get_delivery_windows(picker.count, asked)
            picker.as_available = picker.order_id._get_as_available_text(asked)
            picker.line_ids.unlink()
            picker.line_ids = [
                fields.Command.create(
                    {
                        "slot_id": offer["slot_id"],
                        "start": offer["start"],
                        "name": offer["local"],
                        "is_possible": offer["is_possible"],
                        "reasons": "; ".join(offer["reasons"]),
                    }
                )
                for offer in offers
            ]

    def action_search(self):
        """Button: look again, from the time asked for."""
        self._fill()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_take_earliest(self):
        """Button: promise the earliest window."""
        asked = fields.Datetime.to_string(self.not_before) if self.not_before else False
        self.order_id.promise_delivery(False, asked)
        return {"type": "ir.actions.act_window_close"}

    def action_take_as_available(self):
        """Button: promise each line as early as it can be."""
        asked = fields.Datetime.to_string(self.not_before) if self.not_before else False
        self.order_id.promise_as_available(asked)
        return {"type": "ir.actions.act_window_close"}


class DeliveryWindowPickerLine(models.TransientModel):
    _name = "delivery.window.picker.line"
    _description = "Offered Delivery Window"
    _order = "is_possible desc, start, id"  # what can be promised is seen without scrolling

    picker_id = fields.Many2one("delivery.window.picker", required=True, ondelete="cascade")
    slot_id = fields.Many2one("delivery.slot")
    start = fields.Datetime()
    name = fields.Char("Window")
    is_possible = fields.Boolean()
    reasons = fields.Text("Why not")

    def action_take(self):
        """Button: promise this window and hold its slot."""
        self.ensure_one()
        start = fields.Datetime.to_string(self.start)
        self.picker_id.order_id.promise_delivery(self.slot_id.id, start)
        return {"type": "ir.actions.act_window_close"}
