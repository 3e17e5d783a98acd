from odoo import fields, models
from odoo.exceptions import ValidationError


class OptionRuleRow(models.Model):
    """A row typed into a table of allowed combinations: for each attribute, any of the values given.

    An attribute that the row does not name may have any value.
    """

    _name = "option.rule.row"
    _description = "Option Rule Table Row"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one("option.rule", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    value_ids = fields.Many2many("product.attribute.value", string="Options", required=True)


class OptionRule(models.Model):
    _inherit = "option.rule"

    def _table_content(self):
        """Return typed and imported rows as ``{columns: [attribute id], rows: [[[value id] or None]]}``."""
        self.ensure_one()
        data = self.table_data or {"columns": [], "rows": []}
        attributes = [*data["columns"], *self.row_ids.value_ids.attribute_id.ids]
        columns = list(dict.fromkeys(attributes))
        missing = [None] * (len(columns) - len(data["columns"]))
        rows = [[*row, *missing] for row in data["rows"]]
        for row in self.row_ids:
            by_attribute = row.value_ids.grouped("attribute_id")
            cells = {attribute.id: sorted(values.ids) for attribute, values in by_attribute.items()}
            rows.append([cells.get(column) for column in columns])
        return {"columns": columns, "rows": rows}

    def _set_table(self, columns, rows):
        """Replace the imported rows. ``columns``: attributes; a row: lists of value ids or None."""
        self.ensure_one()
        if any(len(row) != len(columns) for row in rows):
            raise ValidationError(
                self.env._("[OF-OPT-018] Table “%s”: a row is shorter or longer than its header.", self.name)
            )
        self.table_data = {"columns": columns.ids, "rows": rows}
