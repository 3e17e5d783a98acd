from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import escape_psql

from ...tools import ticket_intake


class AfterSalesTicket(models.Model):
    """The intake form and the check list of a ticket."""

    _inherit = "after.sales.ticket"

    answer_ids = fields.One2many("after.sales.answer", "ticket_id", "Answers", copy=True)
    check_ids = fields.One2many("after.sales.ticket.check", "ticket_id", "Check list", copy=False)
    began_on = fields.Date("Since")
    open_question_count = fields.Integer("Open questions", compute="_compute_open_question_count")

    @api.depends("category_id.question_ids.required", "answer_ids.answer")
    def _compute_open_question_count(self):
        """Questions that the form requires and nobody has answered yet: to ask while still on the phone."""
        for ticket in self:
            wanted = ticket.sudo().category_id.question_ids.filtered("required")
            answered = ticket.sudo().answer_ids.filtered("answer").question_id
            ticket.open_question_count = len(wanted - answered)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            vals["subject"] = ticket_intake.clean_line(vals.get("subject")) or self.env._("Request")
            if vals.get("description"):
                vals["description"] = ticket_intake.clean_text(vals["description"])
        return super().create(vals_list)

    def _after_create(self):
        result = super()._after_create()
        for ticket in self:
            ticket._lay_out_form()
        return result

    def write(self, vals):
        if "subject" in vals:
            vals = {**vals, "subject": ticket_intake.clean_line(vals["subject"])}
            if not vals["subject"]:
                raise UserError(self.env._("[OF-TKT-414] A ticket needs a subject."))
        if vals.get("description"):
            vals = {**vals, "description": ticket_intake.clean_text(vals["description"])}
        done = super().write(vals)
        if {"category_id", "product_id"} & vals.keys():
            for ticket in self:
                ticket._lay_out_form()
        return done

    def _lay_out_form(self):
        """Put the questions and the steps of category and product before the technician, each once."""
        ticket = self.sudo()
        questions = ticket.category_id.question_ids - ticket.answer_ids.question_id
        self.env["after.sales.answer"].sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "question_id": question.id,
                    "question": question.name,
                    "sequence": question.sequence,
                }
                for question in questions
            ]
        )
        steps = self.env["after.sales.check"].sudo()._find(ticket) - ticket.check_ids.check_id
        self.env["after.sales.ticket.check"].sudo().create(
            [
                {"ticket_id": ticket.id, "check_id": step.id, "name": step.name, "sequence": step.sequence}
                for step in steps
            ]
        )

    def _keep_answers(self, kept):
        """Enter checked answers ({question id: text}) and what they mean for the ticket's own fields."""
        ticket = self.sudo()
        for answer in ticket.answer_ids.filtered(lambda answer: answer.question_id.id in kept):
            answer.answer = kept[answer.question_id.id]
        values = {}
        for question in ticket.category_id.question_ids.filtered(lambda q: q.meaning and q.id in kept):
            values.update(self._prepare_meaning(question, kept[question.id]))
        if values:
            ticket.write(values)

    def _prepare_meaning(self, question, text):
        if question.meaning == "counter" and question.kind == "number":
            return {"counter_reading": float(text)}
        if question.meaning == "since" and question.kind == "date":
            return {"began_on": text}
        if question.meaning == "symptom":
            symptom = (
                self.env["after.sales.symptom"]
                .sudo()
                .search([("name", "=ilike", escape_psql(text))], limit=1)
            )
            return {"symptom_id": symptom.id} if symptom else {}
        return {}
