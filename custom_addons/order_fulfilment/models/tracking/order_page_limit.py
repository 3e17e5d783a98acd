import hashlib

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import mute_logger

TRIES = 5
COUNT_SQL = """
    INSERT INTO order_page_limit AS known (key, count, expires_at)
         VALUES (%(key)s, 1, now() at time zone 'UTC' + %(seconds)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE
            SET count = CASE WHEN known.expires_at < now() at time zone 'UTC' THEN 1 ELSE known.count + 1 END,
                expires_at = CASE
                    WHEN known.expires_at < now() at time zone 'UTC' THEN excluded.expires_at
                    ELSE known.expires_at
                END
      RETURNING count
"""


class OrderPageLimit(models.Model):
    """How often an address, or anyone for one order, has tried the public page lately. In the database, so
    that all workers and hosts count together; only a digest of who is kept.
    """

    _name = "order.page.limit"
    _description = "Tries on the Public Order Page"
    _log_access = False

    key = fields.Char(required=True)
    count = fields.Integer(required=True)
    expires_at = fields.Datetime(required=True, index=True)

    _key_unique = models.UniqueIndex("(key)")

    @api.model
    def _allow(self, kind, who, limit, seconds):
        """Count one try in a transaction of its own and say whether it is within the limit.

        Counted before the answer is known and kept whatever becomes of the request; when too many come at
        once to be counted, they are refused.
        """
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        key = hashlib.sha256(f"{secret}:{kind}:{who}".encode()).hexdigest()
        for _try in range(TRIES):
            try:
                with mute_logger("odoo.sql_db"), self.env.registry.cursor() as cr:
                    cr.execute(COUNT_SQL, {"key": key, "seconds": seconds})
                    count = cr.fetchone()[0]
                return count <= limit
            except SerializationFailure:
                continue
        return False

    @api.autovacuum
    def _gc_expired(self):
        self.search([("expires_at", "<", fields.Datetime.now())], limit=10_000).unlink()
