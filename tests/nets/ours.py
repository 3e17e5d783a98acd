"""What is ours in a registry: models, public methods, routes. Read from Odoo, never listed by hand."""

import inspect
from dataclasses import dataclass
from typing import Any

from served.database import ADDONS

BEGINNINGS = tuple(f"odoo.addons.{addon}." for addon in ADDONS)


def is_ours(thing: Any) -> bool:
    """Whether a class or function is written in one of our add-ons (their tests do not count)."""
    module = f"{getattr(thing, '__module__', '')}."
    return module.startswith(BEGINNINGS) and ".tests." not in module


def models(env, transient: bool = True) -> list[str]:
    """Names of the models that our add-ons define (not those they extend), without abstract ones."""
    names = (name for name, cls in env.registry.items() if cls._original_module in ADDONS)
    return sorted(
        name
        for name in names
        if not env.registry[name]._abstract and (transient or not env.registry[name]._transient)
    )


@dataclass(frozen=True)
class Method:
    """A method that RPC clients can call. ``is_new`` is False for an override of one of Odoo's."""

    model: str
    name: str
    is_new: bool
    takes_ids: bool
    required: tuple[str, ...]
    function: Any

    @property
    def heading(self) -> str:
        return f"{self.model}.{self.name}"


def public_methods(env) -> list[Method]:
    """Every method of ours on any model that Odoo would let a client call, once per model that has it."""
    return [
        _method(cls, name)
        for _model, cls in sorted(env.registry.items())
        for name in sorted(_names_written_by_us(cls))
        if _is_callable_from_outside(cls, name) and not _inherited_only(env, cls, name)
    ]


def _names_written_by_us(cls) -> set[str]:
    ours = (base for base in cls.__mro__ if is_ours(base))
    return {name for base in ours for name, value in vars(base).items() if inspect.isfunction(value)}


def _is_callable_from_outside(cls, name: str) -> bool:
    """As ``odoo.service.model.get_public_method`` decides."""
    if name.startswith("_"):
        return False
    return not any(getattr(vars(base).get(name), "_api_private", False) for base in cls.__mro__)


def _inherited_only(env, cls, name: str) -> bool:
    """A method of our abstract model counts there, not again on every model that inherits it."""
    owners = {base._name for base in cls.__mro__ if is_ours(base) and name in vars(base)}
    return cls._name not in owners and all(env.registry[owner]._abstract for owner in owners if owner)


def _method(cls, name: str) -> Method:
    function = getattr(cls, name)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    required = tuple(
        p.name for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    )
    is_new = not any(name in vars(base) and _is_odoos(base) for base in cls.__mro__)
    return Method(cls._name, name, is_new, not getattr(function, "_api_model", False), required, function)


def _is_odoos(base) -> bool:
    module = base.__module__
    return module.startswith(("odoo.models", "odoo.orm")) or (
        module.startswith("odoo.addons.") and not is_ours(base)
    )


@dataclass(frozen=True)
class Route:
    """One URL of ours with its routing options; ``arguments`` are the names in the URL."""

    url: str
    kind: str  # "http", "jsonrpc"
    auth: str
    methods: tuple[str, ...]
    arguments: tuple[str, ...]
    parameters: tuple[str, ...]


def routes(env) -> list[Route]:
    """Every route whose function, or an override of it, is written in our add-ons."""
    import werkzeug.routing

    from odoo import http

    modules = env.registry._init_modules
    found = []
    for url, endpoint in http._generate_routing_rules(modules, nodb_only=False):
        if not _written_by_us(endpoint):
            continue
        rule = werkzeug.routing.Rule(url, endpoint=endpoint)
        werkzeug.routing.Map([rule], converters=env["ir.http"]._get_converters())
        options = endpoint.routing
        parameters = inspect.signature(endpoint.func).parameters
        found.append(
            Route(
                url=url,
                kind=options.get("type", "http"),
                auth=options["auth"],
                methods=tuple(options.get("methods") or ()),
                arguments=tuple(sorted(rule.arguments)),
                parameters=tuple(p for p in parameters if p not in ("self", "kw", "kwargs", "post")),
            )
        )
    return sorted(found, key=lambda route: route.url)


def _written_by_us(endpoint) -> bool:
    function = endpoint.func
    owner = getattr(function, "__self__", None)
    name = getattr(function, "__name__", "")
    classes = type(owner).__mro__ if owner is not None else ()
    return is_ours(function) or any(is_ours(base) and name in vars(base) for base in classes)
