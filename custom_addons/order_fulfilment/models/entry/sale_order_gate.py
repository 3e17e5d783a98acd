from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from zoneinfo import ZoneInfo

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.exceptions import UserError

from ...tools.entry.verdict import Verdict
from ..named_records import refuse_odd_ids


@dataclass
class GateRun:
    """One call of ``action_confirm``: which orders, what the gate said, and which of them it let through."""

    ids: tuple
    verdicts: dict = None
    passed: set = field(default_factory=set)


class SaleOrder(models.Model):
    """The gate: nothing becomes a sales order without it, whatever channel it comes through.

    It stands in ``_confirmation_error_message``, which every confirmation asks, and again on the change of
    state itself, so that writing the state directly does not go round it. No context key and no superuser
    opens it.
    """

    _inherit = "sale.order"

    finding_ids = fields.One2many(
        "order.finding", "order_id", "Findings", copy=False, groups="sales_team.group_sale_salesman"
    )
    gate_override_ids = fields.One2many(
        "order.override", "order_id", "Overrides", copy=False, groups="sales_team.group_sale_salesman"
    )
    has_gate_log = fields.Boolean(compute="_compute_has_gate_log", groups="sales_team.group_sale_salesman")
    gate_banner = fields.Json(
        compute="_compute_gate_banner", groups="base.group_user", help="Findings as the form shows them."
    )
    gate_status = fields.Selection(
        [("blocked", "Held by the gate"), ("warning", "With warnings"), ("clear", "Clear")],
        compute="_compute_gate_status",
        groups="base.group_user",
        store=True,
        index="btree_not_null",
        copy=False,
        help="What the gate said when it was last asked to confirm.",
    )

    @api.depends("finding_ids.state", "finding_ids.severity")
    def _compute_gate_status(self):
        for order in self:
            going = order.finding_ids.filtered(lambda finding: finding.state in ("open", "accepted"))
            blocked = going.filtered(lambda finding: finding.severity == "block" and finding.state == "open")
            order.gate_status = ("blocked" if blocked else "warning") if going else "clear"

    @api.depends("finding_ids", "gate_override_ids")
    def _compute_has_gate_log(self):
        is_on = self.env["order.fulfilment.capability"]._is_on("entry")
        for order in self:
            order.has_gate_log = is_on and bool(order.finding_ids or order.gate_override_ids)

    @api.depends("state", "order_line", "client_order_ref", "partner_id", "commitment_date", "finding_ids")
    def _compute_gate_banner(self):
        saved = self.filtered(lambda order: isinstance(order.id, int))
        verdicts = saved.filtered(lambda order: order.state in ("draft", "sent"))._gate_evaluate()
        for order in saved.filtered(lambda order: order.state == "sale"):
            verdicts[order.id] = order._gate_refused_changes()
        for order in self:
            order.gate_banner = [verdict.as_dict() for verdict in verdicts.get(order.id, [])]

    # --- public ---

    def check_gate(self):
        """Say what the gate would say, without confirming: one entry per order, in the order given.

        A customer (portal) reads codes and what concerns them; messages are for our own people.
        """
        refuse_odd_ids(self)
        self.check_access("read")
        verdicts = self._gate_evaluate()
        return [
            {
                "order_id": order.id,
                "order": order.name,
                "ok": not any(verdict.blocks for verdict in verdicts[order.id]),
                "findings": [order._finding_data(verdict) for verdict in verdicts[order.id]],
            }
            for order in self
        ]

    # --- confirmation ---

    def action_confirm(self):
        """Confirm; Odoo's own checks and the gate decide in ``_confirmation_error_message``.

        Where the caller cannot deal with a refusal (``order_gate_leaves_held``: a payment that goes through
        in any case), held orders stay quotations with a note for the salesperson.
        """
        if self.env.context.get("order_gate_leaves_held"):
            orders = self.with_context(order_gate_leaves_held=False)
            passing = orders - orders._leave_held()
            return passing.action_confirm() if passing else True
        runs = self.env.cr.cache.setdefault("order_gate_runs", [])
        run = GateRun(tuple(self.ids))
        runs.append(run)
        try:
            result = super().action_confirm()
        finally:
            runs.remove(run)
        if run.verdicts:
            self._gate_record(run.verdicts)
        return result

    def _leave_held(self):
        """Note on orders that the gate holds that they are paid or promised to be; return them."""
        verdicts = self._gate_evaluate()
        held = self.filtered(lambda order: any(verdict.blocks for verdict in verdicts[order.id]))
        for order in held:
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=order.user_id.id or self.env.uid,
                summary=self.env._("Paid, but held by the order gate"),
                note="\n".join(verdict.as_text() for verdict in verdicts[order.id] if verdict.blocks),
            )
        held._gate_record({order.id: verdicts[order.id] for order in held})
        return held

    def _confirmation_error_message(self):
        error = super()._confirmation_error_message()
        if error:
            return error
        run = next((run for run in self._gate_runs() if self.id in run.ids), None)
        verdicts = self._gate_verdicts_in(run)
        blocking = [verdict for verdict in verdicts if verdict.blocks]
        if not blocking:
            if run:
                run.passed.add(self.id)
            return False
        self._gate_record_later(verdicts)
        return self._gate_refusal(blocking)

    def _gate_runs(self):
        return self.env.cr.cache.get("order_gate_runs", [])

    def _gate_verdicts_in(self, run):
        """Return the verdicts on this order; all orders of ``run`` are judged at the first question."""
        if run is None:
            return self._gate_evaluate()[self.id]
        if run.verdicts is None:
            run.verdicts = self.browse(run.ids)._gate_evaluate()
        return run.verdicts[self.id]

    @api.constrains("state")
    def _constrain_gate(self):
        """Whoever writes the state directly meets the gate as well."""
        passed = set().union(*(run.passed for run in self._gate_runs()))
        orders = self.filtered(lambda order: order.state == "sale" and order.id not in passed)
        verdicts = orders._gate_evaluate()
        for order in orders:
            blocking = [verdict for verdict in verdicts[order.id] if verdict.blocks]
            if blocking:
                raise UserError(order._gate_refusal(blocking))

    def _finding_data(self, verdict):
        data = verdict.as_dict()
        if not self.env.user._is_internal():
            data["message"] = verdict.customer_text or self.env._("please contact us.")
        return data

    def _gate_refusal(self, blocking):
        """Return the text of a refusal. A customer in the portal reads the codes, but none of our "
        "business."""
        if self.env.user._is_internal():
            reasons = [verdict.as_text() for verdict in blocking]
        else:
            contact = self.env._("please contact us.")
            reasons = [f"[{verdict.code}] {verdict.customer_text or contact}" for verdict in blocking]
        title = self.env._("Order %s cannot be confirmed:", self.name)
        return "\n".join([title, *dict.fromkeys(reasons)])

    # --- judging ---

    def _gate_evaluate(self, checks=None):
        """Return {order id: [Verdict]}, most severe first, of ``checks`` or of all that are switched on.

        With all rights, because a verdict must not depend on who asks; the number of queries does not grow
        with the number of orders.
        """
        verdicts = {order_id: [] for order_id in self.ids}
        if not verdicts or not self.env["order.fulfilment.capability"]._is_on("entry"):
            return verdicts
        checks = self.env["order.check"]._active_checks() if checks is None else checks
        found = []
        for company, group in self.sudo().grouped("company_id").items():
            orders = group.with_company(company)
            for check in checks.with_env(orders.env):
                found += [(check, finding) for finding in check._run(orders)]
        granted = self._gate_granted() if found else {}
        for check, finding in found:
            verdict = self._gate_verdict(check, finding, granted)
            verdicts[finding.order_id].append(verdict)
        for order_verdicts in verdicts.values():
            order_verdicts.sort(key=lambda verdict: (not verdict.blocks, verdict.severity))
        return verdicts

    def _gate_verdict(self, check, finding, granted):
        row = check._row()
        verdict = Verdict(
            row["code"],
            row["severity"],
            finding,
            name=row["name"],
            customer_text=row["customer_text"] or "",
            is_overridable=row["is_overridable"],
        )
        return self._gate_overridden(verdict, granted)

    @api.model
    def _gate_overridden(self, verdict, granted):
        """Return ``verdict`` with the override that covers it, if one of ``granted`` does."""
        override = granted.get((verdict.finding.order_id, verdict.key, verdict.fingerprint), 0)
        if not override or not verdict.is_overridable:
            return verdict
        return replace(verdict, override_id=override)

    def _gate_granted(self):
        """Return {(order id, key, fingerprint): log row} of the overrides in force."""
        return self.env["order.override"].sudo()._in_force(self.ids)

    # --- keeping ---

    def _gate_record(self, verdicts):
        """Keep ``verdicts`` ({order id: [Verdict]}) as findings, for the order and for the quality report."""
        self.env["order.finding"].sudo()._keep(self.sudo(), verdicts)

    def _gate_record_later(self, verdicts):
        """Keep the findings of a refused confirmation, in a transaction of their own once it is rolled back.

        Without it the report would only know the orders that went through. Tests roll back on their own
        terms.
        """
        if modules.module.current_test:
            return
        self.env.cr.postrollback.add(
            partial(_record_refused, self.env.registry, self.id, {self.id: list(verdicts)})
        )

    # --- what checks look at ---

    def _gate_lines(self):
        """Return the lines that sell something."""
        return self.order_line.filtered(
            lambda line: line.product_id and not line.display_type and not line.is_downpayment
        )

    def _gate_requested_date(self):
        """Return when the customer wants the goods (UTC), False for as soon as possible. Hook."""
        self.ensure_one()
        return self.commitment_date

    def _gate_earliest_date(self):
        """Return the earliest moment that can be promised (UTC). Hook for order promising."""
        self.ensure_one()
        return self.expected_date

    def _gate_timezone(self):
        """Return the name of the time zone the goods go to; whoever asks, it is the same."""
        self.ensure_one()
        place = self.partner_shipping_id
        return place.tz or place.receiving_calendar_id.tz or self._gate_company_timezone()

    def _gate_company_timezone(self):
        """Return the name of the time zone the company sells in."""
        company = self.company_id
        calendars = self.env["resource.calendar"]
        return company.partner_id.tz or calendars._timezone_name(company.resource_calendar_id.id) or "UTC"

    def _gate_company_day(self, moment=None):
        """Return the company's calendar day at ``moment`` (UTC; now if none), whoever asks."""
        zone = ZoneInfo(self._gate_company_timezone())
        return (moment or fields.Datetime.now()).replace(tzinfo=UTC).astimezone(zone).date()


def _record_refused(registry, order_id, verdicts):
    with registry.cursor() as cr:
        order = api.Environment(cr, SUPERUSER_ID, {})["sale.order"].browse(order_id).exists()
        if order:
            order._gate_record(verdicts)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _gate_is_gift(self):
        """Say whether the line is free by design, such as a reward. Hook."""
        return bool(self._fields.get("is_reward_line") and self.is_reward_line)
