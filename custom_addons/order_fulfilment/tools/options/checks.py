"""Is a model well formed? Every fault is named before anything is compiled."""

from .model import KINDS, OptionModel, OptionModelError, Rule, Term

COUNTED = ("at_least", "at_most", "exactly")


def validate(model: OptionModel) -> None:
    """Raise :class:`OptionModelError` for the first fault of ``model``; see the codes below."""
    _validate_classes(model)
    for rule in model.rules:
        _validate_rule(rule, model)


def _validate_classes(model: OptionModel) -> None:
    seen = set()
    for option_class in model.classes:
        if not option_class.values:
            raise OptionModelError("empty_class", "An option class has no values.", option_class.key)
        for value in option_class.values:
            if value in seen:
                raise OptionModelError("duplicate_value", "A value stands in two places.", value)
            seen.add(value)


def _validate_rule(rule: Rule, model: OptionModel) -> None:
    if rule.kind not in KINDS:
        raise OptionModelError("unknown_kind", f"Unknown kind of rule: {rule.kind!r}.", rule.key)
    if rule.kind == "table":
        _validate_table(rule, model)
        return
    if not rule.terms:
        raise OptionModelError("no_terms", "The rule names no options.", rule.key)
    if any(not term.values for term in (*rule.terms, *rule.condition)):
        raise OptionModelError("empty_term", "A term of the rule names no options.", rule.key)
    if rule.kind == "together" and len(rule.terms) < 2:
        raise OptionModelError("one_term", "“Only together” needs at least two terms.", rule.key)
    if rule.kind in COUNTED and not 0 <= rule.count <= len(rule.terms):
        raise OptionModelError("count", f"The number must lie between 0 and {len(rule.terms)}.", rule.key)


def _validate_table(rule: Rule, model: OptionModel) -> None:
    if not rule.rows or not rule.columns:
        raise OptionModelError("empty_table", "The table has no rows.", rule.key)
    if len(set(rule.columns)) != len(rule.columns):
        raise OptionModelError("double_column", "A class stands in two columns of the table.", rule.key)
    classes = {option_class.key: option_class for option_class in model.classes}
    for column in rule.columns:
        if column in classes and classes[column].multi:
            raise OptionModelError("multi_column", "A table cannot hold a multiple-choice class.", rule.key)
    for row in rule.rows:
        if len(row) != len(rule.columns):
            raise OptionModelError("row_width", "A row is shorter or longer than the header.", rule.key)


def fit(model: OptionModel) -> OptionModel:
    """Return ``model`` with its rules restricted to the values that its classes have.

    A value that the end item does not offer counts as not chosen: it falls out of "any of", and a table row
    that demands it falls away. A column over a class that the end item has not falls away as well.
    """
    values = {value: option_class.key for option_class in model.classes for value in option_class.values}
    return OptionModel(model.classes, tuple(_fit_rule(rule, values) for rule in model.rules))


def _fit_rule(rule: Rule, values: dict) -> Rule:
    if rule.kind != "table":
        condition = tuple(_fit_term(term, values) for term in rule.condition)
        terms = tuple(_fit_term(term, values) for term in rule.terms)
        return Rule(rule.key, rule.kind, terms, condition, rule.count)
    known = set(values.values())
    kept = [index for index, column in enumerate(rule.columns) if column in known]
    columns = tuple(rule.columns[index] for index in kept)
    cells = [_fit_column([row[index] for row in rule.rows], rule.columns[index], values) for index in kept]
    rows = list(zip(*cells, strict=True)) if kept else [()] * len(rule.rows)
    return Rule(rule.key, "table", columns=columns, rows=[row for row in rows if () not in row])


def _fit_term(term: Term, values: dict) -> Term:
    return Term(tuple(dict.fromkeys(value for value in term.values if value in values)), term.negated)


def _fit_column(cells, column, values: dict) -> list:
    """Return the cells with the values that belong to ``column``, None where every value is allowed.

    A table has many cells and few different ones: equal ones become one object.
    """
    fitted: dict = {None: None}
    for cell in {tuple(cell) for cell in cells if cell is not None}:
        fitted[cell] = tuple(value for value in cell if values.get(value) == column)
    return [fitted[cell if cell is None else tuple(cell)] for cell in cells]
