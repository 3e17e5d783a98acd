"""Parts of a model that no rule connects."""

from .model import OptionModel, scope_of


def split(model: OptionModel) -> list[OptionModel]:
    """Return the connected parts of a fitted ``model``, in the order of their first class.

    A rule that speaks of no value at all (everything it named fell away) goes to the first part: it holds
    always or never, and must be asked.
    """
    owner = {value: cls.key for cls in model.classes for value in cls.values}
    scopes = [scope_of(rule, owner) for rule in model.rules]
    root = {cls.key: cls.key for cls in model.classes}
    for scope in scopes:
        for key in scope[1:]:
            root[_find(root, key)] = _find(root, scope[0])
    parts: dict = {}
    for cls in model.classes:
        parts.setdefault(_find(root, cls.key), ([], []))[0].append(cls)
    for rule, scope in zip(model.rules, scopes, strict=True):
        key = _find(root, scope[0]) if scope else next(iter(parts), None)
        if key is not None:
            parts[key][1].append(rule)
    return [OptionModel(tuple(classes), tuple(rules)) for classes, rules in parts.values()]


def _find(root, key):
    while root[key] != key:
        root[key] = root[root[key]]
        key = root[key]
    return key
