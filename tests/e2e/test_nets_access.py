"""Who may do what with our models, and that companies see nothing of each other."""

import contextlib

import pytest
from nets import access, ours
from nets.records import CannotMakeError, Maker

# Model → why records of another company may be seen.
SHARED_BETWEEN_COMPANIES: dict[str, str] = {}
SEES_ALL_OF_HIS_COMPANY = [group for groups in access.PERSONAS.values() for group in groups[:1]][3:]


def test_access_is_as_in_the_table(env):
    agreed = access.committed()
    differing = [access.as_line(row) for row in access.current(env) if agreed.get(row["model"]) != row]
    assert not differing, "tests/nets/access_matrix.csv needs these lines (if they are right):\n" + "\n".join(
        [access.header(), *differing]
    )


def test_the_table_has_no_model_that_is_gone(env):
    assert sorted(set(access.committed()) - set(ours.models(env))) == []


def test_every_model_of_ours_can_be_made(env):
    maker = Maker(env, env.company, "nets")
    missing = list(filter(None, (_why_not(maker, model) for model in ours.models(env))))
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("persona", ["public", "portal", "internal"])
def test_a_right_that_is_not_in_the_table_is_refused_on_a_record(env, persona):
    maker = Maker(env, env.company, "nets")
    user = access.personas(env)[persona]
    granted = []
    for model, record in _made(maker, access.committed()).items():
        cell = access.committed()[model][persona]
        refused = [name for name, letter in access.OPERATIONS.items() if letter not in cell]
        granted += [f"{model} {name}" for name in refused if record.with_user(user).has_access(name)]
    assert granted == []


def test_companies_see_nothing_of_each_other(env):
    ours_alone = env["res.users"].create(
        {
            "name": "Everything in one company",
            "login": "nets_everything",
            "group_ids": [(6, 0, [env.ref(group).id for group in SEES_ALL_OF_HIS_COMPANY])],
        }
    )
    other = _other_company(env)
    maker = Maker(env, other, "nets other company")
    made = _made(maker, _company_bound(env))
    visible = [model for model, record in made.items() if _is_visible(record, ours_alone)]
    assert not visible, "give these models a company rule: " + ", ".join(visible)


def _made(maker, models) -> dict:
    """Record by model; those that cannot be made fail ``test_every_model_of_ours_can_be_made``."""
    records = {}
    for model in models:
        with contextlib.suppress(CannotMakeError):
            records[model] = maker.make(model)
    return records


def _why_not(maker, model) -> str | None:
    try:
        maker.make(model)
    except CannotMakeError as error:
        return f"{model}: {error}"
    return None


def _other_company(env):
    company = env["res.company"].create({"name": "Nets other company"})
    env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
    return company


def _company_bound(env) -> list[str]:
    """Models with a company, and those whose required parent has one."""
    models = [env[name] for name in ours.models(env, transient=False) if name not in SHARED_BETWEEN_COMPANIES]
    return [model._name for model in models if _has_company(model)]


def _has_company(model) -> bool:
    if "company_id" in model._fields:
        return True
    parents = (f.comodel_name for f in model._fields.values() if f.type == "many2one" and f.required)
    return any("company_id" in model.env[parent]._fields for parent in parents if parent != "res.users")


def _is_visible(record, user) -> bool:
    seen = record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
    if not seen.browse().has_access("read"):
        return False
    return bool(seen.search([("id", "in", record.ids)])) or seen.has_access("read")
