"""Every public method of ours: documented, answering something, and closed to strangers."""

import xmlrpc.client

import pytest
from nets import api_docs, inside, ours
from nets.example_calls import OPEN_TO_PORTAL, PROTOCOLS, STRANGER, Caller, is_denial
from nets.records import CannotMakeError, Maker
from nets.returns import may_return_none
from nets.snapshot import Snapshot, changed


SECTIONS = api_docs.sections()
# Guarded by the access table, and by Odoo on every model.
CRUD = {"create", "read", "write", "unlink", "copy", "copy_data", "default_get", "search_read", "web_read"}


@pytest.fixture(scope="module")
def methods(registry):
    with inside.environment(registry) as env:
        return ours.public_methods(env)


def test_every_public_method_is_documented(methods):
    known = {section.method for section in SECTIONS}
    missing = [f"## {method.heading}" for method in methods if method.is_new and method.heading not in known]
    assert not missing, "add to docs/api/<capability>.md (or begin the name with _):\n" + "\n".join(missing)


def test_no_section_is_about_a_method_that_is_gone(methods):
    known = {method.heading for method in methods}
    assert [f"{s.file}: {s.method}" for s in SECTIONS if s.method not in known] == []


def test_every_section_is_complete():
    incomplete = {section.method: section.missing_parts for section in SECTIONS if section.missing_parts}
    assert not incomplete, "\n".join(f"{method}: {parts}" for method, parts in incomplete.items())


def test_every_argument_is_explained(methods):
    text = {section.method: section.text for section in SECTIONS}
    unexplained = [
        f"{method.heading}: {name}"
        for method in methods
        for name in method.required
        if method.is_new and f"`{name}`" not in text.get(method.heading, f"`{name}`")
    ]
    assert unexplained == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.method)
def test_example_runs(server, methods, section, protocol):
    caller = Caller(server, protocol, {method.heading for method in methods if method.is_new})
    for example in section.examples:
        namespace = caller.names()
        exec(compile(section.setup, f"{section.file} (setup)", "exec"), namespace)
        exec(compile(example, f"{section.file}: {section.method}", "exec"), namespace)


def test_public_methods_return_a_value_on_every_path(methods):
    ending = (m for m in methods if ours.is_ours(m.function) and may_return_none(m.function))
    assert sorted({method.heading for method in ending}) == []


def test_strangers_are_denied_on_foreign_records(server, registry, methods):
    targets = [m for m in methods if m.takes_ids and not m.required and m.name not in CRUD]
    records = _committed_records(registry, {method.model for method in targets})
    server.create_user(STRANGER, "base.group_portal")
    with server.without_jobs():
        before = Snapshot(server.psql).take()
        answered = [m.heading for m in targets if m.model in records and not _is_denied(server, m, records)]
        written = changed(before, Snapshot(server.psql).take())
    assert not answered, "\n".join(answered)
    assert written == []


def _committed_records(registry, models: set[str]) -> dict[str, list[int]]:
    ids = {}
    with inside.environment(registry, commit=True) as env:
        maker = Maker(env, env.company, "nets foreign")
        for model in sorted(models):
            if env[model]._abstract:
                continue
            try:
                ids[model] = maker.make(model).ids
            except CannotMakeError as error:
                ids[model] = []
                assert not ours.is_ours(env.registry[model]), error
    return ids


def _is_denied(server, method, records) -> bool:
    if method.heading in OPEN_TO_PORTAL:
        return True
    try:
        server.rpc(method.model, method.name, [records[method.model]], login=STRANGER)
    except xmlrpc.client.Fault as fault:
        return is_denial(fault)
    return False
