from odoo.tools import SQL

OUR_TRIGGERS = """
    SELECT DISTINCT p.proname
      FROM pg_trigger t
      JOIN pg_proc p ON p.oid = t.tgfoid AND p.pronamespace = 'public'::regnamespace
      JOIN pg_class c ON c.oid = t.tgrelid
      JOIN ir_model m ON replace(m.model, '.', '_') = c.relname
      JOIN ir_model_data d ON d.model = 'ir.model' AND d.res_id = m.id AND d.module = 'order_fulfilment'
     WHERE NOT t.tgisinternal
"""


def uninstall_hook(env):
    """Remove the functions behind our tables' triggers: Odoo drops the tables, and leaves the functions.

    They also guard histories against deletion, which removing the add-on is not meant to be stopped by.
    """
    for (name,) in env.execute_query(SQL(OUR_TRIGGERS)):
        env.cr.execute(SQL("DROP FUNCTION %s CASCADE", SQL.identifier(name)))
