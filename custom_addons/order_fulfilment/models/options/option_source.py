"""From released rules, as plain JSON, to the reasoner's model of one end item."""

from odoo import fields

from ...tools.option_rules import OptionClass, OptionModel, Rule, Term


def plain_rule(key, kind, terms, condition):
    def term(values):
        return {"values": values, "negated": False}

    return {
        "key": key,
        "kind": kind,
        "count": 0,
        "columns": [],
        "rows": [],
        "date_from": None,
        "date_to": None,
        "terms": [term(values) for values in terms],
        "condition": [term(values) for values in condition],
    }


def translated(rule, known, template):
    """Return a released rule in this end item's own values; a value it has not becomes key ``-id``."""

    def value(attribute_value):
        return known.get(attribute_value, -attribute_value)

    lines = {line.attribute_id.id: line.id for line in template.valid_product_template_attribute_line_ids}
    return {
        **rule,
        "key": ("rule", rule["id"]),
        "columns": [lines.get(column, -column) for column in rule["columns"]],
        "rows": translated_rows(rule["rows"], value),
        "terms": [{**term, "values": [value(v) for v in term["values"]]} for term in rule["terms"]],
        "condition": [{**term, "values": [value(v) for v in term["values"]]} for term in rule["condition"]],
    }


def translated_rows(rows, value):
    """Return a table's rows as tuples; of its many cells few differ, and equal ones become one object."""
    cells = {tuple(cell) for row in rows for cell in row if cell is not None}
    known = {cell: tuple(map(value, cell)) for cell in cells}
    return [tuple(None if cell is None else known[tuple(cell)] for cell in row) for row in rows]


def as_model(source, date):
    classes = tuple(OptionClass(key, values, multi) for key, values, multi in source["classes"])
    in_force = [
        rule for rule in source["rules"] if (rule["date_from"] or date) <= date <= (rule["date_to"] or date)
    ]
    return OptionModel(classes, tuple(as_rule(rule) for rule in in_force))


def as_rule(rule):
    terms, condition = (
        tuple(Term(tuple(term["values"]), term["negated"]) for term in rule[side])
        for side in ("terms", "condition")
    )
    columns, rows = tuple(rule["columns"]), rule["rows"]
    return Rule(rule["key"], rule["kind"], terms, condition, rule["count"], columns, rows)


def next_day(day):
    return fields.Date.add(fields.Date.to_date(day), days=1).isoformat()
