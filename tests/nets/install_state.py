"""What a database is made of, without the rows of business: to compare before and after."""

from collections.abc import Callable

from served.database import ADDONS

Query = Callable[..., list[tuple]]

SCHEMA = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default
          FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraints": """
        -- Two fields of Odoo can share a relation table and disagree on what deleting does; which of them
        -- wins changes with every update of their module.
        SELECT conrelid::regclass::text, conname, CASE
               WHEN conrelid::regclass::text IN (SELECT name FROM ir_model_relation)
               THEN regexp_replace(pg_get_constraintdef(oid), ' ON DELETE .*', '')
               ELSE pg_get_constraintdef(oid) END
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    """,
    "functions": """
        SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
           AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    """,
    "views": "SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = 'public'",
    "sequences": "SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public'",
}
# Records that make up the application, by what tells them apart. Those that Odoo makes for a model of ours
# must be gone with it.
CONTENT = {
    "external ids": "SELECT module, name, model FROM ir_model_data WHERE module <> '__export__'",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model, name, ttype, store FROM ir_model_fields",
    "views": "SELECT coalesce(key, ''), name, model, active, arch_db::text FROM ir_ui_view",
    "menus": "SELECT id, name::text, active, action FROM ir_ui_menu",
    "actions": "SELECT id, type, name::text FROM ir_actions",
    "rules": "SELECT name, domain_force, active FROM ir_rule",
    "access": "SELECT name, model_id, perm_read, perm_write, perm_create, perm_unlink FROM ir_model_access",
    "groups": "SELECT name::text FROM res_groups",
    "implied groups": "SELECT gid, hid FROM res_groups_implied_rel",
    "users' groups": "SELECT uid, gid FROM res_groups_users_rel",
    "crons": "SELECT cron_name, active, interval_number, interval_type FROM ir_cron",
    "sequence records": "SELECT name, code FROM ir_sequence",
    "mail templates": "SELECT name::text, model FROM mail_template",
    "parameters": "SELECT key FROM ir_config_parameter",
    "properties": "SELECT field_id, condition FROM ir_default",
    "paper formats": "SELECT name FROM report_paperformat",
    "picking types": "SELECT id, name::text, active FROM stock_picking_type",
    "routes": "SELECT id, name::text, active FROM stock_route",
    "asset bundles": "SELECT name, bundle, path FROM ir_asset",
}

WITHOUT_IDS = ("columns", "constraints", "indexes", "triggers", "external ids", "models", "fields", "groups")


def take(psql: Query) -> dict[str, set[tuple]]:
    """Everything of ``SCHEMA`` and ``CONTENT`` as sets of rows."""
    return {
        title: {tuple(map(str, row)) for row in psql(query)} for title, query in {**SCHEMA, **CONTENT}.items()
    }


def differences(before: dict[str, set], after: dict[str, set]) -> dict[str, dict[str, list]]:
    """Rows that are gone and rows that are new, by what they are; empty if nothing changed."""
    found = {}
    for title, rows in before.items():
        gone = sorted(row for row in rows - after[title] if not _also_goes_without_us(title, row))
        new = sorted(row for row in after[title] - rows if not _also_stays_without_us(title, row))
        if gone or new:
            found[title] = {"gone": gone, "new": new}
    return found


def _also_stays_without_us(title: str, row: tuple) -> bool:
    """What Odoo leaves behind of its own modules too: the entries in the list of modules, and those that its
    mail modules make about a model with messages (removing Odoo's ``event`` leaves the same)."""
    left = ("ir.model.inherit", "ir.model.fields.selection")
    return title == "external ids" and (row[1] in {f"module_{addon}" for addon in ADDONS} or row[2] in left)


def _also_goes_without_us(title: str, row: tuple) -> bool:
    """Records of fields without a column that a bank statement line inherits from an entry, when a module
    goes that has anything to do with them (removing Odoo's ``purchase`` does the same)."""
    if title == "external ids":
        return row[1].startswith("field_account_bank_statement_line__")
    return title == "fields" and row[0] == "account.bank.statement.line" and row[3] == "False"


def as_text(found: dict[str, dict[str, list]]) -> str:
    """Differences for people: one line per row."""
    lines = [
        f"{title} {change}: {' | '.join(row)[:200]}"
        for title, changes in found.items()
        for change, rows in changes.items()
        for row in rows
    ]
    return "\n".join(lines)
