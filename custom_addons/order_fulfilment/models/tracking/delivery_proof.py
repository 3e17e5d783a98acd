from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import mute_logger

from ...tools.ledger import Event, exact
from ...tools.tracking import proof_content, proof_rules
from ...tools.tracking.page_access import without_control

REASONS = [
    ("damaged", "Damaged"),
    ("wrong_item", "Wrong item"),
    ("not_ordered", "Not ordered"),
    ("late", "Too late"),
    ("missing", "Missing in the parcel"),
    ("other", "Other"),
]


KEY_LENGTH = 200


class DeliveryProof(models.Model):
    """Who received what, when, where and in which state. Written once, through `register`."""

    _name = "delivery.proof"
    _description = "Proof of Delivery"
    _inherit = ["mail.thread"]
    _order = "signed_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    key = fields.Char(
        required=True, readonly=True, help="Chosen by the sender: the same key is the same proof."
    )
    fingerprint = fields.Char(required=True, readonly=True)
    picking_id = fields.Many2one("stock.picking", "Drop", required=True, readonly=True, index=True)
    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null")
    partner_id = fields.Many2one(related="picking_id.partner_id", string="Delivered to")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Taken by", required=True, readonly=True)
    signer = fields.Char("Received by", required=True, readonly=True)
    signed_at = fields.Datetime("Received", required=True, readonly=True)
    latitude = fields.Float(digits=(9, 6), readonly=True)
    longitude = fields.Float(digits=(9, 6), readonly=True)
    place = fields.Char(readonly=True, help="Where it was left, as a person says it: gate 3, reception.")
    signature = fields.Binary(attachment=True, readonly=True)
    photo = fields.Binary(attachment=True, readonly=True)
    note = fields.Text(readonly=True)
    line_ids = fields.One2many("delivery.proof.line", "proof_id", readonly=True)
    return_picking_id = fields.Many2one("stock.picking", "Return of what was refused", readonly=True)

    _key_unique = models.UniqueIndex("(company_id, key)", "[OF-POD-002] This proof was sent before.")

    @api.model
    def register(self, key, picking_id, values, lines=None):
        """Take a proof; sent again with the same key and content it changes nothing and answers the same.

        :param key: the sender's idempotency key
        :param picking_id: id of the shipped transfer
        :param values: any of `proof_content.CONTENT`; "signer" is required, images base64
        :param lines: list of {"move_id", "delivered", "refused", "reason"}; none: all was received
        :return: {"id", "name", "is_new", "return": name of the return or ""}
        """
        picking = self._get_drop(picking_id)
        self._check_key(key)
        values, lines = self._read_content(values, lines)
        content = {
            "picking": picking.id,
            "lines": lines or [],
            **{name: values.get(name) for name in proof_content.CONTENT},
        }
        if lines == []:  # names nothing, where no lines at all prove everything
            content["names_nothing"] = True
        digest = proof_rules.fingerprint(content)
        if known := self._find_by_key(key, picking.company_id):
            return known._answer_again(digest)
        return self._take(key, digest, picking, values, lines)._as_answer(is_new=True)

    def _get_drop(self, picking_id):
        """The transfer meant, if it is there, the caller may write it, and it has left."""
        known = isinstance(picking_id, int) and not isinstance(picking_id, bool)
        picking = self.env["stock.picking"].browse(picking_id if known else False).exists()
        picking.check_access("write")
        if not picking:
            raise UserError(self.env._("[OF-POD-001] This delivery does not exist. Look it up again."))
        if picking.state != "done" or not any(move._leaves_to_customer() for move in picking.move_ids):
            raise UserError(
                self.env._("[OF-POD-001] %s has not left for the customer: validate it first.", picking.name)
            )
        return picking

    def _check_key(self, key):
        is_key = isinstance(key, str) and key.strip() and len(key) <= KEY_LENGTH
        if not is_key or "\0" in key:  # the database keeps no such sign
            raise UserError(self.env._("[OF-POD-006] Send a key that is new for each proof, such as a UUID."))

    def _read_content(self, values, lines):
        """What the caller said in the types it is kept in, or an error that names what is wrong."""
        try:
            return proof_content.read_values(values, fields.Datetime.now()), proof_content.read_lines(lines)
        except proof_content.ContentError as fault:
            texts = {
                "signer": self.env._("[OF-POD-003] Ask for the name of the person who receives the goods."),
                "unknown": self.env._(
                    "[OF-POD-007] A proof has no %s. Remove it.", without_control(fault.name)
                ),
                "value": self.env._(
                    "[OF-POD-012] This is no value for %s: see what a proof may say.", fault.name
                ),
            }
            raise UserError(texts[fault.code]) from None

    def _find_by_key(self, key, company):
        # sudo: a driver must learn that the key is used, even by someone whose proofs they may not read
        return self.sudo().search([("key", "=", key), ("company_id", "=", company.id)], limit=1).sudo(False)

    def _answer_again(self, digest):
        if self.sudo().fingerprint != digest:
            raise UserError(
                self.env._(
                    "[OF-POD-002] %s was already sent with this key and says something else. It stands; "
                    "take a new proof for what is different.",
                    self.sudo().name,
                )
            )
        return self.sudo()._as_answer(is_new=False)

    def _as_answer(self, *, is_new):
        return {
            "id": self.id,
            "name": self.name,
            "is_new": is_new,
            "return": self.return_picking_id.name or "",
        }

    def _take(self, key, digest, picking, values, lines):
        line_values = self._prepare_lines(picking, lines)
        vals = {
            **values,
            "name": self.env["ir.sequence"].next_by_code("delivery.proof") or "POD",
            "key": key,
            "fingerprint": digest,
            "picking_id": picking.id,
            "order_id": picking.sudo().sale_id.id,
            "company_id": picking.company_id.id,
            "user_id": self.env.uid,
            "signed_at": values.get("signed_at") or fields.Datetime.now(),
            "line_ids": [fields.Command.create(line) for line in line_values],
        }
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                proof = self.sudo().create(vals)  # pickers take proofs but may not write any by hand
        except UniqueViolation as error:
            # The same proof arrives on two connections at once: the retry finds the first.
            raise ConcurrencyError from error
        proof._after_taken()
        return proof

    def _prepare_lines(self, picking, lines):
        """Answer the values of the lines, checked against what was shipped and not yet proven."""
        moves = picking.move_ids.filtered(lambda move: move.state == "done" and move.quantity)
        open_quantities = {move.id: move._get_quantity_unproven() for move in moves}
        if lines is None:
            lines = [{"move_id": move.id, "delivered": open_quantities[move.id]} for move in moves]
        prepared = []
        for line in lines:
            move = moves.filtered(lambda move, line=line: move.id == line.get("move_id"))
            if not move:
                raise UserError(
                    self.env._(
                        "[OF-POD-008] Line %(line)s is not on %(transfer)s.",
                        line=without_control(str(line.get("move_id")))[:64],
                        transfer=picking.name,
                    )
                )
            prepared.append(self._prepare_line(move, line))
        self._check_lines(moves, open_quantities, prepared)
        return [line for line in prepared if line["quantity_delivered"] or line["quantity_refused"]]

    def _prepare_line(self, move, line):
        reason = line.get("reason") or False
        if reason and reason not in dict(REASONS):
            raise UserError(
                self.env._(
                    "[OF-POD-009] Unknown reason %(reason)s; use one of: %(known)s.",
                    reason=reason,
                    known=", ".join(dict(REASONS)),
                )
            )
        return {
            "move_id": move.id,
            "quantity_delivered": move.product_uom.round(line.get("delivered") or 0.0),
            "quantity_refused": move.product_uom.round(line.get("refused") or 0.0),
            "reason": reason,
        }

    def _check_lines(self, moves, open_quantities, prepared):
        lines = [
            proof_rules.ProofLine(
                line["move_id"],
                moves.browse(line["move_id"]).product_id.display_name,
                exact(open_quantities[line["move_id"]]),
                exact(line["quantity_delivered"]),
                exact(line["quantity_refused"]),
                line["reason"] or "",
            )
            for line in prepared
        ]
        texts = {
            "negative": self.env._("[OF-POD-004] %s: quantities cannot be below zero."),
            "too_much": self.env._(
                "[OF-POD-004] %s: more than was shipped and is still unproven. Count again."
            ),
            "no_reason": self.env._("[OF-POD-005] %s: choose why it was refused."),
        }
        if found := proof_rules.problems(lines):
            raise UserError("\n".join(texts[code] % name for code, name in found))
        if not any(line.delivered or line.refused for line in lines):
            raise UserError(self._explain_nothing(open_quantities))

    def _explain_nothing(self, open_quantities):
        """Why a proof that says nothing is none: all is proven, or the caller named no quantity."""
        if not any(quantity > 0 for quantity in open_quantities.values()):
            return self.env._("[OF-POD-010] Nothing is left to prove on this delivery.")
        return self.env._(
            "[OF-POD-013] No quantity is named as received or refused. Enter it for at least one line; "
            'another system that means all of the delivery leaves "lines" out.'
        )

    def _after_taken(self):
        """Open the return of what was refused and tell the order."""
        self.ensure_one()
        refused = self.line_ids.filtered("quantity_refused")
        if refused:
            self.return_picking_id = refused._open_return()
        self.picking_id.sudo().arrived_at = self.signed_at

    def _ledger_event(self, kind, quantity):
        return Event(kind, exact(quantity), self.signed_at, self.name)

    def write(self, vals):
        if set(vals) - {"return_picking_id"} and not vals.keys() <= self._thread_fields():
            raise UserError(self.env._("[OF-POD-011] A proof is never changed. Take another one."))
        return super().write(vals)

    def _thread_fields(self):
        return {name for name in self._fields if name.startswith(("message_", "activity_"))}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("[OF-POD-011] A proof is never deleted."))
