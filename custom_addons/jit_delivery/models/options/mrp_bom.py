from odoo import api, models

MADE = "jit_delivery.made_templates"
PREFETCH = 1000


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_made()
        return super().create(vals_list)

    def write(self, vals):
        self._forget_made()
        return super().write(vals)

    def unlink(self):
        self._forget_made()
        return super().unlink()

    @api.model
    def _bom_find(self, products, picking_type=None, company_id=False, bom_type=False):
        """Do not look for a bill of what has none, whatever its kind, company or state.

        Odoo asks three times for each line of an order that is confirmed, one product at a time.
        """
        made = products._filter_made()
        return super()._bom_find(made, picking_type=picking_type, company_id=company_id, bom_type=bom_type)

    @api.model
    def _forget_made(self):
        self.env.cr.cache.pop(MADE, None)

    def explode(self, product, quantity, picking_type=False, never_attribute_values=False):
        """A component that an option calls for counts as often as the order line has that option.

        The context ``option_quantities`` ({value id: number}) comes from the order line.
        """
        boms, lines = super().explode(product, quantity, picking_type, never_attribute_values)
        quantities = self.env.context.get("option_quantities")
        if quantities:
            for bom_line, data in lines:
                data["qty"] *= bom_line._option_quantity_factor(quantities)
        return boms, lines


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _filter_made(self):
        """Return those that may have a bill of materials; the others certainly have none.

        Remembered on the cursor: a transaction sees the bills as of its beginning, and a rollback to a
        savepoint forgets. A record that is not stored yet may have one.
        """
        known = self.env.cr.cache.setdefault(MADE, {})
        templates = self.product_tmpl_id
        if any(template_id not in known for template_id in templates.ids):
            ids = {*templates.ids, *[each for each in templates._prefetch_ids if each][:PREFETCH]}
            asked = self.env["product.template"].browse(ids)._origin
            made = asked._get_made_ids()
            known.update((template_id, template_id in made) for template_id in asked.ids)
        return self.filtered(lambda product: known.get(product.product_tmpl_id.id, True))


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_made_ids(self):
        """Ids of those that a bill of materials names, itself or through a variant."""
        # In superuser mode and with the archived: whose bill it is, and whether it counts, Odoo says.
        bills = self.env["mrp.bom"].sudo().with_context(active_test=False)
        named = bills.search_fetch(
            ["|", ("product_tmpl_id", "in", self.ids), ("product_id.product_tmpl_id", "in", self.ids)],
            ["product_tmpl_id", "product_id"],
        )
        return {*named.product_tmpl_id.ids, *named.product_id.product_tmpl_id.ids}


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    def _option_quantity_factor(self, quantities):
        self.ensure_one()
        factor = 1
        for value in self.bom_product_template_attribute_value_ids.ids:
            factor *= quantities.get(value, 1)
        return factor
