from odoo import api, fields, models

from ...tools.entry.verdict import BLOCK, Finding, KeptVerdict

STATES = [
    ("open", "Open"),
    ("overridden", "Overridden"),
    ("accepted", "Confirmed with warning"),
    ("resolved", "Put right"),
    ("refused", "Change refused"),
]


class OrderFinding(models.Model):
    """What the gate found on an order, kept so that checks can be judged by what they led to.

    Written by the gate alone: when an order is confirmed, when a confirmation is refused, and on request.
    """

    _name = "order.finding"
    _description = "Order Finding"
    _order = "id desc"
    _rec_name = "message"

    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id")
    check_id = fields.Many2one("order.check", required=True, index=True, ondelete="cascade")
    line_id = fields.Many2one("sale.order.line", ondelete="set null")
    key = fields.Char(required=True)
    code = fields.Char(required=True)
    severity = fields.Selection([("block", "Blocks"), ("warn", "Warns")], required=True)
    state = fields.Selection(STATES, required=True, default="open", index=True)
    message = fields.Char(required=True)
    fingerprint = fields.Char(required=True)
    resolved_on = fields.Datetime()

    _order_key_unique = models.UniqueIndex("(order_id, key)", "This finding is on the order already.")

    @api.model
    def _keep(self, orders, verdicts):
        """Bring the stored findings of ``orders`` in line with ``verdicts`` ({order id: [Verdict]})."""
        known = {(row.order_id.id, row.key): row for row in self.search([("order_id", "in", orders.ids)])}
        confirmed = set(orders.filtered(lambda order: order.state == "sale").ids)
        fresh = []
        for order_id, verdict in ((order.id, v) for order in orders for v in verdicts.get(order.id, [])):
            values = self._values(order_id, verdict, order_id in confirmed)
            row = known.pop((order_id, verdict.key), None)
            if row is None:
                fresh.append(values)
            elif any(row[name] != values[name] for name in ("severity", "state", "message", "fingerprint")):
                row.write(values)
        self.create(fresh)
        gone = self.union(*known.values()).filtered(lambda row: row.state != "resolved")
        gone.write({"state": "resolved", "resolved_on": fields.Datetime.now()})
        self.env["order.override"]._withdraw_stale(orders, verdicts)

    @api.model
    def _keep_change(self, orders, verdicts):
        """Keep what the gate let pass with a change of confirmed ``orders``; nothing else is touched."""
        for order in orders:
            for verdict in verdicts[order.id]:
                if verdict.change_key:
                    self.env["order.override"]._use_up(order, verdict)
                else:
                    self._keep_one(order, verdict, {})
        waiting = {key[:2] for key in orders._gate_granted()}
        refused = orders.finding_ids.filtered(lambda row: row.state == "refused")
        refused.filtered(lambda row: (row.order_id.id, row.key) not in waiting).write(
            {"state": "resolved", "resolved_on": fields.Datetime.now()}
        )

    @api.model
    def _keep_refused(self, order, verdicts):
        """Keep why a change of ``order`` was refused. A line that was to be added does not exist."""
        lines = set(order.order_line.ids)
        for verdict in verdicts:
            line_id = verdict.finding.line_id
            self._keep_one(order, verdict, {"state": "refused", "line_id": line_id in lines and line_id})

    def _keep_one(self, order, verdict, values):
        values = {**self._values(order.id, verdict, True), **values}
        row = order.finding_ids.filtered(lambda row: row.key == verdict.key)
        if row:
            row.write(values)
        else:
            self.create(values)

    def _as_verdict(self):
        """Return a kept finding as the gate said it, to be shown or overridden later."""
        finding = Finding(self.order_id.id, self.message, line_id=self.line_id.id)
        check = self.check_id
        return KeptVerdict(
            check.code,
            self.severity,
            finding,
            name=check.name,
            customer_text=check.customer_text or "",
            is_overridable=check.is_overridable,
            change_key=self.key,
            kept_fingerprint=self.fingerprint,
        )

    def _values(self, order_id, verdict, is_confirmed):
        state = "overridden" if verdict.override_id else "open"
        if state == "open" and is_confirmed and verdict.severity != BLOCK:
            state = "accepted"
        return {
            "order_id": order_id,
            "check_id": self.env["order.check"]._by_code(verdict.check).id,
            "line_id": verdict.finding.line_id or False,
            "key": verdict.key,
            "code": verdict.code,
            "severity": verdict.severity,
            "state": state,
            "message": verdict.finding.message,
            "fingerprint": verdict.fingerprint,
            "resolved_on": False,
        }
