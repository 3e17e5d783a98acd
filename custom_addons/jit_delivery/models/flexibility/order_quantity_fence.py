from dataclasses import replace

from odoo import api, fields, models

from ...tools.flexibility import Fence, fence_for


class OrderQuantityFence(models.Model):
    """A time fence of an agreement: the nearer the delivery, the smaller the band for changes."""

    _name = "order.quantity.fence"
    _description = "Flexibility Time Fence"
    _order = "rule_id, days"

    rule_id = fields.Many2one("order.quantity.rule", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    days = fields.Integer("Inside days", required=True, help="Fewer than that many days before delivery.")
    flex_up = fields.Float("Up to % more", default=0.0)
    flex_down = fields.Float("Up to % less", default=0.0)

    _percentages = models.Constraint(
        "CHECK (days > 0 AND flex_up >= 0 AND flex_down BETWEEN 0 AND 100)",
        "[JD-FLX-001] A fence begins at least a day before, and nobody can order more than 100 % less.",
    )
    _days_unique = models.UniqueIndex(
        "(rule_id, days)", "[JD-FLX-002] There is a fence at that many days already: change that one."
    )


class OrderQuantityRule(models.Model):
    _inherit = "order.quantity.rule"

    fence_ids = fields.One2many("order.quantity.fence", "rule_id", "Time fences")

    @api.model
    def _get_rule_for(self, line):
        """Return the record that binds ``line``: the customer's before the general one."""
        customer = line.order_id.partner_id.commercial_partner_id.id
        rules = self._rules_by_product(line, line.order_id)
        none = self.browse()
        return rules.get((customer, line.product_id.id)) or rules.get((0, line.product_id.id)) or none

    def _get_fence(self, days_left):
        """Return the fence (pure) that a delivery in ``days_left`` days lies in, or None."""
        return fence_for(
            (Fence(fence.days, fence.flex_up, fence.flex_down) for fence in self.fence_ids), days_left
        )

    def _as_rule_for(self, order, lines):
        """A change of a confirmed order meets the fence that its delivery lies in, as a request does."""
        if not self.fence_ids or not order._gate_is_watched():
            return super()._as_rule_for(order, lines)
        first = sum(line._get_first_quantity() for line in lines)
        return self._as_rule_at(lines[0]._get_days_left(), first)

    def _as_rule_at(self, days_left, quantity):
        """Return the pure rule for a change ``days_left`` days before delivery.

        Without an agreed quantity, the band is around ``quantity``, the one first ordered.
        """
        rule, fence = self._as_rule(), self._get_fence(days_left)
        if fence:
            rule = replace(rule, up=fence.up, down=fence.down, agreed=rule.agreed or quantity)
        return rule
