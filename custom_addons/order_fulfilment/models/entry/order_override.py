from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..named_records import refuse_but_one

MIN_REASON = 5


def _plain(reason):
    """Return ``reason`` as a program may send it without what the database cannot hold; "" for no text."""
    return "".join(filter(str.isprintable, reason)).strip() if isinstance(reason, str) else ""


class OrderOverride(models.Model):
    """Log of overrides: who let which finding pass, why, and when that ended. Rows are added and never
    changed.

    An override is in force while the newest row of its finding says "granted" and the check still looks at
    what it looked at then (the fingerprint). The log has no customer column on purpose: merging customers
    rewrites such columns, and nobody may rewrite a row here.
    """

    _name = "order.override"
    _description = "Order Override Log"
    _order = "id desc"

    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="restrict", readonly=True)
    check_id = fields.Many2one("order.check", required=True, index=True, ondelete="restrict", readonly=True)
    key = fields.Char(required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    event = fields.Selection(
        [("granted", "Granted"), ("withdrawn", "Withdrawn")], required=True, readonly=True, default="granted"
    )
    reason = fields.Char(required=True, readonly=True)
    message = fields.Char("Finding", required=True, readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    def init(self):
        """The last guard against a hand in the database."""
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION order_override_refuse() RETURNS trigger AS $$
            BEGIN
                RAISE EXCEPTION '[OF-GATE-LOG] The override log cannot be changed.' USING ERRCODE =
                'check_violation';
            END $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS order_override_append_only ON order_override;
            CREATE TRIGGER order_override_append_only BEFORE UPDATE OR DELETE ON order_override
                FOR EACH ROW EXECUTE FUNCTION order_override_refuse();
            DROP TRIGGER IF EXISTS order_override_no_truncate ON order_override;
            CREATE TRIGGER order_override_no_truncate BEFORE TRUNCATE ON order_override
                FOR EACH STATEMENT EXECUTE FUNCTION order_override_refuse();
            """
        )

    def write(self, vals):
        raise UserError(self._log_refusal())

    def unlink(self):
        raise UserError(self._log_refusal())

    def _log_refusal(self):
        return self.env._(
            "[OF-GATE-LOG] The override log cannot be changed. Grant or withdraw instead: that adds a row."
        )

    @api.model
    def _in_force(self, order_ids):
        """Return {(order id, key, fingerprint): id} of the newest rows that say "granted"."""
        newest = {}
        for row in self.env["sale.order"].sudo().browse(order_ids).gate_override_ids.sorted("id"):
            newest[row.order_id.id, row.key] = row
        granted = [row for row in newest.values() if row.event == "granted"]
        return {(row.order_id.id, row.key, row.fingerprint): row.id for row in granted}

    @api.model
    def _add(self, order, verdict, event, reason):
        """Append one row. The caller has checked who asks."""
        return self.sudo().create(
            {
                "order_id": order.id,
                "check_id": self.env["order.check"]._by_code(verdict.check).id,
                "key": verdict.key,
                "code": verdict.code,
                "event": event,
                "reason": reason,
                "message": verdict.finding.message,
                "fingerprint": verdict.fingerprint,
                "user_id": self.env.uid,
            }
        )

    @api.model
    def _use_up(self, order, verdict):
        """Note that the change this override was granted for is made; carry it over to the line it served.

        Otherwise the same line could be added again and again on one reason.
        """
        row, now = self.browse(verdict.override_id), fields.Datetime.now()
        used = self.env._("Used for the change it was granted for.")
        row.copy({"event": "withdrawn", "reason": used, "user_id": self.env.uid, "date": now})
        row.copy({"key": replace(verdict, change_key="").key, "date": now})
        kept = order.finding_ids.filtered(lambda finding: finding.key == verdict.key)
        kept.write({"state": "overridden", "line_id": verdict.finding.line_id or False})

    @api.model
    def _withdraw_stale(self, orders, verdicts):
        """Note in the log which overrides ended because what the check looked at has changed."""
        current = {
            (order_id, verdict.key, verdict.fingerprint)
            for order_id, found in verdicts.items()
            for verdict in found
        }
        stale = [row for key, row in self._in_force(orders.ids).items() if key not in current]
        for row in self.browse(stale):
            row.copy(
                {
                    "event": "withdrawn",
                    "reason": self.env._("The order changed in what the check looked at."),
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
            )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def override_finding(self, key, reason):
        """Let one finding (``key`` as ``check_gate`` names it) pass, for a reason that is kept."""
        refuse_but_one(self)
        self._check_may_override()
        reason = _plain(reason)
        if len(reason) < MIN_REASON:
            raise UserError(self.env._("[OF-GATE-REASON] Say in a few words why this finding may pass."))
        verdict = self._gate_finding(key)
        if not verdict.is_overridable:
            raise UserError(
                self.env._("[OF-GATE-FINAL] %s cannot be overridden: put it right.", verdict.code)
            )
        override = self.env["order.override"]._add(self, verdict, "granted", reason)
        self._gate_record_anew()
        self.message_post(
            body=self.env._("%(code)s overridden: %(reason)s", code=verdict.code, reason=reason)
        )
        return override.id

    def withdraw_override(self, key, reason):
        """Take back an override of this order before it is confirmed."""
        refuse_but_one(self)
        self._check_may_override()
        verdict = self._gate_finding(key)
        if not verdict.override_id:
            raise UserError(self.env._("[OF-GATE-REASON] %s is not overridden.", verdict.code))
        reason = _plain(reason)
        row = self.env["order.override"]._add(self, verdict, "withdrawn", reason or "-")
        self._gate_record_anew()
        return row.id

    def _gate_record_anew(self):
        """Bring the findings of a quotation up to date; those of a refused change stay until it is made."""
        if self.state != "sale":
            self._gate_record(self._gate_evaluate())

    def _check_may_override(self):
        self.check_access("write")
        if not self.env.user.has_group("order_fulfilment.group_gate_override"):
            raise AccessError(
                self.env._("[OF-GATE-OVERRIDE] Only the group “Override findings” may let a finding pass.")
            )
        if self.state not in ("draft", "sent") and not self._gate_refused_changes():
            raise UserError(self.env._("[OF-GATE-STATE] %s is confirmed or cancelled already.", self.name))

    def _gate_finding(self, key):
        """Return the current verdict of that key; on a confirmed order, that of a refused change."""
        verdicts = self._gate_refused_changes() if self.state == "sale" else self._gate_evaluate()[self.id]
        for verdict in verdicts:
            if verdict.key == key:
                return verdict
        raise UserError(self.env._("[OF-GATE-GONE] There is no such finding on %s any more.", self.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_overridden(self):
        if self.env["order.override"].sudo().search_count([("order_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("[OF-GATE-LOG] An order with overrides is cancelled, not deleted."))
