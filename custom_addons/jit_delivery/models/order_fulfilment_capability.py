from odoo import api, models


class OrderFulfilmentCapability(models.AbstractModel):
    _inherit = "order.fulfilment.capability"

    @api.model
    def _is_on(self, name):
        """Know the capabilities of this add-on as well ("windows", "slots", "assembly")."""
        groups = self.env["res.groups"]._get_group_definitions()  # cached, as in the method extended
        capability = groups.get_id(f"jit_delivery.group_use_{name}")
        if capability is None:
            return super()._is_on(name)
        return capability in groups.get_superset_ids([groups.get_id("base.group_user")])
