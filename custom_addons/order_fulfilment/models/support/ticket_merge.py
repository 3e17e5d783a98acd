from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class AfterSalesTicket(models.Model):
    """Two reports of one trouble become one ticket; two troubles in one report become two."""

    _inherit = "after.sales.ticket"

    merged_into_id = fields.Many2one(
        "after.sales.ticket",
        "Merged into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    merged_ids = fields.One2many("after.sales.ticket", "merged_into_id", "Merged tickets")
    split_from_id = fields.Many2one(
        "after.sales.ticket", "Split from", readonly=True, copy=False, index="btree_not_null"
    )

    def _get_final(self):
        """The ticket in which this one goes on: itself, or where it was merged to in the end."""
        ticket, seen = self, self
        while ticket.merged_into_id and ticket.merged_into_id not in seen:
            ticket = ticket.merged_into_id
            seen |= ticket
        return ticket

    def _merge_into(self, target):
        """End these tickets in ``target``: messages, answers, files and followers go with them."""
        target.ensure_one()
        self.check_access("write")
        target.check_access("write")
        for ticket in self:
            ticket._check_mergeable(target)
        for ticket in self:
            target.message_subscribe(ticket.message_partner_ids.ids)
            ticket._hand_over(target)
            ticket.sudo().merged_into_id = target
            ticket._move_to("merged")
            self.env["after.sales.ticket.event"]._log(
                target, "merged", before=ticket.name, note=ticket.subject
            )
            ticket.message_post(body=self.env._("Goes on in %s.", target.display_name))
        return target

    def _check_mergeable(self, target):
        if self.merged_into_id:
            raise UserError(
                self.env._(
                    "[OF-TKT-040] Ticket %(one)s is merged already; it goes on in %(other)s.",
                    one=self.name,
                    other=self._get_final().name,
                )
            )
        if target == self or target._get_final() != target:
            raise UserError(
                self.env._("[OF-TKT-040] Ticket %s cannot be merged into itself or a merged one.", self.name)
            )
        self._check_same_customer(target)

    def _check_same_customer(self, target):
        if target.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "[OF-TKT-041] %(one)s and %(other)s are of different companies.",
                    one=self.name,
                    other=target.name,
                )
            )
        customers = self.commercial_partner_id, target.commercial_partner_id
        if all(customers) and customers[0] != customers[1]:
            raise UserError(
                self.env._(
                    "[OF-TKT-042] %(one)s is of %(first)s, %(other)s of %(second)s: each customer keeps his "
                    "own ticket, for he sees all of it.",
                    one=self.name,
                    first=customers[0].name,
                    other=target.name,
                    second=customers[1].name,
                )
            )

    def _hand_over(self, target):
        """What was written and sent is read in the target from now on; the events stay, they are history."""
        self._get_own_messages().write({"res_id": target.id})
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "=", self.id)])
        )
        files.write({"res_id": target.id})
        self.sudo().answer_ids.filtered("answer").ticket_id = target
        for name in ("partner_id", "lot_id", "product_id", "sale_order_id", "sale_line_id", "picking_id"):
            if not target[name] and self[name]:
                target[name] = self[name]

    def _get_own_messages(self):
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "!=", "user_notification"),
                ]
            )
        )

    def _split_off(self, subject, messages):
        """A new ticket about another trouble of the same report, with ``messages`` moved to it."""
        self.ensure_one()
        self.check_access("write")
        if not self.is_open:
            raise UserError(self.env._("[OF-TKT-043] Ticket %s is not open; open a new one.", self.name))
        foreign = messages.sudo().filtered(lambda m: m.model != self._name or m.res_id != self.id)
        if foreign:
            raise UserError(self.env._("[OF-TKT-044] Choose messages of ticket %s.", self.name))
        new = self.copy({"subject": subject, "description": False})
        new.sudo().split_from_id = self
        new.message_subscribe(self.message_partner_ids.ids)
        messages.sudo().write({"res_id": new.id})
        messages.sudo().attachment_ids.write({"res_id": new.id})
        events = self.env["after.sales.ticket.event"]
        events._log(self, "split", after=new.name, note=subject)
        events._log(new, "split", before=self.name)
        return new


class AfterSalesTicketMerge(models.TransientModel):
    """Asks into which of the chosen tickets the others go."""

    _name = "after.sales.ticket.merge"
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many("after.sales.ticket", required=True)
    target_id = fields.Many2one("after.sales.ticket", "Keep", required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "after.sales.ticket":
            tickets = self.env["after.sales.ticket"].browse(self.env.context.get("active_ids", []))
            values["ticket_ids"] = [Command.set(tickets.ids)]
            if len(tickets) > 1:
                values["target_id"] = min(tickets.ids)
        return values

    def action_merge(self):
        """Merge, and show the ticket that is kept."""
        self.ensure_one()
        target = (self.ticket_ids - self.target_id)._merge_into(self.target_id)
        return target._get_form_action()


class AfterSalesTicketSplit(models.TransientModel):
    """Asks which messages of a ticket are about another trouble."""

    _name = "after.sales.ticket.split"
    _description = "Split a Ticket"

    ticket_id = fields.Many2one("after.sales.ticket", required=True)
    subject = fields.Char("Subject of the new ticket", required=True)
    message_ids = fields.Many2many("mail.message", string="Messages to move")

    def action_split(self):
        """Split, and show the new ticket."""
        self.ensure_one()
        return self.ticket_id._split_off(self.subject, self.message_ids)._get_form_action()
