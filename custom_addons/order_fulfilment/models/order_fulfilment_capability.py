from odoo import api, models, tools


class OrderFulfilmentCapability(models.AbstractModel):
    """Which capabilities of the add-on are switched on.

    A capability is a group that every internal user has or has not: Odoo's settings page ticks it, menus and
    views carry it in ``groups``, and code that also runs for portal users and jobs asks here.
    """

    _name = "order.fulfilment.capability"
    _description = "Order Fulfilment Capability"

    @api.model
    @tools.ormcache("name", cache="groups")  # asked many times per order; Odoo clears it when groups change
    def _is_on(self, name):
        """Say whether capability ``name`` ("options", "entry", ...) is switched on for this database."""
        # From Odoo's cache of all groups: this is asked several times for each order.
        groups = self.env["res.groups"]._get_group_definitions()
        capability = groups.get_id(f"order_fulfilment.group_use_{name}")
        internal_user = groups.get_id("base.group_user")
        return capability is not None and capability in groups.get_superset_ids([internal_user])
