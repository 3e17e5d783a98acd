from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    option_notice = fields.Char(
        string="Notice", copy=False, readonly=True, help="What the system changed or found on this line."
    )

    def _option_ptavs(self):
        """Return the line's whole selection, with the classes that offer no choice."""
        self.ensure_one()
        values = (
            self.product_id.product_template_attribute_value_ids
            | self.product_no_variant_attribute_value_ids._origin
        )
        return values | self.product_template_id._implied_options(values)

    def _option_quantities(self):
        """Return ``{value id: quantity in one end item}`` of the options that take a number."""
        self.ensure_one()
        if not self.product_id.product_tmpl_id.attribute_line_ids:
            return {}  # most lines: keep them cheap
        values = self._option_ptavs().filtered("product_attribute_value_id.is_option_quantity")
        return {
            value.id: value._option_quantity_in(self.product_custom_attribute_value_ids) for value in values
        }

    def _option_date(self):
        """Rules count as of the order date of a confirmed order, and for a quotation as of today or later.

        The day is that of the company, whoever asks.
        """
        self.ensure_one()
        order = self.order_id
        ordered = order._gate_company_day(order.date_order)
        return ordered if self.state in ("sale", "cancel") else max(ordered, order._gate_company_day())

    @api.constrains(
        "product_id", "product_no_variant_attribute_value_ids", "product_custom_attribute_value_ids"
    )
    def _check_option_configuration(self):
        """The gate: no channel can store an impossible or incomplete configuration."""
        if not self.env["order.fulfilment.capability"]._is_on("options"):
            return
        ruled = set(self.product_id.product_tmpl_id.filtered(lambda item: item._has_ordering_rules()).ids)
        for line in self.filtered(lambda line: line.product_id.product_tmpl_id.id in ruled):
            refusal = line._option_refusal()
            if refusal:
                raise ValidationError(refusal)

    def _option_refusal(self):
        """Return why this line cannot be ordered as it stands, or an empty text."""
        self.ensure_one()
        template = self.product_id.product_tmpl_id.with_company(self.company_id)
        if not template or self.display_type or self.is_downpayment:
            return ""
        date = self._option_date()
        refusal = template._life_cycle_refusal(date)
        if refusal or not template.valid_product_template_attribute_line_ids:
            return refusal
        return template._option_refusal(self._option_ptavs(), date) or self._quantity_refusal()

    def _quantity_refusal(self):
        for value_id, quantity in self._option_quantities().items():
            if quantity < 1:
                return self._no_quantity_text(self.env["product.template.attribute.value"].browse(value_id))
        return ""

    def _no_quantity_text(self, value):
        return self.env._("[OF-OPT-006] %s: give a whole number of 1 or more.", value.display_name)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env["order.fulfilment.capability"]._is_on("options"):
            ids = [vals["product_id"] for vals in vals_list if vals.get("product_id")]
            products = {each.id: each for each in self.env["product.product"].browse(ids)}  # read together
            vals_list = [
                self._with_successor(vals, products.get(vals.get("product_id"))) for vals in vals_list
            ]
        return super().create(vals_list)

    @api.model
    def _with_successor(self, vals, product):
        """Return ``vals`` with the successor of a superseded end item, and a notice that says so."""
        if not product or not product.product_tmpl_id.successor_id:
            return vals
        today = fields.Date.context_today(self)
        if not product.product_tmpl_id._is_superseded(today):
            return vals
        successor = product.product_tmpl_id._current_successor(today)
        if not successor:
            return vals
        wanted = self._mapped_options(successor, product, vals)
        if successor._option_refusal(wanted | successor._implied_options(wanted), today, whole=True):
            return vals  # the gate refuses the line and names the successor
        found = successor._prepare_option_line_vals(wanted.ids, date=today)
        notice = self.env._(
            "%(old)s is superseded; this line has %(new)s.",
            old=product.display_name,
            new=successor.display_name,
        )
        kept = {
            key: value
            for key, value in vals.items()
            if key not in ("name", "price_unit", "technical_price_unit")
        }
        return {**kept, **found, "option_notice": notice}

    def _mapped_options(self, successor, product, vals):
        """Return the successor's values for the options chosen on the old end item."""
        given = self.new(
            {
                "product_no_variant_attribute_value_ids": vals.get("product_no_variant_attribute_value_ids")
                or [Command.clear()]
            }
        )
        old = (
            product.product_template_attribute_value_ids
            | given.product_no_variant_attribute_value_ids._origin
        )
        return successor._option_values().filtered(
            lambda value: value.product_attribute_value_id in old.product_attribute_value_id
        )
