from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ...tools.gs1 import sscc
from ...tools.support.return_label import ReturnLabel, return_label_pdf

MAX_LINES = 50


class AfterSalesReturn(models.Model):
    """What the customer does with a return: ask for it, print its label, follow it."""

    _inherit = "after.sales.return"

    sscc = fields.Char("SSCC", readonly=True, copy=False)

    _unique_return_sscc = models.UniqueIndex("(sscc) WHERE sscc IS NOT NULL", "This SSCC is taken.")

    def action_print_label(self):
        """Open the return label as PDF."""
        self.ensure_one()
        self._check_label()
        self._ensure_sscc()
        return {"type": "ir.actions.act_url", "url": f"/my/returns/{self.id}/label", "target": "new"}

    def _check_label(self):
        if self.state not in ("confirmed", "in_progress"):
            raise UserError(self.env._("[OF-RMA-018] %s has no label: authorise it first.", self.name))

    def _ensure_sscc(self):
        """A number of its own for the parcel, where the company has a GS1 prefix."""
        prefix = self.company_id.sudo().gs1_company_prefix
        if prefix and not self.sscc:
            sequence = self.env.ref("order_fulfilment.sequence_sscc").sudo()
            self.sudo().sscc = sscc(prefix, int(sequence.next_by_id()))

    def _render_label(self):
        order = self.sudo()  # the customer sees what is in their own return
        warehouse = order.picking_ids[:1].picking_type_id.warehouse_id or self.env[
            "stock.warehouse"
        ].sudo().search([("company_id", "=", order.company_id.id)], limit=1)
        receiver = warehouse.partner_id or order.company_id.partner_id
        until = order.return_by and self.env._("Back by %s", format_date(self.env, order.return_by))
        return return_label_pdf(
            ReturnLabel(
                number=order.name,
                title=self.env._("Return"),
                sender=order.partner_id._display_address().splitlines(),
                receiver=[order.company_id.name, *receiver._display_address(True).splitlines()],
                contents=[line._get_label_text() for line in order.line_ids],
                back_by=until or "",
                sscc=order.sscc or "",
            )
        )

    def _tell_customer(self):
        self._ensure_sscc()
        return super()._tell_customer()

    # ------------------------------------------------------------ asked for in the portal

    @api.model
    def _get_returnable(self, partner):
        """Rows of goods that this customer can send back: the order line, the serial, how many are left."""
        moves = (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("sale_line_id.order_id.partner_id", "child_of", partner.commercial_partner_id.id),
                    ("state", "=", "done"),
                    ("location_dest_usage", "in", ("customer", "transit")),
                ],
                order="date desc, id desc",
                limit=200,
            )
        )
        rows = []
        for move in moves.filtered(lambda item: item._leaves_to_customer()):
            rows += move._get_returnable_rows()
        return rows

    @api.model
    def _ask_from_portal(self, partner, chosen, reason, note):
        """Make drafts of what the customer chose (``{row key: quantity}``), one per company that delivered;
        keys not theirs are ignored.
        """
        rows = {row["key"]: row for row in self._get_returnable(partner)}
        given = {"partner_id": partner.id, "channel": "portal", "user_id": False, "note": note[:2000]}
        by_company = defaultdict(list)
        for key, quantity in list(chosen.items())[:MAX_LINES]:
            if key in rows and quantity > 0:
                row = rows[key]
                line = {name: row[name] for name in ("sale_line_id", "lot_id", "product_id")}
                line |= {"quantity": min(quantity, row["left"]), "reason": reason}
                by_company[row["company_id"]].append(Command.create(line))
        return self.sudo().create(
            [{**given, "company_id": company, "line_ids": lines} for company, lines in by_company.items()]
        )


class AfterSalesReturnLine(models.Model):
    _inherit = "after.sales.return.line"

    def _get_label_text(self):
        serial = f" {self.lot_id.name}" if self.lot_id else ""
        return f"{self.quantity:g} {self.uom_id.name}  {self.product_id.display_name}{serial}"

    def _get_portal_steps(self):
        """What happened to the line, oldest first, in the customer's words."""
        line = self.sudo()
        steps = [(self.env._("Received"), line.received_at)] if line.quantity_received else []
        if line.disposition:
            steps.append((self.env._("Inspected"), line.inspected_at))
        if line.repair_id:
            label = dict(line.repair_id._fields["state"]._description_selection(self.env))
            steps.append((self.env._("Repair: %s", label[line.repair_id.state]), None))
        if line.send_back_id.state == "done":
            steps.append((self.env._("Sent back"), line.send_back_id.date_done))
        if line.replacement_order_id:
            steps.append((self.env._("Replacement %s", line.replacement_order_id.name), None))
        posted = line.refund_ids.filtered(lambda move: move.state == "posted")
        return steps + [(self.env._("Credit note %s", note.name), note.invoice_date) for note in posted]


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_returnable_rows(self):
        """One row per serial, or one for the move; only what is neither back nor on its way back."""
        lots = self.move_line_ids.lot_id
        rows = []
        for lot in lots or [self.env["stock.lot"]]:
            probe = (
                self.env["after.sales.return.line"]
                .sudo()
                .new({"lot_id": lot.id, "product_id": self.product_id.id})
            )
            left = probe._get_left(self)
            if left > 0:
                rows.append(
                    {
                        "key": f"{self.id}-{lot.id or 0}",
                        "sale_line_id": self.sale_line_id.id,
                        "company_id": self.company_id.id,
                        "product_id": self.product_id.id,
                        "lot_id": lot.id,
                        "order": self.sale_line_id.order_id.name,
                        "name": self.product_id.display_name,
                        "serial": lot.name or "",
                        "date": self.date,
                        "left": left,
                        "unit": self.product_id.uom_id.name,
                    }
                )
        return rows
