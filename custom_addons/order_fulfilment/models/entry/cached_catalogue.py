from odoo import api, models


class CachedCatalogue(models.AbstractModel):
    """Rows that every confirmation reads and hardly anybody changes: kept in memory until one changes."""

    _name = "order.cached.catalogue"
    _description = "Catalogue Kept in Memory"

    @api.model_create_multi
    def create(self, vals_list):
        result = super().create(vals_list)
        self.env.registry.clear_cache()
        return result

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _update_field_translations(self, *args, **kwargs):
        result = super()._update_field_translations(*args, **kwargs)
        self.env.registry.clear_cache()
        return result
