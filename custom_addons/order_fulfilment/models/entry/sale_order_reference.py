from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, sql

from ...tools.entry.order_content import content_key
from ...tools.entry.reference_key import reference_key
from ...tools.entry.verdict import BLOCK, Finding, Verdict

DUPLICATE = "reference_duplicate"
FILL_SIZE = 10_000
# References that got another key since the first version: what may be a one, other alphabets, "No. 7", "#7".
REFORMED = "[il|#]|[^ -~]|^[^a-z0-9]*n[or]"


class GateRefusedError(UserError):
    """Refused by the database where no check could see it; carries the verdict."""

    def __init__(self, verdict):
        super().__init__(verdict.as_text())
        self.verdict = verdict


class SaleOrder(models.Model):
    """One customer reference, one order.

    The check finds a twin that everybody can see. Two confirmations at the same instant do not see each
    other: a confirmed order therefore *claims* its reference in a column under a unique index, and the
    second one waits for the first and is refused by the database.
    """

    _inherit = "sale.order"

    reference_key = fields.Char(
        compute="_compute_reference_key", store=True, precompute=True, index="btree_not_null", copy=False
    )
    reference_claim = fields.Char(compute="_compute_reference_claim", store=True, copy=False)
    content_key = fields.Char(compute="_compute_content_key", store=True, index="btree_not_null", copy=False)

    _reference_claim_unique = models.UniqueIndex(
        "(reference_claim) WHERE reference_claim IS NOT NULL",
        "[OF-GATE-REFERENCE-DUPLICATE] Another confirmed order of this customer has the same reference. "
        "Use that order, or enter the right reference.",
    )

    def _auto_init(self):
        """Orders from before the installation get their key in bulk, and no claim: they may have twins "
        "already."""
        is_new = not sql.column_exists(self.env.cr, self._table, "reference_key")
        for column in ("reference_key", "reference_claim", "content_key"):
            if not sql.column_exists(self.env.cr, self._table, column):
                sql.create_column(self.env.cr, self._table, column, "varchar")
        result = super()._auto_init()
        self._fill_reference_keys("" if is_new else REFORMED)
        return result

    def _fill_reference_keys(self, pattern=""):
        """Give orders whose reference matches ``pattern`` the key of today's rule, where they have another.

        A claim under the old key is let go: it would refuse others, and the check sees this order anyway.
        """
        last = 0
        query = """
            SELECT id, client_order_ref, reference_key FROM sale_order
             WHERE id > %s AND client_order_ref ~* %s ORDER BY id LIMIT %s
        """
        while rows := self.env.execute_query(SQL(query, last, pattern, FILL_SIZE)):
            last = rows[-1][0]
            keys = [(id_, reference_key(text) or None, known) for id_, text, known in rows]
            changed = [SQL("(%s, %s)", id_, key) for id_, key, known in keys if key != known]
            if changed:
                self._write_reference_keys(SQL(", ").join(changed))

    def _write_reference_keys(self, values):
        self.env.cr.execute(
            SQL(
                """
                UPDATE sale_order o SET reference_key = v.key, reference_claim = NULL
                  FROM (VALUES %s) v(id, key) WHERE o.id = v.id
                """,
                values,
            )
        )

    @api.depends("client_order_ref")
    def _compute_reference_key(self):
        for order in self:
            order.reference_key = reference_key(order.client_order_ref) or False

    @api.depends(
        "partner_shipping_id",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
    )
    def _compute_content_key(self):
        for order in self:
            lines = order._gate_lines().filtered(lambda line: not line.is_delivery)
            goods = [
                (
                    line.product_id.id,
                    line.product_uom_id._compute_quantity(
                        line.product_uom_qty, line.product_id.uom_id, round=False, raise_if_failure=False
                    ),
                )
                for line in lines
            ]
            order.content_key = content_key(order.partner_shipping_id.id, goods) or False

    @api.depends("state", "client_order_ref", "partner_id", "company_id")
    def _compute_reference_claim(self):
        """Claim for customer and company. An overridden or merely warned duplicate claims nothing.

        The customer's parent is left out of the dependencies: merging two customers must not fail on old
        orders.
        """
        claiming = self.filtered(lambda order: order.state == "sale" and order.reference_key)._claiming()
        overridden = {
            order_id for order_id, key, _print in claiming._gate_granted() if key.startswith(DUPLICATE)
        }
        for order in self:
            order.reference_claim = (
                order._reference_claim() if order in claiming and order.id not in overridden else False
            )

    def _get_derived_names(self):
        """A client that could write the keys could hide a duplicate from the check and from the index."""
        return super()._get_derived_names() | {
            "reference_key",
            "reference_claim",
            "content_key",
            "gate_status",
        }

    def _claiming(self):
        """Return those of these orders for which a second one with the same reference is refused."""
        if not self or not self.env["order.fulfilment.capability"]._is_on("entry"):
            return self.browse()
        check = self.env["order.check"]._by_code(DUPLICATE)
        return (
            check._applicable(self) if check in self.env["order.check"]._blocking_checks() else self.browse()
        )

    def _reference_claim(self):
        return f"{self.company_id.id}/{self.partner_id.commercial_partner_id.id}/{self.reference_key}"

    def _action_confirm(self):
        self._hold_reference()
        return super()._action_confirm()

    def _hold_reference(self):
        """Write the claims now, so that the loser of two simultaneous confirmations gets the finding and not
        a database error; before stock is touched, so that little is done in vain."""
        held = self.filtered("reference_key")
        if not held:
            return
        try:
            with self.env.cr.savepoint(flush=False):
                held.flush_recordset(["reference_claim", "state"])
        except UniqueViolation as error:
            if "reference_claim" not in (error.diag.constraint_name or ""):
                raise
            raise GateRefusedError(held._lost_race()) from error

    def _lost_race(self):
        """Return the verdict on the loser. The winner cannot be named: this transaction does not see it."""
        check = self.env["order.check"]._by_code(DUPLICATE)
        message = self.env._(
            "An order of this customer with reference “%s” was confirmed at the same moment. Use that order.",
            ", ".join(self.mapped("client_order_ref")),
        )
        finding = Finding(self[:1].id, message, tuple(self.mapped("reference_key")))
        return Verdict(DUPLICATE, BLOCK, finding, name=check.name, customer_text=check.customer_text or "")

    def _gate_reference_twins(self):
        """Return {order id: order that stands in its way}: a confirmed one, or an older quotation."""
        self.flush_model(["reference_key", "company_id", "partner_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (o.id) o.id, twin.id
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN sale_order twin ON twin.reference_key = o.reference_key
                   AND twin.company_id = o.company_id AND twin.id != o.id
                  JOIN res_partner tp ON tp.id = twin.partner_id
                   AND tp.commercial_partner_id = p.commercial_partner_id
                 WHERE o.id IN %s AND (twin.state = 'sale' OR (twin.state IN ('draft', 'sent') AND twin.id <
                 o.id)) ORDER BY o.id, twin.state = 'sale' DESC, twin.id
                """,
                tuple(self.ids),
            )
        )
        return {order_id: self.browse(twin_id) for order_id, twin_id in rows}
