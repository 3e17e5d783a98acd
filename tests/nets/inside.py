"""Odoo inside this process, beside the server and on the same database: for looking at its registry."""

import contextlib
import sys

from served import database


def boot(name: str):
    """Load the registry of database ``name``; nothing is served and no job runs."""
    sys.path.insert(0, str(database.odoo_source()))
    from odoo.tools import config

    if not config["addons_path"] or name not in config["db_name"]:
        config.parse_config(database.odoo_command("-d", name, "--no-http")[2:], setup_logging=False)
    from odoo.modules.registry import Registry

    return Registry(name)


@contextlib.contextmanager
def environment(registry, commit: bool = False):
    """Superuser environment in a transaction of its own; rolled back unless ``commit``."""
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cursor:
        quiet = {"tracking_disable": True, "no_reset_password": True, "mail_create_nosubscribe": True}
        env = api.Environment(cursor, SUPERUSER_ID, quiet)
        try:
            yield env
            if commit:
                env.flush_all()
                cursor.commit()
        finally:
            cursor.rollback()
            registry.signal_changes() if commit else registry.reset_changes()
