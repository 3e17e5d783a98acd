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
        group = self.env.ref(f"order_fulfilment.group_use_{name}", raise_if_not_found=False)
        internal_user = self.env.ref("base.group_user").sudo()  # groups are not readable by everyone
        return bool(group) and group.id in internal_user.all_implied_ids.ids
