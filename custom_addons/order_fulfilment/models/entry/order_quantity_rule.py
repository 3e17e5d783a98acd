from collections import defaultdict
from dataclasses import dataclass

from odoo import api, fields, models, tools
from odoo.tools import SQL, date_utils

from ...tools.entry.quantity_rules import QuantityRule

PERIODS = [("order", "Order"), ("week", "Week"), ("month", "Month")]


@dataclass(frozen=True)
class Demand:
    """What one order asks of one product, with the rule that binds it; quantities in the product's own unit.

    ``line_ids`` are the lines of the product; ``already`` is what the customer ordered before in the rule's
    period.
    """

    line_ids: tuple
    quantity: float
    already: float
    rule: QuantityRule

    @property
    def line_id(self) -> int:
        """The line that a finding is shown at."""
        return self.line_ids[0]

    @property
    def is_single(self) -> bool:
        """Whether changing this line changes the whole quantity."""
        return len(self.line_ids) == 1


class OrderQuantityRule(models.Model):
    """Minimum, multiple and agreed band for a product, in general or for one customer.

    The most telling rule counts alone: the customer's before the general one, the variant's before the
    product's.
    """

    _name = "order.quantity.rule"
    _inherit = "order.cached.catalogue"
    _description = "Order Quantity Rule"
    _order = "product_tmpl_id, partner_id, id"
    _check_company_auto = True

    product_tmpl_id = fields.Many2one(
        "product.template", "Product", required=True, index=True, ondelete="cascade", check_company=True
    )
    product_id = fields.Many2one(
        "product.product",
        "Variant",
        ondelete="cascade",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        help="Empty: all variants.",
    )
    partner_id = fields.Many2one("res.partner", "Customer", index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    uom_name = fields.Char(related="product_tmpl_id.uom_id.name", string="Unit")
    qty_min = fields.Float("Minimum", digits="Product Unit")
    qty_multiple = fields.Float("Multiple of", digits="Product Unit")
    qty_agreed = fields.Float("Agreed quantity", digits="Product Unit", help="0: no band is agreed.")
    period = fields.Selection(PERIODS, default="order", required=True, string="Agreed per")
    flex_up = fields.Float("Up to % more", default=0.0)
    flex_down = fields.Float("Up to % less", default=0.0)

    _quantities_positive = models.Constraint(
        "CHECK(qty_min >= 0 AND qty_multiple >= 0 AND qty_agreed >= 0 AND flex_up >= 0 AND flex_down "
        "BETWEEN 0 AND 100)",
        "Quantities and percentages cannot be negative, and nobody can order more than 100 % less.",
    )
    _scope_unique = models.UniqueIndex(
        "(product_tmpl_id, COALESCE(product_id, 0), COALESCE(partner_id, 0), COALESCE(company_id, 0))",
        "There is a rule for this product and customer already: change that one.",
    )

    @api.model
    @tools.ormcache()
    def _bound_templates(self):
        """Return the ids of all products that have a rule: most orders have none of them and ask no more."""
        return frozenset(template.id for (template,) in self.sudo()._read_group([], ["product_tmpl_id"]))

    @api.model
    @tools.ormcache()
    def _templates_by_period(self):
        """Return the ids of all products whose band counts several orders together."""
        domain = [("period", "!=", "order"), ("qty_agreed", ">", 0)]
        rows = self.sudo()._read_group(domain, ["product_tmpl_id"])
        return frozenset(template.id for (template,) in rows)

    def _as_rule(self):
        return QuantityRule(
            self.qty_min,
            self.qty_multiple,
            self.qty_agreed,
            self.flex_up,
            self.flex_down,
            is_per_order=self.period == "order",
        )

    def _as_rule_for(self, order, lines):
        """Return the pure rule for what ``lines`` of ``order`` ask for. Hook: it may depend on when."""
        return self._as_rule()

    @api.model
    def _get_demands(self, orders):
        """Return a list of ``Demand``, one per order and product that a rule binds, in a fixed number "
        "of queries."""
        lines = orders._gate_lines()
        rules = self._rules_by_product(lines, orders)
        if not rules:
            return []
        demands = defaultdict(list)
        for line in lines:
            rule = rules.get((line.order_id.partner_id.commercial_partner_id.id, line.product_id.id))
            rule = rule or rules.get((0, line.product_id.id))
            if rule:
                demands[line.order_id, line.product_id, rule].append(line)
        already = self._ordered_before(demands)
        return [
            Demand(
                tuple(line.id for line in order_lines),
                round(sum(self._own_quantity(line) for line in order_lines), 6),
                already.get((order.id, product.id), 0.0),
                rule._as_rule_for(order, order_lines),
            )
            for (order, product, rule), order_lines in demands.items()
        ]

    def _own_quantity(self, line):
        own_unit = line.product_id.uom_id
        return line.product_uom_id._compute_quantity(
            line.product_uom_qty, own_unit, round=False, raise_if_failure=False
        )

    def _rules_by_product(self, lines, orders):
        """Return {(customer id or 0, product id): rule}, the most telling one each."""
        bound = self._bound_templates().intersection(lines.product_id.product_tmpl_id.ids)
        if not bound:
            return {}
        customers = orders.partner_id.commercial_partner_id
        found = self.search(
            [
                ("product_tmpl_id", "in", list(bound)),
                "|",
                ("partner_id", "=", False),
                ("partner_id.commercial_partner_id", "in", customers.ids),
                ("company_id", "in", [False, *orders.company_id.ids]),
            ]
        ).sorted(lambda rule: (bool(rule.product_id), bool(rule.company_id)))
        by_product = {}
        for rule in found:
            products = rule.product_id or (lines.product_id & rule.product_tmpl_id.product_variant_ids)
            for product in products:
                by_product[rule.partner_id.commercial_partner_id.id or 0, product.id] = rule
        return by_product

    def _ordered_before(self, demands):
        """Return {(order id, product id): quantity asked for in the rule's period by other orders}.

        Those are the confirmed ones, and of the orders judged together the ones before it, so that a batch
        cannot do what each of them may not.
        """
        spans = {
            (order, product): self._period(order, rule)
            for order, product, rule in demands
            if rule.period != "order" and rule.qty_agreed
        }
        if not spans:
            return {}
        known = self._confirmed_quantities(spans)
        totals = {}
        for (order, product), (start, end) in spans.items():
            customer = order.partner_id.commercial_partner_id.id
            totals[order.id, product.id] = sum(
                quantity
                for partner, item, other, moment, quantity in known
                if (partner, item) == (customer, product.id) and other != order.id and start <= moment < end
            )
            if order.state != "sale":
                own = sum(self._own_quantity(line) for line in self._product_lines(order, product))
                known.append((customer, product.id, order.id, self._wanted_on(order), own))
        return totals

    def _product_lines(self, order, product):
        return order._gate_lines().filtered(lambda line: line.product_id == product)

    def _confirmed_quantities(self, spans):
        """Return (customer id, product id, order id, moment it is wanted, quantity in the product's unit)."""
        self.env["sale.order"].flush_model(["state", "partner_id", "company_id", "commitment_date"])
        self.env["sale.order.line"].flush_model(["product_id", "product_uom_qty", "product_uom_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.commercial_partner_id, l.product_id, o.id, COALESCE(o.commitment_date, o.date_order),
                       l.product_uom_qty * u.factor / own.factor
                  FROM sale_order_line l
                  JOIN sale_order o ON o.id = l.order_id
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN product_product v ON v.id = l.product_id
                  JOIN product_template t ON t.id = v.product_tmpl_id
                  JOIN uom_uom u ON u.id = l.product_uom_id
                  JOIN uom_uom own ON own.id = t.uom_id
                 WHERE o.state = 'sale' AND l.product_id IN %s AND p.commercial_partner_id IN %s
                   AND o.company_id IN %s AND COALESCE(o.commitment_date, o.date_order) >= %s
                   AND COALESCE(o.commitment_date, o.date_order) < %s
                """,
                tuple(product.id for _order, product in spans),
                tuple(order.partner_id.commercial_partner_id.id for order, _product in spans),
                tuple(order.company_id.id for order, _product in spans),
                min(start for start, _end in spans.values()),
                max(end for _start, end in spans.values()),
            )
        )
        return [(*row[:4], float(row[4])) for row in rows]

    def _wanted_on(self, order):
        """Return when the goods count: on the day asked for, else on that of the order (UTC)."""
        return order._gate_requested_date() or order.date_order

    def _period(self, order, rule):
        day = fields.Datetime.to_datetime(self._wanted_on(order).date())
        start = date_utils.start_of(day, rule.period)
        return start, date_utils.add(start, **{f"{rule.period}s": 1})
