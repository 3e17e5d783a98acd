"""Installing, upgrading, removing and installing again leave Odoo as it was, and keep what people entered."""

import contextlib

import pytest
from nets import inside, install_state, ours, snapshot
from nets.install_state import differences
from nets.records import CannotMakeError, Maker
from served import database

ALONE = ("order_fulfilment",)
UNINSTALL = """
modules = env['ir.module.module'].search([('name', 'in', {addons!r}), ('state', '=', 'installed')])
modules.button_immediate_uninstall()
env.cr.commit()
"""


def _state(name: str) -> dict:
    with contextlib.closing(database.connect(name)) as link, link.cursor() as cursor:

        def query(text, *parameters):
            cursor.execute(text, parameters or None)
            return cursor.fetchall()

        return install_state.take(query)


@pytest.fixture(params=[ALONE, database.ADDONS], ids=["alone", "together"])
def bare(request):
    """A database with Odoo's own modules, and the add-ons to try on it."""
    name = database.copy(database.prepared(()), f"{database.PREFIX}_install")
    # Reading the list of modules again makes records for modules that were not known; no difference of ours.
    database.run_shell(name, "env['ir.module.module'].update_list(); env.cr.commit()\n")
    yield name, request.param
    database.drop(name)


def test_removal_leaves_odoo_as_it_was(bare):
    name, addons = bare
    before = _state(name)
    database.run_odoo(name, "-i", ",".join(addons))
    installed = _state(name)
    assert differences(before, installed), "nothing was installed"
    database.run_shell(name, UNINSTALL.format(addons=addons))
    left = install_state.as_text(differences(before, _state(name)))
    assert not left, left
    database.run_odoo(name, "-i", ",".join(addons))
    left = install_state.as_text(differences(_names(installed), _names(_state(name))))
    assert not left, left


def test_an_upgrade_keeps_data_and_structure():
    name = database.copy(database.prepared(), f"{database.PREFIX}_upgrade")
    try:
        _fill(name)
        before, rows = _state(name), _rows(name)
        database.run_odoo(name, "-u", ",".join(database.ADDONS))
        assert differences(before, _state(name)) == {}
        assert _rows(name) == rows
    finally:
        database.drop(name)


def _fill(name: str) -> None:
    """One record of every model of ours."""
    with inside.environment(inside.boot(name), commit=True) as env:
        maker = Maker(env, env.company, "nets upgrade")
        for model in ours.models(env, transient=False):
            with contextlib.suppress(CannotMakeError):
                maker.make(model)


def _rows(name: str) -> dict[str, str]:
    """A hash of the content of each business table, without who wrote it last and when."""
    with contextlib.closing(database.connect(name)) as link, link.cursor() as cursor:

        def query(text, *parameters):
            cursor.execute(text, parameters or None)
            return cursor.fetchall()

        loose = "- 'write_date' - 'write_uid'"
        return {
            table: query(
                f"SELECT md5(string_agg((to_jsonb(t) {loose})::text, '|' ORDER BY id)) FROM {table} t"
            )
            for table in snapshot.tables(query)
            if query(
                "SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = 'id'", table
            )
        }


def _names(state: dict) -> dict[str, set]:
    """What was installed, without ids that count on."""
    return {title: state[title] for title in install_state.WITHOUT_IDS}
