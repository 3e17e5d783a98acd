from odoo import fields, models


class OrderImportCancellation(models.Model):
    """A cancellation that was imported: its source key, once, and the order it took effect on."""

    _name = "order.import.cancellation"
    _description = "Imported Cancellation"
    _rec_name = "key"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    source = fields.Char(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    digest = fields.Char(readonly=True)
    import_id = fields.Many2one("order.import", readonly=True, ondelete="set null")
    sale_order_ids = fields.Many2many("sale.order", readonly=True)

    _key_unique = models.UniqueIndex("(company_id, source, key)", "This cancellation was imported before.")
