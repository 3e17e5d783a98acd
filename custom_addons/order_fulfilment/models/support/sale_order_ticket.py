from odoo import api, fields, models

from ..named_records import refuse_odd_ids


class SaleOrder(models.Model):
    """Tickets of an order, and the report of a problem that opens one."""

    _inherit = "sale.order"

    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count")

    def _compute_ticket_count(self):
        found = (
            self.env["after.sales.ticket"]
            .sudo()
            ._read_group([("sale_order_id", "in", self.ids)], ["sale_order_id"], ["__count"])
        )
        counts = {order.id: count for order, count in found}
        for order in self:
            order.ticket_count = counts.get(order.id, 0)

    def action_view_tickets(self):
        """Show the tickets of these orders."""
        refuse_odd_ids(self)
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_fulfilment.after_sales_ticket_action")
        context = {"default_sale_order_id": self[:1].id}
        return {**action, "domain": [("sale_order_id", "in", self.ids)], "context": context}

    def _report_problem(self, line, text):
        """The customer's page opens a ticket where support is in use."""
        if not self.env["order.fulfilment.capability"]._is_on("support"):
            return super()._report_problem(line, text)
        self.ensure_one()
        subject = line.product_id.display_name if line else self.name
        values = {
            "subject": self.env._("Problem with %s", subject),
            "description": text,
            "sale_order_id": self.id,
            "sale_line_id": line.id,
            "partner_id": self.partner_id.id,
        }
        tickets = self.env["after.sales.ticket"].with_company(self.company_id)
        ticket = tickets._open(values, {}, channel="public")
        return self.env._("Thank you. Your ticket is %s; we will answer by mail.", ticket.name)


class ResPartner(models.Model):
    _inherit = "res.partner"

    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count")

    def _compute_ticket_count(self):
        families = self.commercial_partner_id
        found = (
            self.env["after.sales.ticket"]
            .sudo()
            ._read_group(
                [("commercial_partner_id", "in", families.ids)], ["commercial_partner_id"], ["__count"]
            )
        )
        counts = {partner.id: count for partner, count in found}
        for partner in self:
            partner.ticket_count = counts.get(partner.commercial_partner_id.id, 0)

    def action_view_tickets(self):
        """Show the tickets of the customer that these contacts belong to."""
        refuse_odd_ids(self)
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_fulfilment.after_sales_ticket_action")
        domain = [("commercial_partner_id", "in", self.commercial_partner_id.ids)]
        return {**action, "domain": domain, "context": {"default_partner_id": self[:1].id}}


class CallerDesk(models.AbstractModel):
    _inherit = "caller.desk"

    @api.model
    def _get_searches(self):
        return [self._search_tickets, *super()._get_searches()]

    def _search_tickets(self, query):
        domain = [("name", "in", self._spellings(query)), *self._company_domain()]
        for ticket in self.env["after.sales.ticket"].search(domain, limit=1):
            if ticket.partner_id:
                yield ticket.partner_id, ticket.sale_order_id

    @api.model
    def _card(self, customer, order):
        return {**super()._card(customer, order), "can_open_ticket": self._is_support_on()}

    @api.model
    def _is_support_on(self):
        return self.env["order.fulfilment.capability"]._is_on("support")

    def _get_open_tickets(self, customer):
        if not self._is_support_on():
            return super()._get_open_tickets(customer)
        domain = [
            ("commercial_partner_id", "=", customer.id),
            ("is_open", "=", True),
            *self._company_domain(),
        ]
        return [
            {"id": ticket.id, "name": ticket.display_name, "stage": ticket.stage_id.name}
            for ticket in self.env["after.sales.ticket"].search(domain, limit=20)
        ]
