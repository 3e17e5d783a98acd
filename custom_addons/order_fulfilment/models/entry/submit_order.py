from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.entry.order_payload import digest, readable_part, shape_errors
from .payload_reader import PayloadReader

MAX_KEY = 200


class PayloadRefusedError(ValidationError):
    """All mistakes of a payload in one answer: as text for people, as data in ``args[1]`` for programs."""

    def __init__(self, errors):
        super().__init__("\n".join(error.as_text() for error in errors))
        self.args = (
            self.args[0],
            [{"code": error.code, "path": error.path, "message": error.message} for error in errors],
        )

    def __str__(self):
        return self.args[0]


class OrderSubmission(models.Model):
    """One key, one order. A row exists only for a submission that made an order: a refused payload leaves
    the key free for the corrected one.
    """

    _name = "order.submission"
    _inherit = "keyed.submission"
    _description = "Order Submission"

    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null", ondelete="set null")

    _key_unique = models.UniqueIndex("(company_id, key)", "This key was used already.")

    def _other_content_text(self):
        return self.env._(
            "[OF-SUB-409] Key “%(key)s” was used for another order (%(order)s). Use a new key "
            "for new content.",
            key=self.key,
            order=self.order_id.name or "-",
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def submit_order(self, payload, idempotency_key):
        """Create an order from codes, check it and, if asked, confirm it; safe to send again with the same
        key.

        Returns {order_id, order, ok, state, findings, error}. A payload with mistakes is refused as a whole,
        all of them named; an order the gate holds is kept as a quotation, its findings named.
        """
        self.browse().check_access("create")
        key = idempotency_key.strip() if isinstance(idempotency_key, str) else ""
        if not 0 < len(key) <= MAX_KEY or not key.isprintable():
            text = self.env._("[OF-SUB-400] The idempotency key is a text of 1 to 200 printable characters.")
            raise UserError(text)
        submission, is_new = self.env["order.submission"].sudo()._claim_key(key, digest(payload))
        if not is_new:
            return submission.answer
        read = self._read_payload(payload)
        order = self.create(read.values)
        if read.parts:
            order._add_combo_items(read.parts)
        answer = order._submit_answer(payload.get("confirm"))
        submission.write({"order_id": order.id, "answer": answer})
        return answer

    @api.model
    def _prepare_requested_window(self, start, end):
        """Return order values for the window the customer asked for (UTC). Hook: windows keep both ends."""
        return {"commitment_date": end}

    def _read_payload(self, payload):
        errors = shape_errors(payload)
        if errors:
            reader = PayloadReader(self.env, readable_part(payload, errors))
            reader.read_codes()
            raise PayloadRefusedError(errors + reader.errors)
        reader = PayloadReader(self.env, payload)
        reader.read()
        if reader.errors:
            raise PayloadRefusedError(reader.errors)
        return reader

    def _submit_answer(self, confirm):
        if confirm:
            return self.confirm_checked()[0]
        verdicts = self._gate_evaluate()
        self._gate_record(verdicts)
        [checked] = self.check_gate()
        return {**checked, "state": self.state, "error": ""}
