"""A fingerprint of the business tables: two that are equal mean that nothing was written in between."""

from .ours import ADDONS

CORE_TABLES = (
    "account_move",
    "account_move_line",
    "mail_message",
    "product_product",
    "product_template",
    "repair_order",
    "res_partner",
    "sale_order",
    "sale_order_line",
    "stock_move",
    "stock_move_line",
    "stock_package",
    "stock_picking",
    "stock_picking_batch",
    "stock_quant",
)


def tables(psql) -> list[str]:
    """Our tables (of models and of their many2many fields) and Odoo's business tables."""
    rows = psql(
        """SELECT DISTINCT replace(d.name, 'model_', '') FROM ir_model_data d
            WHERE d.module IN %s AND d.model = 'ir.model'
            UNION SELECT r.name FROM ir_model_relation r JOIN ir_module_module m ON m.id = r.module
            WHERE m.name IN %s""",
        ADDONS,
        ADDONS,
    )
    wanted = {row[0] for row in rows} | set(CORE_TABLES)
    real = psql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return sorted(wanted & {row[0] for row in real})


class Snapshot:
    """Takes fingerprints over one SQL connection; ``psql`` runs a query and returns rows."""

    def __init__(self, psql):
        self.psql = psql
        parts = [
            f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t.xmin::text || t.ctid::text, 0)), 0)"
            f' FROM "{table}" t'
            for table in tables(psql)
        ]
        self.query = " UNION ALL ".join(parts)

    def take(self) -> dict[str, tuple]:
        """Rows and a hash of all row versions, per table: any insert, update or delete changes it."""
        return {table: (count, versions) for table, count, versions in self.psql(self.query)}


def changed(before: dict, after: dict) -> list[str]:
    """Tables that were written to between two fingerprints."""
    return [table for table in before if before[table] != after.get(table)]
