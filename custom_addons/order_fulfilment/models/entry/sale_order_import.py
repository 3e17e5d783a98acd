from odoo import fields, models


class SaleOrder(models.Model):
    """Where an imported order comes from; the source key makes the same order arrive once."""

    _inherit = "sale.order"

    import_id = fields.Many2one(
        "order.import", string="Imported by", copy=False, readonly=True, index="btree_not_null"
    )
    import_source = fields.Char(copy=False, readonly=True)
    import_key = fields.Char(string="Order number in the source", copy=False, readonly=True)
    import_digest = fields.Char(copy=False, readonly=True)
    import_date = fields.Datetime(string="Order date in the source", copy=False, readonly=True)

    _import_key_unique = models.UniqueIndex(
        "(company_id, import_source, import_key) WHERE import_key IS NOT NULL",
        "This order was imported before.",
    )
