from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.entry.order_payload import digest
from ...tools.ticket_intake import MAX_KEY


class AfterSalesSubmission(models.Model):
    """One key, one ticket or reply; the keys of one user are their own."""

    _name = "after.sales.submission"
    _inherit = "keyed.submission"
    _description = "Submission to Support"

    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    ticket_id = fields.Many2one(
        "after.sales.ticket", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _key_unique = models.UniqueIndex("(company_id, user_id, key)", "This key was used already.")

    @api.model
    def _claim(self, key, content):
        """(row, is_new) for a key of this user, see ``_claim_key``; a key that is none is refused."""
        key = key.strip() if isinstance(key, str) else ""
        if not 0 < len(key) <= MAX_KEY or not key.isprintable():
            raise UserError(self.env._("[OF-TKT-400] The idempotency key is a text of 1 to 200 characters."))
        return self._claim_key(key, digest(content))

    def _get_scope(self, key):
        return {**super()._get_scope(key), "user_id": self.env.uid}

    def _other_content_text(self):
        return self.env._(
            "[OF-TKT-409] Key “%(key)s” was used for something else (%(ticket)s). Use a new key for "
            "new content.",
            key=self.key,
            ticket=self.ticket_id.name or "-",
        )
