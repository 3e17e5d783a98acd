"""Tables of allowed combinations as decision diagrams.

A car line's tables have up to ten columns and tens of thousands of rows, but few different *continuations*:
merging equal ones gives a diagram whose clauses are a fraction of one clause set per row, and unit
propagation on it still removes every value without a supporting row (each edge, node and value has a clause
that forces it off once its last support is gone).
"""

from collections.abc import Callable, Sequence

LEAF = 0


def build_diagram(rows: Sequence[tuple], domains: Sequence[tuple]) -> tuple[int, list]:
    """Merge ``rows`` (cells: collections of values or None) into ``(root, layers)``.

    A layer is a list of nodes, a node a dict of child number → values that lead there; children are numbers
    of nodes in the next layer (the last layer's child is ``LEAF``). Nodes are numbered in their layer.
    """
    layers: list = [[] for _domain in domains]
    numbers: list[dict] = [{} for _domain in domains]
    memo: list[dict] = [{} for _domain in domains]
    root = _node(frozenset(_normalised(rows, domains)), 0, domains, (layers, numbers, memo))
    return root, layers


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
    """Return clauses saying that the values' literals follow a path from ``root`` to the leaf."""
    node_vars = [[new_var() for _node in layer] for layer in layers]
    clauses = [[node_vars[0][root]]]
    incoming: dict = {}
    for depth, layer in enumerate(layers):
        supports: dict = {value: [] for value in domains[depth]}
        for number, children in enumerate(layer):
            edges = _edges(children, depth, layers, node_vars)
            clauses += _encode_node(node_vars[depth][number], edges, literal, new_var, supports, incoming)
        clauses += [[-literal(value), *edges] for value, edges in supports.items()]
    clauses += [[-node, *edges] for node, edges in incoming.items()]
    return clauses


def _edges(children, depth, layers, node_vars):
    last = depth + 1 == len(layers)
    return [(None if last else node_vars[depth + 1][child], values) for child, values in children.items()]


def _encode_node(node, edges, literal, new_var, supports, incoming):
    """Encode one node; fill ``supports`` (value → edges) and ``incoming`` (node → edges)."""
    clauses, out = [], []
    for child, values in edges:
        edge = new_var()
        out.append(edge)
        clauses += [[-edge, node], [-edge, *(literal(value) for value in values)]]
        if child is not None:
            clauses.append([-edge, child])
            incoming.setdefault(child, []).append(edge)
        for value in values:
            supports[value].append(edge)
    clauses.append([-node, *out])
    return clauses
