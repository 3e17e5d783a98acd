from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .shared_json import SharedJson

KINDS = [
    ("requires", "Requires"),
    ("excludes", "Excludes"),
    ("together", "Only together"),
    ("at_least", "At least"),
    ("at_most", "At most"),
    ("exactly", "Exactly"),
    ("table", "Allowed combinations"),
]
COUNTED = ("at_least", "at_most", "exactly")


class OptionRule(models.Model):
    """One sentence about options, put together from choices in a form: no code is typed anywhere."""

    _name = "option.rule"
    _description = "Option Rule"
    _order = "set_id, sequence, id"

    name = fields.Char(required=True)
    set_id = fields.Many2one("option.rule.set", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="set_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="requires")
    count = fields.Integer(string="Number", default=1)
    term_ids = fields.One2many("option.rule.term", "rule_id", string="All Terms", copy=True)
    condition_ids = fields.One2many(
        "option.rule.term",
        "rule_id",
        string="If",
        domain=[("role", "=", "condition")],
        context={"default_role": "condition"},
    )
    consequence_ids = fields.One2many(
        "option.rule.term",
        "rule_id",
        string="Then",
        domain=[("role", "=", "term")],
        context={"default_role": "term"},
    )
    row_ids = fields.One2many("option.rule.row", "rule_id", string="Rows", copy=True)
    table_data = SharedJson(
        prefetch=False,  # large, and no one who reads a rule's name needs it
        help="Rows of an imported table: {columns: [attribute], rows: [[[value], …], …]}.",
    )
    table_summary = fields.Char(compute="_compute_table_summary")
    date_from = fields.Date(string="Valid From")
    date_to = fields.Date(string="Valid To", help="Last day on which the rule holds.")
    message = fields.Text(
        translate=True, help="What the salesperson reads where the rule bites. Your own words."
    )
    description = fields.Char(compute="_compute_description")

    _count_not_negative = models.Constraint("CHECK (count >= 0)", "The number of a rule cannot be negative.")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for rule in self:
            if rule.date_from and rule.date_to and rule.date_from > rule.date_to:
                raise ValidationError(self.env._("[OF-OPT-011] Rule “%s” ends before it begins.", rule.name))

    @api.depends("table_data", "row_ids")
    def _compute_table_summary(self):
        for rule in self:
            rows = len(rule.row_ids) + len((rule.table_data or {}).get("rows", []))
            rule.table_summary = self.env._("%s rows", rows) if rule.kind == "table" else ""

    @api.depends("kind", "count", "term_ids.value_ids", "term_ids.negated", "row_ids", "table_data")
    def _compute_description(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            if rule.kind == "table":
                rule.description = f"{labels['table']}: {rule.table_summary}"
                continue
            terms = ", ".join(term.display_name for term in rule._terms("term"))
            condition = self.env._(" and ").join(term.display_name for term in rule._terms("condition"))
            number = f" {rule.count}" if rule.kind in COUNTED else ""
            sentence = f"{labels[rule.kind]}{number}: {terms}"
            rule.description = (
                self.env._("If %(if)s → %(then)s", **{"if": condition, "then": sentence})
                if condition
                else sentence
            )

    def _terms(self, role):
        return self.term_ids.filtered(lambda term: term.role == role).sorted(
            lambda term: (term.sequence, term.id)
        )

    def _as_text(self):
        """Return the rule in the user's words: its message, or else what it says."""
        if not self:
            return self.env._("A rule of an earlier revision.")
        if self.message:
            return self.message
        return self.name if self.kind == "table" else f"{self.name}: {self.description}"

    def _as_definition(self):
        """Return the rule as plain JSON: what a release keeps."""
        self.ensure_one()
        table = self._table_content() if self.kind == "table" else {"columns": [], "rows": []}
        return {
            "id": self.id,
            "name": self.name,
            "message": self.message or "",
            "kind": self.kind,
            "count": self.count,
            "condition": [term._as_definition() for term in self._terms("condition")],
            "terms": [term._as_definition() for term in self._terms("term")],
            "date_from": self.date_from and self.date_from.isoformat(),
            "date_to": self.date_to and self.date_to.isoformat(),
            **table,
        }

    def _check_complete(self):
        """Refuse a rule that says nothing."""
        self.ensure_one()
        if self.kind == "table":
            self._check_table_complete()
            return
        terms = self._terms("term")
        if not terms or any(not term.value_ids for term in self.term_ids):
            raise ValidationError(
                self.env._("[OF-OPT-014] Rule “%s” names no options on one of its lines.", self.name)
            )
        if self.kind == "together" and len(terms) < 2:
            raise ValidationError(
                self.env._("[OF-OPT-015] Rule “%s”: “only together” needs two lines or more.", self.name)
            )
        if self.kind in COUNTED and self.count > len(terms):
            raise ValidationError(
                self.env._(
                    "[OF-OPT-016] Rule “%(rule)s” asks for %(count)s of %(total)s options.",
                    rule=self.name,
                    count=self.count,
                    total=len(terms),
                )
            )

    def _check_table_complete(self):
        content = self._table_content()
        if not content["rows"] or any(not row.value_ids for row in self.row_ids):
            raise ValidationError(
                self.env._(
                    "[OF-OPT-012] The table “%s” has no rows, or a row that names no options.", self.name
                )
            )
        columns = self.env["product.attribute"].browse(content["columns"])
        many = columns.filtered(lambda column: column.display_type == "multi")
        if many:
            raise ValidationError(
                self.env._(
                    "[OF-OPT-043] Table “%(rule)s”: of %(names)s any number can be chosen, so they cannot be "
                    "columns. Say it with another kind of rule.",
                    rule=self.name,
                    names=", ".join(many.mapped("name")),
                )
            )

    def _check_values_known(self, templates):
        """Refuse a value that none of ``templates`` has."""
        self.ensure_one()
        known = (
            templates.attribute_line_ids.product_template_value_ids._only_active().product_attribute_value_id
        )
        unknown = self._values() - known
        if unknown:
            raise ValidationError(
                self.env._(
                    "[OF-OPT-017] Rule “%(rule)s” names %(values)s, which none of %(items)s has.",
                    rule=self.name,
                    values=", ".join(unknown[:5].mapped("display_name")),
                    items=", ".join(templates[:5].mapped("display_name")),
                )
            )

    def _values(self):
        """Return every attribute value that the rule names."""
        self.ensure_one()
        if self.kind != "table":
            return self.term_ids.value_ids
        ids = {value for row in self._table_content()["rows"] for cell in row for value in cell or ()}
        return self.term_ids.value_ids.browse(sorted(ids)).exists()
