"""The access table: who may read, write, create and delete records of which model of ours.

A cell has one letter per right (r read, w write, c create, d delete), ``-`` for none. A letter in brackets
is narrowed by a record rule to some records beyond those of the user's companies, such as his own.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from . import ours

TABLE = Path(__file__).with_name("access_matrix.csv")
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}
COMPANY_FIELDS = ("company_id", "company_ids")
# Persona → groups by external id. A group of an add-on that is not installed leaves the persona out.
PERSONAS = {
    "public": ("base.group_public",),
    "portal": ("base.group_portal",),
    "internal": ("base.group_user",),
    "user": ("order_fulfilment.group_user",),
    "manager": ("order_fulfilment.group_manager",),
    "warehouse": ("order_fulfilment.group_warehouse",),
    "support": ("order_fulfilment.group_support",),
    "dispatcher": ("jit_delivery.group_user",),
    "planner": ("jit_delivery.group_manager",),
}


def personas(env, company=None) -> dict[str, object]:
    """One user per persona."""
    company = company or env.ref("base.main_company")
    return {name: _user(env, name, groups, company) for name, groups in PERSONAS.items()}


def _user(env, name: str, groups: tuple[str, ...], company):
    login = f"nets_{name}_{company.id}"
    values = {
        "name": login,
        "login": login,
        "email": f"{login}@example.test",
        "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
        "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
    }
    return env["res.users"].create(values)


def cell(env, model: str, user) -> str:
    """Rights of ``user`` on ``model``, by Odoo's own two mechanisms."""
    checked = env[model].with_user(user)
    letters = ""
    for operation, letter in OPERATIONS.items():
        if checked.browse().has_access(operation):
            letters += f"({letter})" if is_narrowed(checked, operation) else letter
    return letters or "-"


def is_narrowed(model, operation: str) -> bool:
    """Whether record rules keep the user from some records of his own companies."""
    domain = model.env["ir.rule"]._compute_domain(model._name, operation)
    if domain.is_true():
        return False
    return not all(map(_is_of_company, domain.iter_conditions()))


def _is_of_company(condition) -> bool:
    """Also ``order_id.company_id``, which Odoo turns into "any order with such a company"."""
    if condition.field_expr.split(".")[-1] in COMPANY_FIELDS:
        return True
    nested = getattr(condition.value, "iter_conditions", None)
    return bool(nested) and all(map(_is_of_company, nested()))


def current(env) -> Iterator[dict[str, str]]:
    """Rows of the table as the code is now."""
    users = personas(env)
    for model in ours.models(env):
        yield {"model": model, **{name: cell(env, model, user) for name, user in users.items()}}


def committed() -> dict[str, dict[str, str]]:
    """Rows of the table as agreed, by model."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        return {row["model"]: row for row in csv.DictReader(file)}


def as_line(row: dict[str, str]) -> str:
    return ",".join([row["model"], *(row[name] for name in PERSONAS)])


def header() -> str:
    return ",".join(["model", *PERSONAS])
