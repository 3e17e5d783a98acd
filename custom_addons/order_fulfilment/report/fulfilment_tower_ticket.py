from odoo import models


class FulfilmentTower(models.Model):
    """From a row of the tower to the ticket that is open."""

    _inherit = "fulfilment.tower"

    def _fix_ticket(self):
        """To the open ticket, to the list of several; who sees no tickets gets the order."""
        tickets = self.env["after.sales.ticket"]
        if not tickets.has_access("read"):
            return self._fix_order()
        domain = [("sale_order_id", "=", self.order_id.id), ("is_open", "=", True)]
        found = tickets.search(domain)
        if len(found) > 1:
            return {**self.order_id.action_view_tickets(), "domain": domain}
        return self._open("after.sales.ticket", found.id) if found else self._fix_order()
