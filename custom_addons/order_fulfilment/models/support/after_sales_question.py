from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import ticket_intake

KINDS = [
    ("text", "Text"),
    ("number", "Number"),
    ("date", "Date"),
    ("choice", "Choice"),
    ("yes_no", "Yes or no"),
    ("photo", "Photo"),
]
# Answers that also fill a field of the ticket.
MEANINGS = [("symptom", "Symptom"), ("since", "When it began"), ("counter", "Counter reading")]


class AfterSalesQuestion(models.Model):
    """One line of a category's intake form: what the technician would otherwise have to ask for later."""

    _name = "after.sales.question"
    _description = "Question of an Intake Form"
    _order = "sequence, id"

    category_id = fields.Many2one("after.sales.category", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="category_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Question", required=True, translate=True)
    help = fields.Char("Hint", translate=True)
    kind = fields.Selection(KINDS, required=True, default="text")
    choices = fields.Text(help="One choice per line.")
    required = fields.Boolean()
    meaning = fields.Selection(MEANINGS, help="Also kept in this field of the ticket.")

    @api.constrains("kind", "choices")
    def _check_choices(self):
        for question in self:
            if question.kind == "choice" and not question._get_choices():
                raise ValidationError(
                    self.env._("[OF-TKT-030] Question “%s”: name its choices, one per line.", question.name)
                )

    def _get_choices(self):
        return [line.strip() for line in (self.choices or "").splitlines() if line.strip()]

    def _as_rule(self):
        return ticket_intake.Question(
            self.id, self.name, self.kind, self.required, tuple(self._get_choices())
        )

    def _check(self, answers):
        """The answers as they are kept, by question id; all mistakes at once."""
        kept, mistakes = ticket_intake.check_answers([question._as_rule() for question in self], answers)
        if mistakes:
            raise UserError("\n".join(self._explain(mistake) for mistake in mistakes))
        return kept

    def _explain(self, mistake):
        words = {
            "missing": self.env._("[OF-TKT-031] Please answer “%s”.", mistake.question.name),
            "number": self.env._("[OF-TKT-032] “%s”: give a number.", mistake.question.name),
            "date": self.env._("[OF-TKT-033] “%s”: give a date like 2026-01-31.", mistake.question.name),
            "choice": self.env._(
                "[OF-TKT-034] “%(question)s”: choose one of %(choices)s.",
                question=mistake.question.name,
                choices=", ".join(mistake.question.choices),
            ),
        }
        return words[mistake.what]


class AfterSalesAnswer(models.Model):
    """What the customer answered, in the words of the question as it was then."""

    _name = "after.sales.answer"
    _description = "Answer of an Intake Form"
    _order = "ticket_id, sequence, id"
    _rec_name = "question"

    ticket_id = fields.Many2one("after.sales.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    question_id = fields.Many2one("after.sales.question", ondelete="set null")
    sequence = fields.Integer(default=10)
    question = fields.Char("Asked", required=True)
    answer = fields.Text()


class AfterSalesCategory(models.Model):
    _inherit = "after.sales.category"

    question_ids = fields.One2many("after.sales.question", "category_id", "Intake form", copy=True)
    check_ids = fields.One2many("after.sales.check", "category_id", "Check list", copy=True)


class AfterSalesCheck(models.Model):
    """A step to try before anything is sent back, for a category and, where it differs, a product."""

    _name = "after.sales.check"
    _description = "Step of a Check List"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char("Step", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    category_id = fields.Many2one("after.sales.category", index="btree_not_null", ondelete="cascade")
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="cascade")
    product_category_id = fields.Many2one("product.category", index="btree_not_null", ondelete="cascade")

    @api.model
    def _find(self, ticket):
        """Steps for the ticket's category and product; a step without either is for all."""
        category = ticket.product_id.categ_id
        above = [int(part) for part in (category.parent_path or "").split("/") if part]
        return self.search(
            [
                ("company_id", "in", [False, ticket.company_id.id]),
                ("category_id", "in", [False, ticket.category_id.id]),
                ("product_id", "in", [False, ticket.product_id.id]),
                ("product_category_id", "in", [False, *above]),
            ]
        )


class AfterSalesTicketCheck(models.Model):
    """A step of the check list on one ticket, and whether it helped."""

    _name = "after.sales.ticket.check"
    _description = "Checked Step of a Ticket"
    _order = "ticket_id, sequence, id"

    ticket_id = fields.Many2one("after.sales.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    check_id = fields.Many2one("after.sales.check", readonly=True, ondelete="set null")
    sequence = fields.Integer(default=10)
    name = fields.Char("Step", required=True)
    result = fields.Selection(
        [
            ("open", "Not tried"),
            ("helped", "Helped"),
            ("no_help", "Did not help"),
            ("not_applicable", "Not applicable"),
        ],
        default="open",
        required=True,
    )
    note = fields.Char()
