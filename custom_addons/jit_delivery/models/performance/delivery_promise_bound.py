from odoo import fields, models

CODES = [
    ("supply", "Waiting for a receipt"),
    ("assembly", "Assembly"),
    ("no_supply", "No supply"),
    ("pick_pack", "Picking and packing"),
    ("cutoff", "Cut-off"),
    ("transit", "Transit"),
    ("requested", "Asked for later"),
    ("closed", "Receiving hours"),
    ("full", "Slot full"),
    ("no_slot", "No slot before"),
]


class DeliveryPromiseBound(models.Model):
    """What postponed a promise, and by how long: one row per step of the promise that moved the date.

    Written with the promise and never changed; ``is_binding`` marks the step that cost most.
    """

    _name = "delivery.promise.bound"
    _description = "What Bound a Promise"
    _order = "id desc"
    _rec_name = "code"

    promise_id = fields.Many2one(
        "sale.order.promise", required=True, readonly=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="promise_id.order_id", store=True, index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    partner_id = fields.Many2one(related="order_id.partner_id", store=True, string="Customer")
    warehouse_id = fields.Many2one(related="order_id.warehouse_id", store=True)
    promised_at = fields.Datetime("Promised", default=fields.Datetime.now, readonly=True)
    code = fields.Selection(CODES, "Bound by", required=True, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, index="btree_not_null")
    slot_id = fields.Many2one("delivery.slot", readonly=True, index="btree_not_null", ondelete="set null")
    hours = fields.Float(
        "Hours later", readonly=True, help="By how long this step postponed the promise, in calendar time."
    )
    is_binding = fields.Boolean("Bound most", readonly=True, help="The step that postponed it most.")

    def _record(self, row, reasons, start):
        """Keep what bound the promise in history ``row``; ``start`` is when it could have been at best."""
        if not reasons or self.sudo().search_count([("promise_id", "=", row.id)], limit=1):
            return
        vals, before = [], start
        for reason in reasons:
            later = max(((reason.until or before) - before).total_seconds() / 3600, 0.0)
            vals.append({"promise_id": row.id, "code": reason.code, "hours": later, **self._about(reason)})
            before = max(before, reason.until or before)
        max(vals, key=lambda step: step["hours"])["is_binding"] = True
        self.sudo().create(vals)  # a history: nobody writes it by hand

    def _about(self, reason):
        if reason.code in ("supply", "assembly", "no_supply") and isinstance(reason.subject, int):
            return {"product_id": reason.subject}
        return {"slot_id": reason.subject[0]} if reason.code == "full" else {}
