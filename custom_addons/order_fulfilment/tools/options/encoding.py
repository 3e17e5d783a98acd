"""Option models as clauses. The only place that knows how a rule becomes logic."""

from itertools import combinations

from pysat.card import CardEnc, EncType

from .model import OptionModel, Rule
from .tables import build_diagram, encode_diagram, encode_pairs, sorted_columns

PAIRWISE_LIMIT = 40


class Encoding:
    """Clauses of a (fitted) model: ``var`` numbers the values from 1, helper variables follow.

    ``structure`` holds what the classes themselves say, ``by_rule`` one list of clauses per rule, in the
    model's order; ``diagrams`` has (columns, root, layers) for the indices of tables.
    """

    def __init__(self, model: OptionModel):
        self.classes = model.classes
        self.values = [value for option_class in model.classes for value in option_class.values]
        self.var = {value: number for number, value in enumerate(self.values, start=1)}
        self.top = len(self.values)
        self._domains = {option_class.key: option_class.values for option_class in model.classes}
        self.class_clauses = {each.key: self._one_of(each) for each in model.classes}
        self.structure = [clause for clauses in self.class_clauses.values() for clause in clauses]
        self.diagrams: dict = {}
        self.by_rule = [self._encode(index, rule) for index, rule in enumerate(model.rules)]

    def new_var(self) -> int:
        self.top += 1
        return self.top

    def clauses(self):
        yield from self.structure
        for clauses in self.by_rule:
            yield from clauses

    def _one_of(self, option_class):
        if option_class.multi:
            return []
        literals = [self.var[value] for value in option_class.values]
        if len(literals) <= PAIRWISE_LIMIT:
            return [literals, *([-a, -b] for a, b in combinations(literals, 2))]
        return [literals, *self._at_most(literals, 1)]

    def _encode(self, index: int, rule: Rule):
        if rule.kind == "table":
            return self._encode_table(index, rule)
        clauses: list = []
        unless = [-self._term_literal(term, clauses) for term in rule.condition]
        literals = [self._term_literal(term, clauses) for term in rule.terms]
        encode = getattr(self, f"_encode_{rule.kind}")
        clauses += [[*unless, *clause] for clause in encode(literals, rule)]
        return clauses

    def _encode_table(self, index, rule: Rule):
        if not rule.rows:
            return self._never()
        if not rule.columns:
            return []
        columns, rows, domains = sorted_columns(rule.columns, rule.rows, self._domains)
        root, layers = build_diagram(rows, domains)
        self.diagrams[index] = (columns, root, layers)
        if len(domains) == 2:
            return encode_pairs(rows, domains, self.var.__getitem__)
        return encode_diagram(root, layers, domains, self.var.__getitem__, self.new_var)

    def _never(self):
        contradiction = self.new_var()
        return [[contradiction], [-contradiction]]

    def _encode_requires(self, literals, rule):
        return [[literal] for literal in literals]

    def _encode_excludes(self, literals, rule):
        if not rule.condition and len(literals) > 1:
            return self._at_most(literals, 1)
        return [[-literal] for literal in literals]

    def _encode_together(self, literals, rule):
        following = [*literals[1:], literals[0]]
        return [[-literal, other] for literal, other in zip(literals, following, strict=True)]

    def _encode_at_most(self, literals, rule):
        return self._at_most(literals, rule.count)

    def _encode_at_least(self, literals, rule):
        return self._at_most([-literal for literal in literals], len(literals) - rule.count)

    def _encode_exactly(self, literals, rule):
        return self._encode_at_most(literals, rule) + self._encode_at_least(literals, rule)

    def _at_most(self, literals, bound):
        if bound >= len(literals):
            return []
        if bound == 0:
            return [[-literal] for literal in literals]
        encoded = CardEnc.atmost(lits=literals, bound=bound, top_id=self.top, encoding=EncType.seqcounter)
        self.top = max(self.top, encoded.nv)
        return encoded.clauses

    def _term_literal(self, term, clauses) -> int:
        """Return the literal that stands for ``term``; a helper for "any of" is defined in ``clauses``."""
        literals = [self.var[value] for value in term.values]
        if len(literals) == 1:
            literal = literals[0]
        else:
            literal = self.new_var()
            clauses.append([-literal, *literals])
            clauses += [[literal, -each] for each in literals]
        return -literal if term.negated else literal
