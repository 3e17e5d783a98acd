from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mail import plaintext2html

from ...tools.support.pareto import Likeness, likeness

SIMILAR = 5
CANDIDATES = 200  # the newest; older ones of the same product solve it the same way
DESCRIBES = ("product_id", "symptom_id", "cause_id", "category_id")


class AfterSalesTicket(models.Model):
    """What was learnt: solved tickets and prepared answers propose themselves on the next one."""

    _inherit = "after.sales.ticket"

    solution = fields.Text(help="What helped, so that the next colleague finds it.")
    similar_ids = fields.Many2many(
        "after.sales.ticket", compute="_compute_similar_ids", string="Solved before"
    )
    prepared_answer_ids = fields.Many2many(
        "mail.canned.response", compute="_compute_prepared_answer_ids", string="Prepared answers"
    )

    @api.depends(*DESCRIBES)
    def _compute_similar_ids(self):
        for ticket in self:
            ticket.similar_ids = ticket._find_similar()

    def _find_similar(self):
        """The most alike solved tickets with a solution, the newest first among equals."""
        product, mine = self.product_id, self._as_likeness()
        alike = (
            Domain("product_id.product_tmpl_id", "=", product.product_tmpl_id.id) if product else Domain.FALSE
        )
        if self.symptom_id and self.cause_id:
            alike |= Domain("symptom_id", "=", self.symptom_id.id) & Domain("cause_id", "=", self.cause_id.id)
        solved = (
            Domain("stage_code", "in", ("solved", "closed"))
            & Domain("solution", "!=", False)
            & Domain("id", "!=", self._origin.id)
            & Domain("company_id", "=", (self.company_id or self.env.company).id)
        )
        found = self.search(solved & alike, order="solved_at desc, id desc", limit=CANDIDATES)
        points = {ticket: likeness(mine, ticket._as_likeness()) for ticket in found}
        best = sorted(filter(points.get, found), key=lambda ticket: -points[ticket])
        return self.browse([ticket.id for ticket in best[:SIMILAR]])

    def _as_likeness(self):
        return Likeness(
            product=self.product_id.id or None,
            model=self.product_id.product_tmpl_id.id or None,
            symptom=self.symptom_id.id or None,
            cause=self.cause_id.id or None,
            category=self.category_id.id or None,
        )

    @api.depends(*DESCRIBES)
    def _compute_prepared_answer_ids(self):
        for ticket in self:
            domain = Domain("is_for_tickets", "=", True)
            for name in ("symptom", "cause", "category"):
                own = ticket[f"{name}_id"].ids
                field = f"ticket_{name}_ids"
                domain &= Domain(field, "=", False) | Domain(field, "in", own)
            tmpl = ticket.product_id.product_tmpl_id.ids
            domain &= Domain("ticket_product_ids", "=", False) | Domain("ticket_product_ids", "in", tmpl)
            ticket.prepared_answer_ids = self.env["mail.canned.response"].search(domain, limit=20)

    def action_use_solution(self):
        """Button on a solved ticket in the list of another: take its solution and cause over there."""
        self.ensure_one()
        self.check_access("read")
        target = self.browse(self.env.context.get("for_ticket_id")).exists()
        if not target or target.solution:
            raise UserError(
                self.env._("[OF-KNW-001] Save the ticket first; a solution that is there is not replaced.")
            )
        target.check_access("write")
        target.write({"solution": self.solution, "cause_id": (target.cause_id or self.cause_id).id})
        return True


class MailCannedResponse(models.Model):
    """Odoo's prepared answers, proposed on tickets where they fit; empty fields fit always."""

    _inherit = "mail.canned.response"

    is_for_tickets = fields.Boolean("Propose on tickets")
    ticket_symptom_ids = fields.Many2many("after.sales.symptom", "mail_canned_response_symptom_rel")
    ticket_cause_ids = fields.Many2many("after.sales.cause", "mail_canned_response_cause_rel")
    ticket_category_ids = fields.Many2many("after.sales.category", "mail_canned_response_category_rel")
    ticket_product_ids = fields.Many2many("product.template", "mail_canned_response_product_rel")

    def action_answer_ticket(self):
        """Open the mail to the customer with this text in it; nothing is sent yet."""
        self.ensure_one()
        self.check_access("read")
        ticket = self.env["after.sales.ticket"].browse(self.env.context.get("for_ticket_id")).exists()
        if not ticket:
            raise UserError(self.env._("[OF-KNW-002] Save the ticket first."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": ticket._name,
                "default_res_ids": ticket.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": ticket.partner_id.ids,
                "default_subject": ticket.display_name,
                "default_body": self._get_answer_body(ticket),
            },
        }

    def _get_answer_body(self, ticket):
        """The text with the customer's name and the ticket's number put in, safe as HTML."""
        values = {
            "{customer}": ticket.partner_id.name or "",
            "{ticket}": ticket.name or "",
            "{product}": ticket.product_id.display_name or "",
        }
        text = self.substitution or ""
        for mark, value in values.items():
            text = text.replace(mark, value)
        return plaintext2html(text)
