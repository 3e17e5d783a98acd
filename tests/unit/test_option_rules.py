"""Every kind of rule, by name, with exact answers."""

import pytest
from of_tools.option_rules import OptionClass, OptionModel, OptionModelError, Reasoner, Rule, Term


def bike(*rules):
    return OptionModel(
        (
            OptionClass("frame", ("low", "high")),
            OptionClass("motor", ("city", "hub", "speed")),
            OptionClass("battery", ("b400", "b500", "b700")),
            OptionClass("extras", ("rack", "basket", "lock"), multi=True),
        ),
        rules,
    )


def rule(kind, terms, condition=(), count=0):
    return Rule("r", kind, tuple(map(Term, terms)), tuple(map(Term, condition)), count)


def possible(model, *selection):
    return set(Reasoner(model).state(selection).possible)


def test_requires_leaves_only_what_it_asks_for():
    model = bike(rule("requires", [("b700",)], [("speed",)]))
    assert possible(model, "speed") & {"b400", "b500", "b700"} == {"b700"}
    assert "speed" not in possible(model, "b400")


def test_requires_any_of():
    model = bike(rule("requires", [("b500", "b700")], [("speed",)]))
    assert possible(model, "speed") & {"b400", "b500", "b700"} == {"b500", "b700"}


def test_requires_not():
    model = bike(Rule("r", "requires", (Term(("b700",), negated=True),), (Term(("low",)),)))
    assert "b700" not in possible(model, "low")
    assert "b700" in possible(model, "high")


def test_excludes_over_three_options_bites_only_when_two_are_chosen():
    model = bike(rule("excludes", [("basket",)], [("low",), ("speed",)]))
    assert "basket" in possible(model, "low")
    assert "basket" not in possible(model, "low", "speed")


def test_excludes_without_condition_is_at_most_one():
    model = bike(rule("excludes", [("rack",), ("basket",), ("speed",)]))
    assert possible(model, "rack") & {"basket", "speed"} == set()


def test_together():
    model = bike(rule("together", [("rack",), ("basket",)]))
    reasoner = Reasoner(model)
    assert not reasoner.is_configuration(["low", "city", "b400", "rack"])
    assert reasoner.is_configuration(["low", "city", "b400", "rack", "basket"])


@pytest.mark.parametrize(
    ("kind", "allowed"), [("at_least", {2, 3}), ("at_most", {0, 1, 2}), ("exactly", {2})]
)
def test_counts(kind, allowed):
    reasoner = Reasoner(bike(rule(kind, [("rack",), ("basket",), ("lock",)], count=2)))
    extras = ["rack", "basket", "lock"]
    found = {n for n in range(4) if reasoner.is_configuration(["low", "city", "b400", *extras[:n]])}
    assert found == allowed


def test_table_with_sets_and_any():
    rows = [(("low",), None, ("b400",)), (("high",), ("speed",), ("b500", "b700"))]
    model = bike(Rule("t", "table", columns=("frame", "motor", "battery"), rows=rows))
    assert possible(model, "high") & {"city", "hub", "speed"} == {"speed"}
    assert possible(model, "low") & {"b400", "b500", "b700"} == {"b400"}


def test_reason_names_choices_and_rules_only():
    model = bike(
        Rule("motor-battery", "requires", (Term(("b700",)),), (Term(("speed",)),)),
        Rule("unrelated", "excludes", (Term(("rack",)),), (Term(("low",)),)),
    )
    found = Reasoner(model).reason(["low", "speed"], "b400")
    assert (found.choices, found.rules) == (("speed",), ("motor-battery",))


def test_repair_switches_two_exclusive_options():
    model = bike(Rule("x", "excludes", (Term(("b400",)),), (Term(("speed",)),)))
    prices = {"b400": 0, "b500": 900, "b700": 1200, "speed": 400, "city": 0}
    found = Reasoner(model).repair(["city", "b400", "low"], ["speed"], prices)
    changes = [(c.class_key, c.before, c.after) for c in found.changes]
    assert changes == [("motor", "city", "speed"), ("battery", "b400", "b500")]
    assert found.price_difference == 1300


def test_contradiction_names_a_minimal_set_of_rules():
    model = bike(
        Rule("a", "requires", (Term(("low",)),)),
        Rule("b", "requires", (Term(("high",)),)),
        Rule("c", "requires", (Term(("rack",)),)),
    )
    report = Reasoner(model).check()
    assert (report.satisfiable, report.conflict) == (False, ("a", "b"))


def test_check_names_always_never_false_optional():
    model = bike(
        Rule("a", "requires", (Term(("low",)),)),
        Rule("b", "requires", (Term(("rack",)),), (Term(("basket",)),)),
        Rule("c", "requires", (Term(("basket", "lock")),), (Term(("rack",)),)),
        Rule("d", "excludes", (Term(("lock",)),)),
    )
    report = Reasoner(model).check()
    assert report.always == ("low",)
    assert report.never == ("high", "lock")
    assert report.false_optional == ("low", "basket")


def test_defaults_come_first_then_the_offered_order():
    model = bike(Rule("r", "excludes", (Term(("b400",)),), (Term(("speed",)),)))
    found = Reasoner(model).complete(["speed"], preferred=["high", "b400", "lock"])
    assert found.values == ("high", "speed", "b500", "lock")


def test_two_values_of_one_class_never_go_together():
    reasoner = Reasoner(bike())
    for _time in range(2):  # also when configurations are known already
        assert reasoner.state(["high"]).consistent
        assert not reasoner.state(["low", "high"]).consistent
        assert not reasoner.state(["high", "b400", "b500"]).consistent
    assert reasoner.complete(["low", "high"]) is None


def test_values_the_end_item_has_not_count_as_not_chosen():
    model = bike(Rule("r", "requires", (Term(("b700", "b900")),), (Term(("speed",)),)))
    assert possible(model, "speed") & {"b400", "b500", "b700"} == {"b700"}


@pytest.mark.parametrize(
    ("faulty", "code"),
    [
        (Rule("r", "table", columns=("frame",), rows=[]), "empty_table"),
        (Rule("r", "table", columns=("frame", "motor"), rows=[(None,)]), "row_width"),
        (Rule("r", "table", columns=("extras",), rows=[(None,)]), "multi_column"),
        (Rule("r", "requires"), "no_terms"),
        (Rule("r", "at_least", (Term(("low",)),), count=2), "count"),
        (Rule("r", "sometimes", (Term(("low",)),)), "unknown_kind"),
        (Rule("r", "together", (Term(("low",)),)), "one_term"),
    ],
)
def test_faulty_rules_are_named(faulty, code):
    with pytest.raises(OptionModelError) as caught:
        Reasoner(bike(faulty))
    assert (caught.value.code, caught.value.subject) == (code, "r")


def test_unknown_option_is_named():
    with pytest.raises(OptionModelError) as caught:
        Reasoner(bike()).state(["b900"])
    assert (caught.value.code, caught.value.subject) == ("unknown_value", "b900")


def test_a_hundred_thousand_combinations_answer():
    classes = tuple(OptionClass(n, tuple(f"{n}.{i}" for i in range(10))) for n in range(5))
    pairs = [Rule(i, "excludes", (Term((f"1.{i}",)),), (Term((f"0.{i}",)),)) for i in range(10)]
    reasoner = Reasoner(OptionModel(classes, tuple(pairs)))
    assert len(reasoner.state(["0.3"]).possible) == 40
    assert next(reasoner.configurations(["0.0"])) == ("0.0", "1.1", "2.0", "3.0", "4.0")
