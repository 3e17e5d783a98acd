from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.sla import Policy
from .after_sales_ticket import PRIORITIES

# What of a policy says when a target or one of its steps is due.
COUNTED = {"hours", "kind", "resource_calendar_id", "step_ids"}
KINDS = [("answer", "First answer"), ("solve", "Solution")]


class AfterSalesSla(models.Model):
    """A target of service: by when, in working time, the first answer or the solution is due, and for whom.

    Of the policies of one kind the most special one counts; what is left empty is for all.
    """

    _name = "after.sales.sla"
    _description = "Service Level"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(KINDS, "Target", required=True, default="solve")
    hours = fields.Float("Within (working hours)", required=True, default=8.0)
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working time",
        check_company=True,
        ondelete="restrict",
        help="Empty: the working time of the ticket's team.",
    )
    team_id = fields.Many2one("after.sales.team", check_company=True, ondelete="cascade")
    category_id = fields.Many2one("after.sales.category", check_company=True, ondelete="cascade")
    priority = fields.Selection(PRIORITIES)
    partner_id = fields.Many2one("res.partner", "Customer", check_company=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", check_company=True, ondelete="cascade")
    product_category_id = fields.Many2one("product.category", ondelete="cascade")
    step_ids = fields.One2many("after.sales.sla.step", "sla_id", "Warnings and escalation", copy=True)

    # PostgreSQL takes what is not a number for larger than any.
    _hours_positive = models.Constraint(
        "CHECK (hours > 0 AND hours <= 10000)",
        "[OF-SLA-002] A target is more than zero and at most 10,000 working hours away.",
    )

    @api.constrains("resource_calendar_id", "active")
    def _check_calendar_has_hours(self):
        for policy in self.filtered("resource_calendar_id"):
            policy.resource_calendar_id._check_support_hours(policy.company_id)

    def _as_rule(self):
        self.ensure_one()
        return Policy(
            id=self.id,
            kind=self.kind,
            sequence=self.sequence,
            partner=self.partner_id.commercial_partner_id.id or None,
            product=self.product_id.id or None,
            product_category=self.product_category_id.id or None,
            category=self.category_id.id or None,
            team=self.team_id.id or None,
            priority=self.priority or None,
        )

    @property
    def _seconds(self):
        return round(self.hours * 3600)

    def _get_calendar(self, team):
        return self.resource_calendar_id or team.resource_calendar_id or self.company_id.resource_calendar_id

    def write(self, vals):
        done = super().write(vals)
        if COUNTED & vals.keys():
            self._look_again_at_open()
        return done

    def _look_again_at_open(self):
        """Deadlines and steps of the open targets follow the policy at the job's next turn."""
        self.env["after.sales.sla.status"].sudo().search(
            [("sla_id", "in", self.ids), ("is_open", "=", True)]
        )._look_again()


class AfterSalesSlaStep(models.Model):
    """What is done when a share of a target is used up: below 100 % a warning, above an escalation."""

    _name = "after.sales.sla.step"
    _description = "Step of a Service Level"
    _order = "percent, id"

    sla_id = fields.Many2one("after.sales.sla", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="sla_id.company_id", store=True, index=True)
    percent = fields.Integer("At % of the target", required=True, default=75)
    notify = fields.Selection(
        [
            ("owner", "Owner"),
            ("leader", "Team leader"),
            ("both", "Owner and team leader"),
            ("user", "Person"),
        ],
        default="both",
        required=True,
    )
    user_id = fields.Many2one("res.users", "Person", help="Who is told, or gets the ticket.")
    reassign = fields.Selection([("leader", "To the team leader"), ("user", "To the person")])
    raise_priority = fields.Boolean("One priority up")

    _percent_range = models.Constraint(
        "CHECK (percent BETWEEN 1 AND 1000)", "A step is between 1 % and 1000 % of the target."
    )

    @api.constrains("notify", "reassign", "user_id")
    def _check_person(self):
        for step in self:
            if "user" in (step.notify, step.reassign) and not step.user_id:
                raise ValidationError(
                    step.env._(
                        "[OF-SLA-003] Step at %(percent)s %% of “%(policy)s”: name the person who is told or "
                        "gets the ticket.",
                        percent=step.percent,
                        policy=step.sla_id.name,
                    )
                )

    @property
    def _seconds(self):
        return round(self.sla_id._seconds * self.percent / 100)

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.sla_id._look_again_at_open()
        return steps

    def write(self, vals):
        done = super().write(vals)
        self.sla_id._look_again_at_open()
        return done
