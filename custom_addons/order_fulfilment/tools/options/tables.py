"""Tables of allowed combinations as decision diagrams.

A car line's tables have up to ten columns and tens of thousands of rows, but few different *continuations*:
merging equal ones gives a diagram whose clauses are a fraction of one clause set per row, and unit
propagation on it still removes nearly every value without a supporting row (each node and value has clauses
that force it off once its last support is gone).
"""

from collections.abc import Callable, Sequence
from itertools import combinations

LEAF = 0
EXCLUSIVE_NODES = 8  # layers of so few nodes say outright that only one is on: fewer decisions


def sorted_columns(columns: Sequence, rows: Sequence[tuple], domains: dict) -> tuple[list, list, list]:
    """Return (columns, rows, domains) with the columns of fewest values first: the smallest diagrams."""
    different = [set(cells) - {None} for cells in zip(*rows, strict=True)]
    used = [len({value for cell in cells for value in cell}) for cells in different]
    order = sorted(range(len(columns)), key=used.__getitem__)
    picked = list(zip(*([row[index] for row in rows] for index in order), strict=True))
    columns = [columns[index] for index in order]
    return columns, picked, [domains[column] for column in columns]


def build_diagram(rows: Sequence[tuple], domains: Sequence[tuple]) -> tuple[int, list]:
    """Merge ``rows`` (cells: collections of values or None) into ``(root, layers)``.

    A layer is a list of nodes, a node a dict of child number → values that lead there; children are numbers
    of nodes in the next layer (the last layer's child is ``LEAF``). Nodes are numbered in their layer.
    """
    cells = set().union(*(set(column) for column in zip(*rows, strict=True)))
    if all(cell is not None and len(cell) == 1 for cell in cells):
        return _build_from_single_values(rows)
    layers: list = [[] for _domain in domains]
    numbers: list[dict] = [{} for _domain in domains]
    memo: list[dict] = [{} for _domain in domains]
    root = _node(frozenset(_normalised(rows, domains)), 0, domains, (layers, numbers, memo))
    return root, layers


def _build_from_single_values(rows) -> tuple[int, list]:
    """Build from the last column to the first: rows that go on alike from a column on share its node."""
    current = dict.fromkeys(rows, LEAF)
    layers = []
    for _column in rows[0]:
        heads: dict = {}
        for head, child in current.items():
            heads.setdefault(head[:-1], []).append((head[-1], child))
        numbers: dict = {}
        current = {head: numbers.setdefault(frozenset(out), len(numbers)) for head, out in heads.items()}
        layers.append([_by_child(out) for out in numbers])
    return current[()], layers[::-1]


def _by_child(out) -> dict:
    children: dict = {}
    for (value,), child in out:
        children.setdefault(child, []).append(value)
    return children


def _normalised(rows, domains):
    for row in rows:
        yield tuple(frozenset(domains[i]) if cell is None else frozenset(cell) for i, cell in enumerate(row))


def _node(tails: frozenset, depth: int, domains, store) -> int | None:
    """Return the number of the node at ``depth`` that accepts exactly ``tails``; None if there is none."""
    if depth == len(domains):
        return LEAF if tails else None
    layers, numbers, memo = store
    if tails in memo[depth]:
        return memo[depth][tails]
    children: dict = {}
    for value, rest in _split(tails).items():
        child = _node(frozenset(rest), depth + 1, domains, store)
        if child is not None:
            children.setdefault(child, []).append(value)
    signature = frozenset((child, frozenset(values)) for child, values in children.items())
    number = None
    if children:
        number = numbers[depth].setdefault(signature, len(layers[depth]))
        if number == len(layers[depth]):
            layers[depth].append(children)
    memo[depth][tails] = number
    return number


def _split(tails) -> dict:
    """Return value of the first column → set of the rests of the rows that allow it."""
    split: dict = {}
    for tail in tails:
        rest = tail[1:]
        for value in tail[0]:
            split.setdefault(value, set()).add(rest)
    return split


def encode_pairs(rows: Sequence[tuple], domains: Sequence[tuple], literal: Callable) -> list[list[int]]:
    """Return clauses of a table with two columns: each value needs a partner. No helper variables."""
    partners: dict = {value: set() for domain in domains for value in domain}
    for first, second in _normalised(rows, domains):
        for value in first:
            partners[value] |= second
        for value in second:
            partners[value] |= first
    return [[-literal(value), *map(literal, others)] for value, others in partners.items()]


def encode_diagram(root, layers, domains, literal: Callable, new_var: Callable) -> list[list[int]]:
    """Return clauses saying that the values' literals follow a path from ``root`` to the leaf.

    Only nodes get helper variables, and the root none: what a solver must settle for each configuration is
    what a click costs. ``root`` is the only node of the first layer.
    """
    nodes = [[0 if depth == 0 else new_var() for _node in layer] for depth, layer in enumerate(layers)]
    clauses: list = []
    for depth, layer in enumerate(layers):
        below = nodes[depth + 1] if depth + 1 < len(layers) else None
        clauses += _encode_layer(layer, nodes[depth], below, literal)
        clauses += _encode_supports(layer, nodes[depth], below, domains[depth], literal)
        if depth and len(layer) <= EXCLUSIVE_NODES:
            clauses += [[-a, -b] for a, b in combinations(nodes[depth], 2)]
    return clauses


def _encode_layer(layer, nodes, below, literal):
    """A node has a value and a child, and each value its child."""
    clauses = []
    for node, children in zip(nodes, layer, strict=True):
        unless = [-node] if node else []
        clauses.append([*unless, *(literal(v) for values in children.values() for v in values)])
        if below:
            clauses.append([*unless, *(below[child] for child in children)])
            clauses += [
                [*unless, -literal(v), below[child]] for child, values in children.items() for v in values
            ]
    return clauses


def _encode_supports(layer, nodes, below, domain, literal):
    """A value needs a node that offers it and a child that it leads to, a child a parent."""
    above: dict = {value: [] for value in domain}
    beneath: dict = {value: set() for value in domain}
    parents: dict = {}
    for node, children in zip(nodes, layer, strict=True):
        for child, values in children.items():
            parents.setdefault(child, []).append(node)
            for value in values:
                above[value].append(node)
                beneath[value].add(child)
    clauses = [[-literal(v), *filter(None, above[v])] for v in domain if 0 not in above[v]]
    if below:
        clauses += [[-literal(v), *(below[child] for child in beneath[v])] for v in domain]
        clauses += [[-below[child], *each] for child, each in parents.items() if 0 not in each]
    return clauses
