from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import frozendict

from ...tools.entry import line_change
from ...tools.entry.verdict import BLOCK, OFF, WARN, stable_code

SEVERITIES = [(BLOCK, "Blocks"), (WARN, "Warns"), (OFF, "Off")]
TOPICS = [
    ("reference", "Reference"),
    ("customer", "Customer"),
    ("address", "Address and carrier"),
    ("tax", "Tax"),
    ("product", "Product and options"),
    ("quantity", "Quantity"),
    ("price", "Price"),
    ("date", "Date"),
]
# What judging an order reads of a check.
CATALOGUE_FIELDS = [
    "code",
    "topic",
    "severity",
    "number",
    "amount_min",
    "amount_max",
    "company_ids",
    "team_ids",
    "partner_ids",
    "name",
    "customer_text",
    "is_overridable",
]


class OrderCheck(models.Model):
    """One fail-safe of the order gate: a record that a manager switches, and a method ``_check_<code>``.

    The method gets all orders that are judged together and yields one ``Finding`` per fault. It runs with all
    rights, in the orders' company, and must not write. A one-click fix is a method ``_fix_<code>(order,
    line)`` which changes the order or returns an action. The methods stand in ``order_check_<topic>.py``.
    """

    _name = "order.check"
    _inherit = "order.cached.catalogue"
    _description = "Order Check"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Name of the method; part of the stable code in every message.")
    stable_code = fields.Char(compute="_compute_stable_code")
    sequence = fields.Integer(default=100)
    topic = fields.Selection(TOPICS, required=True, default="customer")
    explanation = fields.Text(translate=True, help="What is checked, and what goes wrong without it.")
    customer_text = fields.Char(
        translate=True, help="What a customer reads in the portal; leave out what is none of their business."
    )
    severity = fields.Selection(SEVERITIES, required=True, default=WARN)
    severity_standard = fields.Selection(SEVERITIES, required=True, default=WARN)
    severity_strict = fields.Selection(SEVERITIES, required=True, default=BLOCK)
    is_overridable = fields.Boolean(
        "May be overridden", default=True, help="By the group for overrides, with a reason."
    )
    number = fields.Float(help="Percent, days or amount, as the explanation says.")
    number_label = fields.Char(translate=True)
    partner_ids = fields.Many2many("res.partner", string="Customers", help="Empty: all customers.")
    team_ids = fields.Many2many("crm.team", string="Sales teams", help="Empty: all teams.")
    company_ids = fields.Many2many("res.company", string="Companies", help="Empty: all companies.")
    amount_min = fields.Float("From untaxed amount", help="In the company's currency.")
    amount_max = fields.Float("Up to untaxed amount", help="In the company's currency; 0 for no end.")

    _code_unique = models.UniqueIndex("(code)", "There is a check with this code already.")

    @api.depends("code")
    def _compute_stable_code(self):
        for check in self:
            check.stable_code = stable_code(check.code or "")

    @api.constrains("code")
    def _constrain_code(self):
        for check in self:
            if not callable(getattr(check, f"_check_{check.code}", None)):
                raise ValidationError(
                    self.env._(
                        "[OF-GATE-SETUP] Check “%(name)s”: there is no method _check_%(code)s. "
                        "Add the method first, then the record.",
                        name=check.name,
                        code=check.code,
                    )
                )

    @api.model
    @tools.ormcache("self.env.lang")
    def _catalogue(self):
        """Return {id: values} of the whole catalogue in its order; every gate reads it, so it is kept."""
        rows = self.sudo().search([]).read(CATALOGUE_FIELDS)
        return {row["id"]: frozendict(row) for row in rows}

    def _row(self):
        """Return the values of this check as the catalogue in memory has them."""
        return self._catalogue()[self.id]

    @api.model
    def _active_checks(self):
        """Return the checks that are switched on, for any order."""
        return self.sudo().browse(id_ for id_, row in self._catalogue().items() if row["severity"] != OFF)

    @api.model
    def _blocking_checks(self):
        """Return the checks that hold an order back."""
        return self.sudo().browse(id_ for id_, row in self._catalogue().items() if row["severity"] == BLOCK)

    @api.model
    def _change_checks(self, aspects):
        """Return {check: aspect} of the checks that judge these aspects of a changed line."""
        found = {}
        for check in self._active_checks():
            row = check._row()
            aspect = line_change.aspect_of(row["code"], row["topic"])
            if aspect in aspects:
                found[check] = aspect
        return found

    @api.model
    def _by_code(self, code):
        """Return the check of that code (empty if a site deleted it)."""
        return self.sudo().browse(id_ for id_, row in self._catalogue().items() if row["code"] == code)

    def _applicable(self, orders):
        """Return those of ``orders`` this check is meant for: by company, team, customer and amount."""
        self.ensure_one()
        row = self._row()
        if row["company_ids"]:
            orders = orders.filtered(lambda order: order.company_id.id in row["company_ids"])
        if row["team_ids"]:
            orders = orders.filtered(lambda order: order.team_id.id in row["team_ids"])
        if row["partner_ids"]:
            customers = self.partner_ids.commercial_partner_id
            orders = orders.filtered(lambda order: order.partner_id.commercial_partner_id in customers)
        if row["amount_min"] or row["amount_max"]:
            orders = orders.filtered(self._is_in_amount)
        return orders

    def _is_in_amount(self, order):
        amount = order.amount_untaxed / (order.currency_rate or 1.0)
        compare = order.company_id.currency_id.compare_amounts  # a rate leaves a trifle of a cent
        return compare(amount, self.amount_min) >= 0 and (
            not self.amount_max or compare(amount, self.amount_max) <= 0
        )

    def _run(self, orders):
        """Return the findings of this check on ``orders``."""
        orders = self._applicable(orders)
        return list(getattr(self, f"_check_{self._row()['code']}")(orders)) if orders else []

    def _fix(self, order, line):
        """Apply the one-click fix; return an action where a person has to choose, else True."""
        return getattr(self, f"_fix_{self.code}")(order, line) or True

    @api.model
    def _apply_preset(self, preset):
        """Set every check to its severity in ``preset`` ("standard" or "strict")."""
        for check in self.search([]):
            check.severity = check[f"severity_{preset}"]

    def action_preset_standard(self):
        """Button: only what is certainly wrong blocks; the rest warns."""
        self._apply_preset("standard")
        return True

    def action_preset_strict(self):
        """Button: everything that fulfilment needs blocks."""
        self._apply_preset("strict")
        return True

    @api.model
    def _goods_lines(self, orders):
        """Return the lines with something to ship."""
        return orders._gate_lines().filtered(lambda line: line.product_id.type != "service")

    @api.model
    def _open_form(self, record):
        """Return the action that opens ``record`` to be completed."""
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "target": "current",
        }
