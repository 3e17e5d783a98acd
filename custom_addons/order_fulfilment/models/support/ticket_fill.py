from odoo import api, models

from .goods_trace import Goods

CLUES = ("lot_id", "sale_line_id", "picking_id", "sale_order_id", "invoice_id", "product_id", "partner_id")


class AfterSalesTicket(models.Model):
    """From one clue, such as the serial number, everything else that Odoo knows is filled in."""

    _inherit = "after.sales.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if any(vals.get(name) for name in CLUES):
                self._complete(vals)
            self._route(vals)
        return super().create(vals_list)

    @api.model
    def default_get(self, fields):
        """The number that a caller named (``ticket_clue`` in the context) fills in what follows from it."""
        values = super().default_get(fields)
        clue, partner = self.env.context.get("ticket_clue"), values.get("partner_id")
        if isinstance(clue, str) and partner and not values.get("sale_order_id"):
            found = self._read_reference(clue, self.env["res.partner"].browse(partner))
            if found:
                values.update(found)
                self._complete(values)
        return values

    @api.onchange("lot_id", "sale_line_id", "picking_id", "sale_order_id", "invoice_id")
    def _onchange_clue(self):
        """Fill what is still empty; what a person chose stays."""
        given = {name: self[name].id for name in CLUES if self[name]}
        self._complete(given)
        for name in CLUES:
            if given.get(name) and not self[name]:
                self[name] = given[name]
        if self.partner_id and not self.email_from:
            self.email_from, self.phone = self.partner_id.email, self.partner_id.phone

    @api.onchange("category_id")
    def _onchange_category(self):
        if self.category_id:
            self.priority = self.category_id.priority
            self.team_id = self.category_id.team_id or self.team_id

    @api.model
    def _complete(self, vals):
        """Add to ``vals`` what follows from the clues in it; nothing given is changed.

        Read with all rights, for a technician need not be allowed to read orders; what is found belongs to
        the clues that the caller may see, which the constraints of company check.
        """
        env = self.sudo().env
        line = env["sale.order.line"].browse(vals.get("sale_line_id"))
        if vals.get("lot_id"):
            move_line = self._get_delivery_of_lot(env["stock.lot"].browse(vals["lot_id"]), vals)
            self._set_missing(vals, "product_id", env["stock.lot"].browse(vals["lot_id"]).product_id)
            self._set_missing(vals, "picking_id", move_line.picking_id)
            line = line or move_line.move_id.sale_line_id
        line = line or self._get_only_line(env, vals)
        self._set_missing(vals, "sale_line_id", line)
        self._set_missing(vals, "sale_order_id", line.order_id)
        self._set_missing(vals, "product_id", line.product_id)
        self._complete_documents(env, vals, line)
        partner = env["res.partner"].browse(vals.get("partner_id"))
        if partner and not vals.get("email_from"):
            vals["email_from"], vals["phone"] = partner.email, vals.get("phone") or partner.phone

    def _complete_documents(self, env, vals, line):
        picking = env["stock.picking"].browse(vals.get("picking_id"))
        self._set_missing(vals, "sale_order_id", picking.sale_id)
        invoice = env["account.move"].browse(vals.get("invoice_id"))
        orders = invoice.line_ids.sale_line_ids.order_id
        self._set_missing(vals, "sale_order_id", orders if len(orders) == 1 else orders.browse())
        order = env["sale.order"].browse(vals.get("sale_order_id"))
        self._set_missing(vals, "partner_id", order.partner_id or picking.partner_id or invoice.partner_id)
        moves = (line or order.order_line).move_ids.filtered(lambda move: move.state == "done")
        delivered = moves.filtered(lambda move: move.location_dest_id.usage == "customer").picking_id
        self._set_missing(vals, "picking_id", delivered.sorted("date_done")[-1:])
        lines = (line or order.order_line).invoice_lines
        posted = lines.move_id.filtered(lambda m: m.state == "posted" and m.move_type == "out_invoice")
        self._set_missing(vals, "invoice_id", posted.sorted("invoice_date")[-1:])

    @api.model
    def _set_missing(self, vals, name, record):
        company = vals.get("company_id") or self.env.company.id
        owner = (
            record.company_id if record and "company_id" in record._fields else record.env.company.browse()
        )
        if record and not vals.get(name) and owner.id in (False, company):
            vals[name] = record.id

    @api.model
    def _get_delivery_of_lot(self, lot, vals):
        """The last time this serial or lot went to a customer: to this one, if the caller is known."""
        domain = [("lot_id", "=", lot.id), ("state", "=", "done"), ("location_dest_usage", "=", "customer")]
        lines = lot.env["stock.move.line"].search(domain, order="date desc, id desc", limit=50)
        partner = lot.env["res.partner"].browse(vals.get("partner_id")).commercial_partner_id
        own = lines.filtered(lambda line: line.picking_id.partner_id.commercial_partner_id == partner)
        if not lines:
            return self._get_delivery_around(lot, partner)
        return (own if partner else lines)[:1]

    @api.model
    def _get_delivery_around(self, lot, partner):
        """The delivery of the end item that a part was built into, if it is only one (of this customer)."""
        trace = lot.env["after.sales.trace"]
        around = trace._get_deliveries(list(trace._trace([Goods(lot.product_id.id, lot.id)]).values()))
        found = lot.env["stock.move.line"].browse([item.line for item in around if item.lot])
        if partner:
            found = found.filtered(lambda line: line.picking_id.partner_id.commercial_partner_id == partner)
        return found if len(found) == 1 else found.browse()

    @api.model
    def _get_only_line(self, env, vals):
        """The order's line of the product, or its only line of goods."""
        order = env["sale.order"].browse(vals.get("sale_order_id"))
        order = order or env["stock.picking"].browse(vals.get("picking_id")).sale_id
        lines = order.order_line.filtered(lambda line: not line.display_type and line.product_id)
        if vals.get("product_id"):
            lines = lines.filtered(lambda line: line.product_id.id == vals["product_id"])
        return lines if len(lines) == 1 else lines.browse()

    @api.model
    def _route(self, vals):
        """Team and priority come from the category, else the company's first team answers."""
        category = self.env["after.sales.category"].sudo().browse(vals.get("category_id"))
        if category and "priority" not in vals:
            vals["priority"] = category.priority
        if not vals.get("team_id"):
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            team = category.team_id.filtered(lambda team: team.company_id == company)
            vals["team_id"] = (team or self.env["after.sales.team"].sudo()._get_default(company)).id
