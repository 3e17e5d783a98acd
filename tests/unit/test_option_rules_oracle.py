"""The reasoner against brute force, on models that hypothesis makes up."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from of_tools.option_rules import OptionClass, OptionModel, Reasoner, Rule, Term
from of_tools.options.checks import fit
from of_tools.options.engine import Engine, bits
from option_oracle import configurations

SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
KINDS = ["requires", "excludes", "together", "at_least", "at_most", "exactly", "table"]


@st.composite
def models(draw):
    classes = []
    for key in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 3))
        values = tuple(f"{key}{'abc'[i]}" for i in range(size))
        classes.append(OptionClass(key, values, multi=draw(st.integers(0, 4)) == 0))
    rules = [draw(_rule(number, classes)) for number in range(draw(st.integers(0, 4)))]
    return OptionModel(tuple(classes), tuple(rule for rule in rules if rule))


@st.composite
def _rule(draw, number, classes):
    kind = draw(st.sampled_from(KINDS))
    if kind == "table":
        return draw(_table(number, [c for c in classes if not c.multi]))
    values = [value for c in classes for value in c.values]
    term = st.builds(
        Term, st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(tuple), st.booleans()
    )
    terms = tuple(draw(st.lists(term, min_size=2 if kind == "together" else 1, max_size=3)))
    condition = tuple(draw(st.lists(term, max_size=2)))
    return Rule(number, kind, terms, condition, draw(st.integers(0, len(terms))))


@st.composite
def _table(draw, number, classes):
    if not classes:
        return None
    columns = draw(st.lists(st.sampled_from(classes), min_size=1, max_size=3, unique=True))
    cells = [
        st.one_of(st.none(), st.lists(st.sampled_from(c.values), min_size=1, unique=True).map(tuple))
        for c in columns
    ]
    rows = draw(st.lists(st.tuples(*cells), min_size=1, max_size=5))
    return Rule(number, "table", columns=tuple(c.key for c in columns), rows=rows)


@st.composite
def questions(draw):
    """A model, a selection with at most one value per class, and one more value."""
    model = draw(models())
    selection = [draw(st.sampled_from(c.values)) for c in model.classes if draw(st.booleans())]
    value = draw(st.sampled_from([value for c in model.classes for value in c.values]))
    prices = {v: draw(st.integers(-3, 9)) for c in model.classes for v in c.values}
    return model, selection, value, prices


def _class_of(model, value):
    return next(c for c in model.classes if value in c.values)


def _others(model, selection, value):
    owner = _class_of(model, value)
    return [v for v in selection if owner.multi or v not in owner.values]


@SETTINGS
@given(questions())
def test_possible_values_and_consistency(question):
    model, selection, _value, _prices = question
    fitting = [c for c in configurations(model) if c.issuperset(selection)]
    state = Reasoner(model).state(selection)
    assert state.consistent == bool(fitting)
    assert state.possible == frozenset().union(*fitting)


@SETTINGS
@given(questions())
def test_asking_twice_and_deeper_uses_what_was_learnt(question):
    model, selection, _value, _prices = question
    reasoner, everything = Reasoner(model), configurations(model)
    for depth in range(len(selection) + 1):
        fitting = [c for c in everything if c.issuperset(selection[:depth])]
        assert reasoner.state(selection[:depth]).possible == frozenset().union(*fitting)


@SETTINGS
@given(questions())
def test_swaps(question):
    model, selection, _value, _prices = question
    everything = configurations(model)
    expected = set()
    for c in model.classes:
        if not c.multi and not set(selection).isdisjoint(c.values):
            others = set(selection) - set(c.values)
            expected |= {v for v in c.values if any(f >= others | {v} for f in everything)}
    assert Reasoner(model).swaps(selection) == expected


@SETTINGS
@given(questions())
def test_reason_is_a_reason_and_irreducible(question):
    model, selection, value, _prices = question
    others = _others(model, selection, value)
    reason = Reasoner(model).reason(selection, value)
    if reason is None:
        assert any(f >= {*others, value} for f in configurations(model))
        return

    def contradicts(choices, rules):
        part = OptionModel(model.classes, tuple(r for r in model.rules if r.key in rules))
        return not any(f >= {*choices, value} for f in configurations(part))

    assert set(reason.choices) <= set(others)
    assert contradicts(reason.choices, reason.rules)
    for choice in reason.choices:
        assert not contradicts(set(reason.choices) - {choice}, reason.rules)
    for rule in reason.rules:
        assert not contradicts(reason.choices, set(reason.rules) - {rule})


@SETTINGS
@given(questions())
def test_repair_has_the_fewest_changes_and_then_the_lowest_price(question):
    model, selection, value, prices = question
    others = set(_others(model, selection, value)) - {value}
    fitting = [f for f in configurations(model) if value in f]
    repair = Reasoner(model).repair(selection, [value], prices)
    if not fitting:
        assert repair is None
        return
    after = set(repair.selection)
    assert any(f >= after for f in fitting)
    fewest = min(len(others - f) for f in fitting)
    assert len(others - after) == fewest
    assert repair.price_difference == _lowest_price(model, selection, others, value, fitting, prices, fewest)


def _lowest_price(model, selection, others, value, fitting, prices, fewest):
    lowest = []
    for config in fitting:
        lost = others - config
        if len(lost) == fewest:
            keys = {_class_of(model, v).key for v in lost if not _class_of(model, v).multi}
            new = {v for c in model.classes if c.key in keys for v in c.values if v in config}
            after = (others - lost) | {value} | new
            lowest.append(sum(prices[v] for v in after) - sum(prices[v] for v in set(selection)))
    return min(lowest)


@SETTINGS
@given(questions())
def test_completions(question):
    model, selection, _value, prices = question
    fitting = [c for c in configurations(model) if c.issuperset(selection)]
    reasoner = Reasoner(model)
    by_order = reasoner.complete(selection)
    cheapest = reasoner.complete(selection, prices=prices, cheapest=True)
    if not fitting:
        assert by_order is None
        assert cheapest is None
        return
    assert frozenset(by_order.values) in fitting
    assert frozenset(by_order.values) == max(fitting, key=lambda f: _wish(model, f))
    assert frozenset(cheapest.values) in fitting
    assert cheapest.price == min(sum(prices[v] for v in f) for f in fitting)


def _wish(model, config):
    """Rank a configuration: earlier classes first, their earlier values first, multiple choices off."""
    return [(v in config) != c.multi for c in model.classes for v in c.values]


@SETTINGS
@given(models())
def test_check(model):
    everything = configurations(model)
    values = {v for c in model.classes for v in c.values}
    report = Reasoner(model).check()
    assert report.satisfiable == bool(everything)
    if everything:
        assert set(report.always) == frozenset.intersection(*everything)
        assert set(report.never) == values - frozenset().union(*everything)
    else:
        for left_out in report.conflict:
            rules = tuple(r for r in model.rules if r.key in report.conflict and r.key != left_out)
            assert configurations(OptionModel(model.classes, rules))


@SETTINGS
@given(questions())
def test_enumeration_is_complete_and_without_doubles(question):
    model, selection, _value, _prices = question
    fitting = {c for c in configurations(model) if c.issuperset(selection)}
    found = [frozenset(c) for c in Reasoner(model).configurations(selection)]
    assert len(found) == len(set(found))
    assert set(found) == fitting


@SETTINGS
@given(questions())
def test_whole_configurations(question):
    model, selection, _value, _prices = question
    assert Reasoner(model).is_configuration(selection) == (frozenset(selection) in configurations(model))


@SETTINGS
@given(questions())
def test_neighbours_of_a_configuration_are_configurations(question):
    model, selection, value, _prices = question
    engine = Engine(fit(model))
    everything = {engine.mask(c) for c in configurations(model)}
    chosen = engine.mask(selection)
    holding = [mask for mask in everything if mask & chosen == chosen]
    for mask in holding:
        found = engine._neighbours.around(mask, chosen, engine.all_mask)
        assert all(any(other & bit for other in holding) for bit in bits(found))
    bit = engine.bit[value]
    others = engine.mask(_others(model, selection, value))
    for mask in (mask for mask in everything if mask & others == others and not mask & bit):
        near = engine._neighbours.admit(mask, others | bit, bit)
        assert not near or (near in everything and near & (others | bit) == others | bit)


@SETTINGS
@given(models())
def test_every_value_one_change_away_is_found(model):
    engine = Engine(fit(model))
    everything = {engine.mask(c) for c in configurations(model)}
    for mask in everything:
        one_change = [m for m in everything if _classes_changed(engine, m, mask) == 1]
        found = engine._neighbours.around(mask, 0, engine.all_mask)
        for other in one_change:
            assert (other & ~mask) & ~found == 0


def _classes_changed(engine, one, other):
    groups = [*engine.single_masks, *bits(engine.all_mask & ~sum(engine.single_masks))]
    return sum(one & group != other & group for group in groups)
