from odoo import api, fields, models
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

    @api.constrains("table_data")
    def _check_table_data(self):
        """Rows come from other systems too: what cannot be a table is refused when it is stored."""
        for rule in self.filtered("table_data"):
            fault = rule._table_fault(rule.table_data)
            if fault:
                raise ValidationError(
                    self.env._("[OF-OPT-018] Table “%(rule)s”: %(fault)s", rule=rule.name, fault=fault)
                )

    def _table_fault(self, data):
        """Return what is wrong with ``data``, which :meth:`_table_content` describes."""
        lists = isinstance(data, dict) and [data.get("columns"), data.get("rows")]
        if not lists or not all(isinstance(each, list) for each in lists):
            return self.env._("give lists of columns and rows.")
        ids = [column for column in data["columns"] if type(column) is int]
        columns = self.env["product.attribute"].browse(set(ids)).exists()
        if len(columns) != len(data["columns"]):
            return self.env._("the columns must be different attributes.")
        for number, row in enumerate(data["rows"], start=1):
            if not isinstance(row, list) or len(row) != len(ids):
                return self.env._("row %s is shorter or longer than its header.", number)
        for index, column in enumerate(columns.browse(ids)):
            known = set(column.with_context(active_test=False).value_ids.ids)
            for number, row in enumerate(data["rows"], start=1):
                if row[index] is not None and not _is_cell(row[index], known):
                    return self.env._("row %(row)s, %(name)s: no such options.", row=number, name=column.name)
        return ""

    def _set_table(self, columns, rows):
        """Replace the imported rows. ``columns``: attributes; a row: lists of value ids or None."""
        self.ensure_one()
        self.table_data = {"columns": columns.ids, "rows": rows}


def _is_cell(cell, known) -> bool:
    return isinstance(cell, list) and bool(cell) and all(type(v) is int and v in known for v in cell)
