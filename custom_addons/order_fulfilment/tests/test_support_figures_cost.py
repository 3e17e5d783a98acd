from odoo.fields import Command
from odoo.tests import tagged

from .support_cure_common import CureCase

# From the documents alone: stock moves of repairs, deliveries of replacements, journal items of credit notes.
RECOUNT = """
    WITH cured AS (SELECT l.* FROM after_sales_return_line l WHERE l.ticket_id = ANY(%(tickets)s)),
         cost AS (SELECT id AS product_id, (standard_price->>%(company)s)::numeric AS each
                    FROM product_product),
         parts AS (SELECT c.ticket_id, m.quantity * u.factor / o.factor * cost.each AS amount
                     FROM cured c JOIN stock_move m ON m.repair_id = c.repair_id AND m.state = 'done'
                     JOIN stock_location d ON d.id = m.location_dest_id AND d.usage = 'production'
                     JOIN uom_uom u ON u.id = m.product_uom JOIN cost ON cost.product_id = m.product_id
                     JOIN product_product p ON p.id = m.product_id
                     JOIN product_template t ON t.id = p.product_tmpl_id JOIN uom_uom o ON o.id = t.uom_id
                    WHERE m.product_id != c.product_id),
         goods AS (SELECT c.ticket_id, m.quantity * cost.each AS amount
                     FROM cured c JOIN stock_move m ON m.sale_line_id = c.replacement_line_id
                      AND m.state = 'done'
                     JOIN cost ON cost.product_id = m.product_id),
         money AS (SELECT c.ticket_id, i.debit - i.credit AS amount
                     FROM cured c JOIN account_move_line i ON i.return_line_id = c.id
                     JOIN account_move v ON v.id = i.move_id AND v.state = 'posted'
                      AND v.move_type = 'out_refund')
    SELECT ticket_id, sum(amount)::float
      FROM (SELECT * FROM parts UNION ALL SELECT * FROM goods UNION ALL SELECT * FROM money) every
     GROUP BY ticket_id
"""


@tagged("post_install", "-at_install")
class TestCostPerTicket(CureCase):
    """Parts, replaced goods and credit notes of tickets, counted once more from the documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bike.standard_price, cls.chain.standard_price, cls.brake_pads.standard_price = 400.0, 7.5, 3.0
        cls._stock(cls.brake_pads, 100)
        cls._invoice(cls.order)

    def _cure(self, disposition, **line):
        ticket = self.env["after.sales.ticket"].create(
            {"subject": disposition, "partner_id": self.customer.id, "lot_id": line.get("lot_id")}
        )
        order = self._return({**line, "reason": "damaged"}, ticket_id=ticket.id)
        order.action_confirm()
        self._receive(order)
        order.line_ids.inspect(disposition)
        return ticket, order.line_ids.sudo()

    def _repair_with_pads(self, repair, dozens):
        part = {"product_id": self.brake_pads.id, "repair_line_type": "add", "product_uom_qty": dozens}
        part["product_uom"] = self.env.ref("uom.product_uom_dozen").id
        repair.move_ids = [Command.create(part)]
        repair.action_validate()
        repair.action_repair_start()
        repair.move_ids.write({"quantity": dozens, "picked": True})
        repair.action_repair_end()

    def test_equal_to_a_recount(self):
        mended, line = self._cure("repair", lot_id=self.serials[0].id)
        self._repair_with_pads(line.repair_id, 2)
        replaced, line = self._cure("replace", lot_id=self.serials[1].id)
        self._deliver(line.replacement_order_id)
        credited, line = self._cure("credit", product_id=self.chain.id, quantity=4)
        line.refund_ids.action_post()
        drafted, _line = self._cure("credit", product_id=self.chain.id, quantity=1)
        tickets = mended | replaced | credited | drafted
        self.env.flush_all()
        self.env.cr.execute(RECOUNT, {"tickets": tickets.ids, "company": str(self.company.id)})
        counted = dict(self.env.cr.fetchall())
        self.assertEqual(counted, {mended.id: 24 * 3.0, replaced.id: 400.0, credited.id: 80.0})
        rows = self.env["after.sales.figures"].search([("ticket_id", "in", tickets.ids)])
        shown = {row.ticket_id.id: row.cost for row in rows}
        self.assertEqual(shown, {drafted.id: 0.0, **counted})
        [(average,)] = rows._read_group([("id", "in", rows.ids)], aggregates=["cost:avg"])
        self.assertAlmostEqual(average, sum(counted.values()) / len(tickets), 6)
