from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.support import warranty


class AfterSalesWarranty(models.Model):
    """What the company promises after the sale: for a product, a category, a customer, or for everything."""

    _name = "after.sales.warranty"
    _description = "Warranty Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    product_tmpl_id = fields.Many2one("product.template", "Product", check_company=True, index=True)
    categ_id = fields.Many2one("product.category", "Product category", index=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", check_company=True, help="Only for this customer and its addresses."
    )
    months = fields.Integer("Months from delivery", required=True, default=24)
    counter_limit = fields.Float(help="Most kilometres, hours or cycles; empty is no limit.")
    counter_unit = fields.Char(help="What is counted: km, h, cycles.")
    cause_ids = fields.Many2many(
        "after.sales.cause",
        "after_sales_warranty_cause_rel",
        string="Covered causes",
        help="Empty: every cause that is not excluded.",
    )
    excluded_cause_ids = fields.Many2many(
        "after.sales.cause",
        "after_sales_warranty_excluded_rel",
        string="Excluded causes",
        help="Wear, accident, misuse.",
    )

    _months = models.Constraint(
        "CHECK (months BETWEEN 0 AND 1200)", "[OF-WAR-001] Enter months from 0 (no warranty) to 1200."
    )
    _counter = models.Constraint("CHECK (counter_limit >= 0)", "[OF-WAR-002] A limit is not negative.")

    @api.constrains("cause_ids", "excluded_cause_ids")
    def _check_causes(self):
        for policy in self:
            if both := policy.cause_ids & policy.excluded_cause_ids:
                raise ValidationError(
                    self.env._(
                        "[OF-WAR-003] %(policy)s both covers and excludes %(causes)s. Choose one list.",
                        policy=policy.name,
                        causes=", ".join(both.mapped("name")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._judge_open_tickets()
        return policies

    def write(self, vals):
        companies = self.company_id
        result = super().write(vals)
        self._judge_open_tickets(companies)
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        self._judge_open_tickets(companies)
        return result

    def _judge_open_tickets(self, companies=None):
        """A changed policy changes what open tickets say; closed ones keep what was decided."""
        tickets = self.env["after.sales.ticket"].sudo()  # also of teams that the user does not see
        companies = (companies or self.browse().company_id) | self.exists().company_id
        opened = tickets.search(
            [
                ("company_id", "in", companies.ids),
                ("is_open", "=", True),
                ("product_id", "!=", False),
            ]
        )
        opened._judge_again()

    @api.model
    def _find_for(self, product, customer, company):
        """The most specific policy for a product and customer, or none."""
        policies = self.sudo().search([("company_id", "=", company.id)])
        customer = customer.commercial_partner_id
        scopes = [
            warranty.Scope(
                policy.id,
                policy.product_tmpl_id.id or None,
                policy.categ_id.id or None,
                policy.partner_id.commercial_partner_id.id or None,
                policy.sequence,
            )
            for policy in policies
        ]
        categories = self._get_categories(product.categ_id)
        key = warranty.pick(scopes, product.product_tmpl_id.id, categories, customer.id or 0)
        return self.browse(key) if key else self.browse()

    @api.model
    def _get_categories(self, category):
        """Ids of the category and those above it, nearest first."""
        path = (category.sudo().parent_path or "").strip("/").split("/")
        return tuple(int(part) for part in reversed(path) if part)

    def _as_rule(self):
        """The policy for the pure rule; None for no policy."""
        if not self:
            return None
        return warranty.Policy(
            self.name,
            self.months,
            self.counter_limit,
            self.counter_unit or "",
            frozenset(self.cause_ids.ids),
            frozenset(self.excluded_cause_ids.ids),
        )


class ProductTemplate(models.Model):
    """A service that lengthens the warranty of what is sold with it."""

    _inherit = "product.template"

    warranty_extension_months = fields.Integer(
        "Extends the warranty by (months)",
        help="Of a service: sold on the same order, it lengthens the warranty of the goods.",
    )
    warranty_extension_tmpl_ids = fields.Many2many(
        "product.template",
        "product_template_warranty_extension_rel",
        "service_id",
        "product_id",
        string="Extends only",
        help="Empty: all goods of the order.",
    )

    _warranty_extension = models.Constraint(
        "CHECK (warranty_extension_months IS NULL OR warranty_extension_months BETWEEN 0 AND 1200)",
        "[OF-WAR-004] Enter months from 0 to 1200.",
    )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    warranty_lot_ids = fields.Many2many(
        "stock.lot",
        "sale_order_line_warranty_lot_rel",
        string="Warranty extended for",
        copy=False,
        help="Serial numbers that a sold warranty extension is for, if it is not for all of the order.",
    )
