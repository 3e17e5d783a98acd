"""The vocabulary of option rules: plain data that the reasoner takes and gives.

An *option class* offers *values* of which a configuration holds exactly one (or, for a ``multi`` class, any
number). Values are named by any hashable key that is unique over all classes. A *selection* is a collection
of value keys: the choices made so far.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

KINDS = ("requires", "excludes", "together", "at_least", "at_most", "exactly", "table")


class OptionModelError(ValueError):
    """A model or a selection that makes no sense; ``code`` is stable, ``subject`` the key at fault."""

    def __init__(self, code: str, message: str, subject: Hashable = None):
        super().__init__(message)
        self.code = code
        self.subject = subject


@dataclass(frozen=True)
class OptionClass:
    """A group of choices. ``values`` are in the order in which they are offered."""

    key: Hashable
    values: tuple
    multi: bool = False


@dataclass(frozen=True)
class Term:
    """ "Any of ``values``", or with ``negated`` "none of them"."""

    values: tuple
    negated: bool = False


@dataclass(frozen=True)
class Rule:
    """One sentence about options; ``condition`` terms must all hold for it to speak.

    requires: every term holds. excludes: no term holds (without a condition: at most one of them).
    together: all terms hold or none. at_least, at_most, exactly: that many (``count``) of the terms hold.
    table: over the classes in ``columns`` one of ``rows`` holds; a row has one cell for each column, a
    collection of allowed values or None for any.
    """

    key: Hashable
    kind: str
    terms: tuple[Term, ...] = ()
    condition: tuple[Term, ...] = ()
    count: int = 0
    columns: tuple = ()
    rows: Sequence = ()


@dataclass(frozen=True)
class OptionModel:
    """Everything a reasoner needs: classes in the order in which they are asked, and rules."""

    classes: tuple[OptionClass, ...]
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why something cannot be: none of these choices and rules can be left out."""

    choices: tuple
    rules: tuple


@dataclass(frozen=True)
class Change:
    """One class's choice before and after; None where there was none or where it falls away."""

    class_key: Hashable
    before: Hashable
    after: Hashable


@dataclass(frozen=True)
class Repair:
    """The smallest change of a selection that admits the wanted values.

    ``selection`` holds the choices after it; ``price_difference`` is in the unit of the prices given.
    ``proved`` is False where time ran out before no smaller change could be ruled out.
    """

    selection: tuple
    changes: tuple[Change, ...]
    price_difference: int
    proved: bool = True


@dataclass(frozen=True)
class Completion:
    """A whole configuration that holds the selection. ``proved`` as in :class:`Repair`."""

    values: tuple
    price: int
    proved: bool = True


@dataclass(frozen=True)
class ModelReport:
    """What the model check found: see :mod:`.analysis` for the definitions."""

    always: tuple = ()
    never: tuple = ()
    false_optional: tuple = ()
    conflict: tuple = ()
    satisfiable: bool = True


@dataclass(frozen=True)
class State:
    """What may still be chosen.

    ``possible``: values that can be added, or in a class that has its choice already, that can replace it
    with all other choices kept. ``consistent``: the choices themselves can be completed.
    """

    possible: frozenset
    consistent: bool = True
    chosen: frozenset = field(default_factory=frozenset)


def scope_of(rule, owner) -> list:
    """Return the keys of the classes that ``rule`` speaks of; ``owner``: value → key."""
    if rule.kind == "table":
        return list(rule.columns)
    return list(dict.fromkeys(owner[v] for term in (*rule.condition, *rule.terms) for v in term.values))
