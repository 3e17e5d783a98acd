"""Whether a customer is entitled to a cure, decided from what was sold and delivered.

A period of months begins on the day of delivery and ends with the day of the same number in its last month,
or with that month's last day where it has no such day: delivered on 31 January, one month ends with
28 (29) February. Months are added up first and counted once, so that an extension loses no days.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

COVERED = "covered"
CONDITIONAL = "conditional"
NOT_COVERED = "not_covered"


@dataclass(frozen=True)
class Policy:
    """What the company promises for a product.

    :param months: from the day of delivery; 0 is no warranty
    :param counter_limit: most kilometres, hours or cycles; 0 is no limit
    :param causes: ids of covered causes; empty covers every cause but the excluded
    :param excluded: ids of causes that are never covered (wear, accident)
    """

    name: str
    months: int
    counter_limit: float = 0.0
    counter_unit: str = ""
    causes: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Extension:
    """A sold service line that lengthens the warranty.

    :param certain: False when fewer were sold than goods delivered and nobody said for which serial
    """

    name: str
    months: int
    certain: bool = True


@dataclass(frozen=True)
class Facts:
    """What happened to the thing asked about.

    :param delivered_on: day of the delivery to this customer, in the customer's time zone; None if never
    :param delivery: name of the delivery
    :param inside_of: the end item it was built into, if it came as a part
    :param returned_on: day it came back for good (credited or replaced), if it did
    :param foreign: delivered, but to someone else
    """

    delivered_on: date | None = None
    delivery: str = ""
    inside_of: str = ""
    returned_on: date | None = None
    foreign: bool = False
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True)
class Claim:
    """What is asked: on which day, with which counter reading and cause (None: not known)."""

    day: date
    counter: float | None = None
    cause: int | None = None


@dataclass(frozen=True)
class Verdict:
    """``code`` names the reason, ``values`` fill its sentence, ``until`` is the last covered day."""

    state: str
    code: str
    until: date | None = None
    values: dict = field(default_factory=dict)


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or that month's last day.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2023, 1, 31), 1)
    (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28))
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def verdict(policy: Policy | None, facts: Facts, claim: Claim) -> Verdict:
    """Decide; the first reason against it counts, then what still has to be found out."""
    refusal = _unsold(facts) or _without_policy(policy)
    if refusal:
        return refusal
    months = policy.months + sum(item.months for item in facts.extensions if item.certain)
    until = add_months(facts.delivered_on, months)
    values = _values(policy, facts, until, months)
    return (
        _against(policy, facts, claim, until, values)
        or _to_find_out(policy, facts, claim, until, values)
        or Verdict(COVERED, "covered", until, values)
    )


def _unsold(facts: Facts) -> Verdict | None:
    if facts.foreign:
        return Verdict(NOT_COVERED, "foreign")
    if facts.delivered_on is None:
        return Verdict(NOT_COVERED, "never_delivered")
    if facts.returned_on:
        values = {"returned_on": facts.returned_on, "delivery": facts.delivery}
        return Verdict(NOT_COVERED, "returned", values=values)
    return None


def _without_policy(policy: Policy | None) -> Verdict | None:
    if policy is None:
        return Verdict(NOT_COVERED, "no_policy")
    if policy.months <= 0:
        return Verdict(NOT_COVERED, "no_warranty", values={"policy": policy.name})
    return None


def _values(policy: Policy, facts: Facts, until: date, months: int) -> dict:
    return {
        "policy": policy.name,
        "months": months,
        "extensions": ", ".join(item.name for item in facts.extensions if item.certain),
        "delivered_on": facts.delivered_on,
        "delivery": facts.delivery,
        "inside_of": facts.inside_of,
        "until": until,
        "limit": policy.counter_limit,
        "unit": policy.counter_unit,
    }


def _against(policy: Policy, facts: Facts, claim: Claim, until: date, values: dict) -> Verdict | None:
    if claim.cause in policy.excluded:
        return Verdict(NOT_COVERED, "excluded", until, values)
    if claim.cause is not None and policy.causes and claim.cause not in policy.causes:
        return Verdict(NOT_COVERED, "cause_not_covered", until, values)
    if policy.counter_limit and claim.counter is not None and claim.counter > policy.counter_limit:
        return Verdict(NOT_COVERED, "over_counter", until, {**values, "counter": claim.counter})
    if claim.day > until and not _maybe_extended(policy, facts, claim):
        return Verdict(NOT_COVERED, "expired", until, {**values, "day": claim.day})
    return None


def _maybe_extended(policy: Policy, facts: Facts, claim: Claim) -> bool:
    """Whether an extension of which nobody knows the serial would still cover the day."""
    if all(item.certain for item in facts.extensions):
        return False
    most = policy.months + sum(item.months for item in facts.extensions)
    return claim.day <= add_months(facts.delivered_on, most)


def _to_find_out(policy: Policy, facts: Facts, claim: Claim, until: date, values: dict) -> Verdict | None:
    if claim.day > until:
        names = ", ".join(item.name for item in facts.extensions if not item.certain)
        return Verdict(CONDITIONAL, "extension_shared", until, {**values, "extensions": names})
    if policy.counter_limit and claim.counter is None:
        return Verdict(CONDITIONAL, "counter_missing", until, values)
    if claim.cause is None and (policy.causes or policy.excluded):
        return Verdict(CONDITIONAL, "cause_missing", until, values)
    return None


@dataclass(frozen=True)
class Scope:
    """To whom and what a policy applies; None is "any". ``categories``: the category and those above it."""

    key: int
    product: int | None = None
    category: int | None = None
    customer: int | None = None
    sequence: int = 0


def pick(scopes: Iterable[Scope], product: int, categories: tuple[int, ...], customer: int) -> int | None:
    """Key of the most specific scope that fits: product before category (the nearer first) before any, and
    at the same level the customer's own before everybody's.

    :param categories: of the product, nearest first
    """

    def rank(scope: Scope):
        if scope.product is not None:
            near = 0
        elif scope.category is not None:
            near = 1 + categories.index(scope.category)
        else:
            near = 1 + len(categories)
        return (near, scope.customer is None, scope.sequence, scope.key)

    fitting = [
        scope
        for scope in scopes
        if scope.product in (None, product)
        and (scope.category is None or scope.category in categories)
        and scope.customer in (None, customer)
    ]
    return min(fitting, key=rank).key if fitting else None
