from odoo import fields, models


class OrderImportOrder(models.Model):
    """One order of an imported workbook and what became of it.

    ``state`` is the verdict and is the same in a dry run and in a real run; only the real run fills
    ``sale_order_id``. Written in bulk by the import, never by hand.
    """

    _name = "order.import.order"
    _description = "Imported Order"
    _rec_name = "key"
    _order = "id"
    _log_access = False

    import_id = fields.Many2one("order.import", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    sheet = fields.Integer(readonly=True)
    sheet_name = fields.Char(readonly=True)
    key = fields.Char(string="Order number", readonly=True)
    kind = fields.Selection([("order", "Order"), ("cancel", "Cancellation")], readonly=True)
    first_row = fields.Integer(readonly=True)
    line_count = fields.Integer(string="Rows", readonly=True)
    date = fields.Datetime(readonly=True, help="Wall-clock time as written in the file")
    commitment_date = fields.Datetime(string="Delivery date", readonly=True)
    customer_ref = fields.Char(readonly=True)
    customer_name = fields.Char(readonly=True)
    country = fields.Char(readonly=True)
    currency = fields.Char(readonly=True)
    customer_order_ref = fields.Char(readonly=True)
    digest = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("accepted", "Accepted"),
            ("exists", "Imported before"),
            ("refused", "Refused"),
        ],
        readonly=True,
        default="pending",
    )
    code = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    sale_order_id = fields.Many2one("sale.order", readonly=True, ondelete="set null", index="btree_not_null")
    line_ids = fields.One2many("order.import.line", "order_id", readonly=True)

    _key_unique = models.UniqueIndex("(import_id, sheet, key)")
    _queue = models.Index("(import_id, kind, state, id)")


class OrderImportLine(models.Model):
    """One row of an imported workbook as it was read; the file itself is kept with the import."""

    _name = "order.import.line"
    _description = "Imported Row"
    _rec_name = "row"
    _order = "import_id desc, sheet, row"
    _log_access = False

    import_id = fields.Many2one("order.import", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    order_id = fields.Many2one("order.import.order", readonly=True, ondelete="cascade", index=True)
    sheet = fields.Integer(readonly=True)
    sheet_name = fields.Char(readonly=True)
    row = fields.Integer(readonly=True, aggregator=None)
    order_key = fields.Char(string="Order number", readonly=True)
    is_cancellation = fields.Boolean(readonly=True)
    customer_ref = fields.Char(readonly=True)
    customer_name = fields.Char(readonly=True)
    country = fields.Char(readonly=True)
    product_code = fields.Char(readonly=True)
    description = fields.Char(readonly=True)
    quantity = fields.Float(readonly=True)
    price = fields.Float(string="Unit price", readonly=True, aggregator=None)
    discount = fields.Float(readonly=True, aggregator=None)
    uom = fields.Char(string="Unit", readonly=True)
    currency = fields.Char(readonly=True)
    customer_order_ref = fields.Char(readonly=True)
    options = fields.Char(readonly=True, help="Options of the end item, separated by semicolons.")
    date = fields.Datetime(readonly=True)
    commitment_date = fields.Datetime(string="Delivery date", readonly=True)
    code = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    column_name = fields.Char(string="Column", readonly=True)
    cancelled_quantity = fields.Float(readonly=True)
    sale_line_id = fields.Many2one(
        "sale.order.line", readonly=True, ondelete="set null", index="btree_not_null"
    )
    state = fields.Selection(related="order_id.state", string="Verdict")
    sale_order_id = fields.Many2one(related="order_id.sale_order_id")
    order_code = fields.Char(related="order_id.code", string="Order code")
    order_reason = fields.Char(related="order_id.reason", string="Order reason")

    _position = models.UniqueIndex("(import_id, sheet, row)")
    _cancellable = models.Index("(import_id, customer_ref, product_code)")
