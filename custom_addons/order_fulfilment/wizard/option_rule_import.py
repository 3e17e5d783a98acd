import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.entry.order_import_errors import fault_text
from ..tools.entry.import_fault import ImportFault
from ..tools.options.sheet import SheetError, read_rules, read_sheet, read_table


class OptionRuleImport(models.TransientModel):
    """Reads rules, or one table of allowed combinations, from an .xlsx or .csv sheet. All rows or none."""

    _name = "option.rule.import"
    _description = "Option Rule Import"

    set_id = fields.Many2one("option.rule.set", required=True, ondelete="cascade")
    content = fields.Binary(string="Sheet", required=True, attachment=False)
    filename = fields.Char()
    kind = fields.Selection(
        [("rules", "A list of rules"), ("table", "One table of allowed combinations")],
        required=True,
        default="rules",
    )
    name = fields.Char(string="Name of the table")

    def action_import(self):
        """Create the rules in the set; they take effect when it is released."""
        self.ensure_one()
        try:
            rows = read_sheet(base64.b64decode(self.content), self.filename or "")
            if self.kind == "table":
                self._import_table(rows)
            else:
                self._import_rules(rows)
        except SheetError as error:
            raise UserError(self._error_text(error)) from error
        except ImportFault as fault:
            raise UserError(fault_text(self.env, fault)) from fault
        return {"type": "ir.actions.act_window_close"}

    def _error_text(self, error):
        texts = {
            "empty": self.env._("[OF-OPT-061] The sheet has no rows below its header."),
            "header": self.env._("[OF-OPT-062] The sheet has no column “%s”.", error.what),
            "kind": self.env._(
                "[OF-OPT-063] Row %(row)s: “%(what)s” is no kind of rule.", row=error.row, what=error.what
            ),
            "number": self.env._(
                "[OF-OPT-064] Row %(row)s: “%(what)s” is no number.", row=error.row, what=error.what
            ),
            "date": self.env._(
                "[OF-OPT-065] Row %(row)s: “%(what)s” is no date; write 2026-05-31.",
                row=error.row,
                what=error.what,
            ),
            "width": self.env._(
                "[OF-OPT-066] Row %(row)s has more or fewer cells than the header.", row=error.row
            ),
        }
        return texts[error.code]

    def _import_table(self, rows):
        table = read_table(rows)
        attributes = self.env["product.attribute"]
        offered = self._offered()
        columns = attributes.union(*(self._attribute(name, offered) for name in table.columns))
        known: dict = {}  # a table of a car line has half a million cells and few different ones
        choices = {column: offered & column.value_ids for column in columns}
        cells = [
            [
                cell and self._ids_of(cell, number, choices[column], known)
                for cell, column in zip(row, columns, strict=True)
            ]
            for number, row in zip(table.numbers, table.rows, strict=True)
        ]
        rule = self.env["option.rule"].create(
            {"name": self.name or self.filename, "set_id": self.set_id.id, "kind": "table"}
        )
        rule._set_table(columns, cells)

    def _ids_of(self, names, row, offered, known):
        key = (names, offered)
        if key not in known:
            known[key] = [self._value(name, row, offered).id for name in names]
        return known[key]

    def _import_rules(self, rows):
        offered = self._offered()
        vals_list = []
        for number, rule in read_rules(rows):
            terms = [
                (
                    0,
                    0,
                    {
                        "role": role,
                        "negated": negated,
                        "value_ids": [(6, 0, [self._value(n, number, offered).id for n in names])],
                    },
                )
                for role, negated, names in rule.pop("terms")
            ]
            vals_list.append({**rule, "set_id": self.set_id.id, "term_ids": terms})
        self.env["option.rule"].create(vals_list)

    def _offered(self):
        return self.set_id.product_tmpl_ids._option_values_of_all()

    def _attribute(self, name, offered):
        found = offered.attribute_id.filtered(lambda attribute: attribute.name == name)
        if len(found) != 1:
            raise UserError(
                self.env._("[OF-OPT-067] Header: the end items have no single attribute “%s”.", name)
            )
        return found

    def _value(self, name, row, offered):
        for field in ("option_code", "display_name", "name"):
            found = offered.filtered(lambda value, field=field: value[field] == name)
            if len(found) == 1:
                return found
        raise UserError(
            self.env._(
                "[OF-OPT-068] Row %(row)s: the end items have no single option “%(name)s”; give its code.",
                row=row,
                name=name,
            )
        )
