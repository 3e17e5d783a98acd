"""Configurations that differ from a known one in one or two classes: possible values without a solver.

A solver gives one configuration per question, and a class with a hundred values needs a hundred of them. But
most values stand in a configuration next to one that is known: a change of one class, or of one more to make
good for it, keeps every rule. That is looked up in the tables, in microseconds, and is as exact: every rule
that a change touches is checked on the whole configuration.
"""

from .model import OptionModel

COUNTED = {
    "at_least": lambda held, count: held >= count,
    "at_most": lambda held, count: held <= count,
    "exactly": lambda held, count: held == count,
}


class Neighbours:
    """Looks around configurations of one connected part; masks and variables are the engine's."""

    def __init__(self, model: OptionModel, var: dict, diagrams: dict):
        """``diagrams``: index of a table rule → (columns in the diagram's order, root, layers)."""
        self._masks = [sum(1 << var[v] - 1 for v in c.values) for c in model.classes if not c.multi]
        slots = {c.key: i for i, c in enumerate(c for c in model.classes if not c.multi)}
        self._slot_of = {var[v]: slots[c.key] for c in model.classes if not c.multi for v in c.values}
        self._tables: list[list] = [[] for _mask in self._masks]
        self._sentences: dict[int, list] = {}
        for index, rule in enumerate(model.rules):
            if rule.kind == "table":
                self._add_table(index, diagrams, slots, var)
            else:
                self._add_sentence(_Sentence(rule, var))

    def _add_table(self, index, diagrams, slots, var):
        if index in diagrams:
            columns, root, layers = diagrams[index]
            table = _Table([slots[column] for column in columns], root, layers, var)
            for depth, slot in enumerate(table.slots):
                self._tables[slot].append((table, depth))

    def _add_sentence(self, sentence):
        for number in sentence.numbers:
            key = self._slot_of.get(number, -number)
            listed = self._sentences.setdefault(key, [])
            if sentence not in listed:
                listed.append(sentence)

    def around(self, witness: int, chosen: int, unknown: int) -> int:
        """Return the bits of ``unknown`` that a change of one class of ``witness`` shows, two if need be.

        ``witness`` is a configuration that holds ``chosen``; classes with a choice do not change.
        """
        at = self._at(witness)
        shown, rest = 0, 0
        for slot, mask in enumerate(self._masks):
            asked = mask & unknown
            if asked and not mask & chosen:
                found = self._allowed(slot, at, witness, asked)
                shown |= found
                rest |= asked & ~found
        shown |= sum(bit for bit in _bits(unknown & ~sum(self._masks)) if self._can_add(witness | bit, bit))
        while rest:
            bit = rest & -rest
            found = self._change_two(at, witness, chosen, bit)
            shown |= found & unknown
            rest &= ~(found | bit)
        return shown

    def admit(self, witness: int, chosen: int, bit: int) -> int:
        """Return a configuration next to ``witness`` that holds ``bit`` and ``chosen``; 0 if none is near.

        ``witness`` holds ``chosen`` but for the class of ``bit``.
        """
        slot = self._slot_of.get(bit.bit_length())
        if slot is None:
            return witness | bit if self._can_add(witness | bit, bit) else 0
        if chosen & self._masks[slot] & ~bit:
            return 0  # two values of one class
        at = self._at(witness)
        if self._allowed(slot, at, witness, bit):
            return witness & ~self._masks[slot] | bit
        return self._change_two(at, witness, chosen & ~self._masks[slot] | bit, bit)

    def _at(self, witness):
        return [(witness & mask).bit_length() for mask in self._masks]

    def _can_add(self, changed, bit):
        return all(sentence.holds(changed) for sentence in self._sentences.get(-bit.bit_length(), ()))

    def _allowed(self, slot, at, witness, asked) -> int:
        """Return the bits of ``asked`` (values of one class) that fit the rest of ``witness``."""
        for table, depth in self._tables[slot]:
            asked = table.allowed(depth, at, asked)
            if not asked:
                return 0
        sentences = self._sentences.get(slot)
        if not sentences:
            return asked
        bare = witness & ~self._masks[slot]
        return sum(bit for bit in _bits(asked) if all(each.holds(bare | bit) for each in sentences))

    def _change_two(self, at, witness, chosen, bit) -> int:
        """Return the witness with ``bit`` and one more class changed; 0 if no such change is allowed."""
        number = bit.bit_length()
        slot = self._slot_of[number]
        changed = witness & ~self._masks[slot] | bit
        before, at[slot] = at[slot], number
        found = 0
        for other in self._makes_good(slot, at, changed):
            mask = self._masks[other]
            if other != slot and not mask & chosen:
                fitting = self._allowed(other, at, changed, mask)
                if fitting:
                    found = changed & ~mask | fitting & -fitting
                    break
        at[slot] = before
        return found

    def _makes_good(self, slot, at, changed) -> list:
        """Return the classes that stand in every rule broken by a change of ``slot``."""
        scopes = [table.slots for table, _depth in self._tables[slot] if not table.holds(at)]
        scopes += [
            {self._slot_of.get(number, slot) for number in sentence.numbers}
            for sentence in self._sentences.get(slot, ())
            if not sentence.holds(changed)
        ]
        first, *others = scopes or [()]
        return [each for each in first if all(each in scope for scope in others)]


