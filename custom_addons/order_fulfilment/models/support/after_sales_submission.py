from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ...tools.entry.order_payload import digest
from ...tools.ticket_intake import MAX_KEY


class AfterSalesSubmission(models.Model):
    """One key, one ticket or reply: what a program sent under a key, and what it was answered."""

    _name = "after.sales.submission"
    _description = "Submission to Support"
    _order = "id desc"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    digest = fields.Char(required=True, readonly=True)
    ticket_id = fields.Many2one(
        "after.sales.ticket", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    answer = fields.Json(readonly=True)

    _key_unique = models.UniqueIndex("(company_id, user_id, key)", "This key was used already.")

    @api.model
    def _claim(self, key, content):
        """(row, is_new) for a key of this user; other content under the same key is refused.

        A second call with the same key waits for the first; then PostgreSQL reports a serialization failure,
        Odoo runs the call again, and it finds the first answer.
        """
        key = key.strip() if isinstance(key, str) else ""
        if not 0 < len(key) <= MAX_KEY or "\0" in key:
            raise UserError(self.env._("[OF-TKT-400] The idempotency key is a text of 1 to 200 characters."))
        content = digest(content)
        row = self.search(
            [("key", "=", key), ("user_id", "=", self.env.uid), ("company_id", "=", self.env.company.id)]
        )
        if not row:
            row = self.browse(self._insert(key, content))
            if not row:
                raise ConcurrencyError(key)
            return row, True
        if row.digest != content:
            raise UserError(
                self.env._(
                    "[OF-TKT-409] Key “%(key)s” was used for something else (%(ticket)s). Use a new key for "
                    "new content.",
                    key=key,
                    ticket=row.ticket_id.name or "-",
                )
            )
        return row, False

    def _insert(self, key, content):
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO after_sales_submission
                          (key, user_id, company_id, digest, create_uid, create_date)
                   VALUES (%s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC')
                       ON CONFLICT (company_id, user_id, key) DO NOTHING RETURNING id""",
                key,
                self.env.uid,
                self.env.company.id,
                content,
                self.env.uid,
            )
        )
        return [row[0] for row in rows]
