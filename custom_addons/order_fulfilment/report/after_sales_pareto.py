from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.support.pareto import pareto

DIMENSIONS = [
    ("product", "Product"),
    ("option", "Option"),
    ("lot", "Lot or serial"),
    ("part_lot", "Lot of a part"),
    ("supplier", "Supplier of the lot"),
    ("carrier", "Carrier"),
    ("picker", "Picker"),
    ("cause", "Cause"),
]


class AfterSalesPareto(models.Model):
    """What tickets have in common, a row per ticket and thing: what to change to be right at once."""

    _name = "after.sales.pareto"
    _description = "Causes of Tickets"
    _auto = False
    _order = "opened_at desc, id desc"
    _rec_name = "value"

    ticket_id = fields.Many2one("after.sales.ticket", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    cause_id = fields.Many2one("after.sales.cause", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    opened_at = fields.Datetime(readonly=True)
    dimension = fields.Selection(DIMENSIONS, readonly=True)
    value = fields.Char(readonly=True)

    @property
    def _table_query(self):
        lang = self.env.lang or "en_US"
        branches = " UNION ALL ".join(
            f"SELECT t.id AS ticket_id, '{name}' AS dimension, {value} AS value {tables}"
            for name, value, tables in self._get_branches(lang)
        )
        return f"""
            SELECT row_number() OVER (ORDER BY f.ticket_id, f.dimension, f.value) AS id, f.ticket_id,
                   t.company_id, t.cause_id, t.product_id, t.opened_at, f.dimension, f.value
              FROM (SELECT DISTINCT * FROM ({branches}) every WHERE value IS NOT NULL) f
              JOIN after_sales_ticket t ON t.id = f.ticket_id
             WHERE t.stage_code IS DISTINCT FROM 'merged' AND t.stage_code IS DISTINCT FROM 'cancelled'
        """

    @api.model
    def _get_branches(self, lang):  # long: one query
        """(dimension, its value as SQL, tables) per dimension; ``t`` is the ticket. Hook for more."""
        lang = lang if lang.replace("_", "").replace("@", "").isalnum() else "en_US"

        def name(column):
            return f"coalesce({column}->>'{lang}', {column}->>'en_US')"

        template = """JOIN product_product p ON p.id = t.product_id
                      JOIN product_template pt ON pt.id = p.product_tmpl_id"""
        made = """FROM after_sales_ticket t
                  JOIN stock_move_line made ON made.lot_id = t.lot_id AND made.state = 'done'
                  JOIN stock_move_line_consume_rel rel ON rel.consume_line_id = made.id
                  JOIN stock_move_line used ON used.id = rel.produce_line_id
                  JOIN stock_lot l ON l.id = used.lot_id"""
        received = """JOIN stock_move_line r ON r.lot_id = l.id AND r.state = 'done'
                      JOIN stock_location s ON s.id = r.location_id AND s.usage = 'supplier'
                      JOIN stock_picking k ON k.id = r.picking_id JOIN res_partner v ON v.id = k.partner_id"""
        direct = "FROM after_sales_ticket t JOIN stock_lot l ON l.id = t.lot_id"
        options = """JOIN product_template_attribute_value o ON o.id = c.product_template_attribute_value_id
                     JOIN product_attribute_value av ON av.id = o.product_attribute_value_id
                     JOIN product_attribute a ON a.id = o.attribute_id"""
        option = f"{name('a.name')} || ': ' || {name('av.name')}"
        return [
            ("product", name("pt.name"), f"FROM after_sales_ticket t {template}"),
            (
                "option",
                option,
                "FROM after_sales_ticket t JOIN product_variant_combination c "
                f"ON c.product_product_id = t.product_id {options}",
            ),
            (
                "option",
                option,
                "FROM after_sales_ticket t JOIN product_template_attribute_value_sale_order_line_rel c "
                f"ON c.sale_order_line_id = t.sale_line_id {options}",
            ),
            ("lot", "l.name", direct),
            ("part_lot", "l.name", made),
            ("supplier", "v.name", f"{made} {received}"),
            ("supplier", "v.name", f"{direct} {received}"),
            (
                "carrier",
                name("dc.name"),
                "FROM after_sales_ticket t JOIN stock_picking k ON k.id = t.picking_id "
                "JOIN delivery_carrier dc ON dc.id = k.carrier_id",
            ),
            (
                "picker",
                "u.name",
                "FROM after_sales_ticket t JOIN stock_move m ON m.sale_line_id = t.sale_line_id "
                "JOIN stock_move_line ml ON ml.move_id = m.id "
                "AND (t.lot_id IS NULL OR ml.lot_id = t.lot_id) "
                "JOIN warehouse_scan w ON w.move_line_id = ml.id AND NOT coalesce(w.is_refused, false) "
                "JOIN res_users ru ON ru.id = w.user_id JOIN res_partner u ON u.id = ru.partner_id",
            ),
            (
                "cause",
                name("cc.name"),
                "FROM after_sales_ticket t JOIN after_sales_cause cc ON cc.id = t.cause_id",
            ),
        ]

    @api.model
    @api.readonly
    def get_pareto(self, dimension, date_from=None, date_to=None, cause_id=None):
        """Tickets per value of a dimension, the largest first, with share and share so far in percent."""
        if dimension not in list(dict(DIMENSIONS)):
            raise UserError(
                self.env._(
                    "[OF-KNW-003] There is no dimension “%(asked)s”. Use one of %(known)s.",
                    asked=dimension,
                    known=", ".join(dict(DIMENSIONS)),
                )
            )
        domain = Domain("dimension", "=", dimension)
        for operator, moment in ((">=", date_from), ("<=", date_to)):
            domain &= Domain("opened_at", operator, self._read_moment(moment)) if moment else Domain.TRUE
        if cause_id and type(cause_id) is not int:
            raise UserError(self.env._("[OF-KNW-004] “%s” is not the id of a cause.", str(cause_id)[:64]))
        domain &= Domain("cause_id", "=", cause_id) if cause_id else Domain.TRUE
        counts = dict(self._read_group(domain, ["value"], ["__count"]))
        return [
            {"value": value, "tickets": count, "percent": share, "percent_so_far": so_far}
            for value, count, share, so_far in pareto(counts)
        ]

    @api.model
    def _read_moment(self, given):
        try:
            return fields.Datetime.to_datetime(given)
        except (TypeError, ValueError):
            raise UserError(self.env._("[OF-KNW-004] “%s” is not a date.", str(given)[:64])) from None
