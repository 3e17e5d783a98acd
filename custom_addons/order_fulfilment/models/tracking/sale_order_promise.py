from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("requested", "Requested"),
    ("first", "First promise"),
    ("promised", "Later promise"),
]

# The database keeps the promise even from a superuser: only who wrote a row may be blanked (Odoo does that
# when a user is deleted), and a row goes only together with its order or order line.
GUARD_SQL = """
CREATE OR REPLACE FUNCTION sale_order_promise_guard() RETURNS trigger AS $$
DECLARE
    loose text[] := ARRAY['create_uid', 'write_uid', 'write_date'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - loose = to_jsonb(NEW) - loose THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND (
        NOT EXISTS (SELECT 1 FROM sale_order WHERE id = OLD.order_id)
        OR (OLD.line_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sale_order_line WHERE id = OLD.line_id))
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '[OF-TRK-001] Promises cannot be changed or deleted; record a new one.'
        USING ERRCODE = 'check_violation';
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER sale_order_promise_append_only BEFORE UPDATE OR DELETE ON sale_order_promise
    FOR EACH ROW EXECUTE FUNCTION sale_order_promise_guard();
CREATE OR REPLACE TRIGGER sale_order_promise_no_truncate BEFORE TRUNCATE ON sale_order_promise
    FOR EACH STATEMENT EXECUTE FUNCTION sale_order_promise_guard();
"""


class SaleOrderPromise(models.Model):
    """One line of an order's promise history: what was asked or promised, when, by whom and why.

    Rows are only ever added, through ``sale.order._record_promise``.
    """

    _name = "sale.order.promise"
    _description = "Delivery Promise"
    _order = "order_id, id"
    _rec_name = "reason"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, index=True, ondelete="cascade")
    line_id = fields.Many2one(
        "sale.order.line", "Order Line", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id")
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    date_from = fields.Datetime("From", readonly=True)
    date_to = fields.Datetime("Until", required=True, readonly=True)
    is_whole_day = fields.Boolean(
        "Whole Day",
        readonly=True,
        help="No time of day was agreed: any time on the local calendar day keeps it.",
    )
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="Quantity meant; 0 means all that was still open."
    )
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, ondelete="restrict")
    reason = fields.Char(required=True, readonly=True)
    recorded_at = fields.Datetime("Recorded", required=True, readonly=True, default=fields.Datetime.now)

    _window_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_from <= date_to)",
        "[OF-TRK-002] A promised window must end after it starts.",
    )

    def init(self):
        self.env.cr.execute(GUARD_SQL)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse rows from outside: who, when and first-or-later must not be chosen by the caller."""
        self.check_access("create")
        if self.env.context.get("recording_promise") is not RECORDING:
            raise UserError(
                self.env._("[OF-TRK-003] Change the delivery date on the order; the history follows.")
            )
        return super().create(vals_list)

    def write(self, vals):
        raise UserError(self.env._("[OF-TRK-001] Promises cannot be changed or deleted; record a new one."))

    def unlink(self):
        raise UserError(self.env._("[OF-TRK-001] Promises cannot be changed or deleted; record a new one."))


# Handed over in the context by `_record_promise`: an object, so that no RPC caller can send it.
RECORDING = object()
