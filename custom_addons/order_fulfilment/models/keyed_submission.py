from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL


class KeyedSubmission(models.AbstractModel):
    """One key, one document: what a program sent under an idempotency key, and what it was answered.

    A model that is made of this adds the document, a unique index over ``_get_scope`` and its own words.
    """

    _name = "keyed.submission"
    _description = "Submission Under a Key"
    _order = "id desc"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    digest = fields.Char(required=True, readonly=True)
    answer = fields.Json(readonly=True)

    @api.model
    def _get_scope(self, key):
        """Return {column: value} of what a key is unique in, the key included."""
        return {"company_id": self.env.company.id, "key": key}

    def _other_content_text(self):
        """Return what to say to a client who sends other content under the key of this row. Hook."""
        raise NotImplementedError

    @api.model
    def _claim_key(self, key, content):
        """Return (row, is_new) for ``key``; other content under the same key is refused.

        A second client with the same key waits here until the first is through. Its snapshot is older then,
        so PostgreSQL reports a serialization failure, Odoo runs the request again, and it finds the first
        answer.
        """
        scope = self._get_scope(key)
        row = self.search([(name, "=", value) for name, value in scope.items()])
        if not row:
            row = self.browse(self._insert_key(scope, content))
            if not row:
                raise ConcurrencyError(key)
            return row, True
        if row.digest != content:
            raise UserError(row._other_content_text())
        return row, False

    def _insert_key(self, scope, content):
        """Insert past the ORM: a row that is there already must not end the transaction."""
        values = {**scope, "digest": content, "create_uid": self.env.uid, "write_uid": self.env.uid}
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO %(table)s (%(columns)s, create_date, write_date)
                VALUES (%(values)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
                    ON CONFLICT (%(scope)s) DO NOTHING RETURNING id
                """,
                table=SQL.identifier(self._table),
                columns=SQL(", ").join(map(SQL.identifier, values)),
                values=SQL(", ").join(SQL("%s", value) for value in values.values()),
                scope=SQL(", ").join(map(SQL.identifier, scope)),
            )
        )
        return [row[0] for row in rows]
