"""Whether a function returns a value on every path: XML-RPC cannot carry ``None``."""

import ast
import inspect
import textwrap


def may_return_none(function) -> bool:
    """True if the function can end without ``return <value>`` or an exception."""
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    bare = any(_is_bare(node) for node in _own_nodes(definition))
    return bare or not _always_leaves(definition.body)


def _own_nodes(definition):
    """Nodes of the function itself, not of functions inside it."""
    waiting = list(definition.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _is_bare(node) -> bool:
    if not isinstance(node, ast.Return):
        return False
    return node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)


def _always_leaves(block: list[ast.stmt]) -> bool:
    return any(_leaves(statement) for statement in block)


def _leaves(statement: ast.stmt) -> bool:
    match statement:
        case ast.Return() | ast.Raise():
            return True
        case ast.If():
            return _always_leaves(statement.body) and _always_leaves(statement.orelse)
        case ast.With():
            return _always_leaves(statement.body)
        case ast.Try():
            handled = all(_always_leaves(handler.body) for handler in statement.handlers)
            body = _always_leaves(statement.body + statement.orelse)
            return _always_leaves(statement.finalbody) or (body and handled)
        case ast.While(test=ast.Constant(value=True)):
            return not any(isinstance(node, ast.Break) for node in ast.walk(statement))
        case ast.Match():
            wildcard = any(_matches_all(case) for case in statement.cases)
            return wildcard and all(_always_leaves(case.body) for case in statement.cases)
    return False


def _matches_all(case: ast.match_case) -> bool:
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