class _Table:
    """A table's diagram by variable numbers: ``steps[depth][node]`` maps a number to the next node."""

    def __init__(self, slots, root, layers, var):
        self.slots = slots
        self._root = root
        self._steps = [
            [{var[v]: child for child, values in node.items() for v in values} for node in layer]
            for layer in layers
        ]

    def holds(self, at) -> bool:
        node = self._root
        for slot, step in zip(self.slots, self._steps, strict=True):
            node = step[node].get(at[slot])
            if node is None:
                return False
        return True

    def allowed(self, depth, at, asked) -> int:
        """Return the bits of ``asked`` that can stand in column ``depth`` beside the others of ``at``."""
        node = self._root
        for slot, step in zip(self.slots[:depth], self._steps, strict=False):
            node = step[node].get(at[slot])
            if node is None:
                return 0
        found, known = 0, {}
        step = self._steps[depth][node]
        for number in list(step):
            if asked >> number - 1 & 1:
                child = step[number]
                if child not in known:
                    known[child] = self._accepts(child, depth + 1, at)
                if known[child]:
                    found |= 1 << number - 1
        return found

    def _accepts(self, node, depth, at):
        for index in range(depth, len(self.slots)):
            node = self._steps[index][node].get(at[self.slots[index]])
            if node is None:
                return False
        return True


class _Sentence:
    """Any rule but a table, on the mask of a whole configuration."""

    def __init__(self, rule, var):
        self._kind, self._count = rule.kind, rule.count
        self._condition = [_as_term(term, var) for term in rule.condition]
        self._terms = [_as_term(term, var) for term in rule.terms]
        self.numbers = {var[v] for term in (*rule.condition, *rule.terms) for v in term.values}
        self._is_exclusive = not rule.condition and len(rule.terms) > 1

    def holds(self, mask) -> bool:
        if not all(bool(mask & term) != negated for term, negated in self._condition):
            return True
        held = sum(bool(mask & term) != negated for term, negated in self._terms)
        if self._kind == "requires":
            return held == len(self._terms)
        if self._kind == "excludes":
            return held <= (1 if self._is_exclusive else 0)
        if self._kind == "together":
            return held in (0, len(self._terms))
        return COUNTED[self._kind](held, self._count)


def _as_term(term, var):
    return sum(1 << var[value] - 1 for value in set(term.values)), term.negated


def _bits(mask):
    while mask:
        low = mask & -mask
        yield low
        mask ^= low
