from markupsafe import Markup, escape

from odoo import api, fields, models

from ...tools.warehouse.carton_picture import carton_picture, colour_of


class StockCarton(models.Model):
    """A carton proposed for a transfer before it is picked, and once it is used, the package it became.

    ``placements`` are rows ``[product id, content, x, y, z, length, width, height]`` in millimetres, in
    packing order: each piece after those that carry it.
    """

    _name = "stock.carton"
    _description = "Proposed Carton"
    _order = "picking_id, sequence, id"

    picking_id = fields.Many2one(
        "stock.picking", required=True, index=True, ondelete="cascade", readonly=True
    )
    batch_id = fields.Many2one(related="picking_id.batch_id", store=True, index="btree_not_null")
    company_id = fields.Many2one(related="picking_id.company_id", store=True, index=True)
    sequence = fields.Integer("Carton", readonly=True)
    package_type_id = fields.Many2one("stock.package.type", required=True, readonly=True, ondelete="cascade")
    package_id = fields.Many2one("stock.package", readonly=True, index="btree_not_null", ondelete="set null")
    sscc = fields.Char(related="package_id.sscc")
    line_ids = fields.One2many("stock.carton.line", "carton_id", readonly=True)
    piece_count = fields.Integer("Pieces", compute="_compute_piece_count")
    weight = fields.Float("Gross weight", digits="Stock Weight", readonly=True)
    fill = fields.Float("Filled", readonly=True, help="Share of the inner volume that goods take.")
    placements = fields.Json(readonly=True)
    picture = fields.Html(compute="_compute_picture", sanitize=False)

    @api.depends("picking_id.name", "sequence")
    def _compute_display_name(self):
        for carton in self:
            carton.display_name = f"{carton.picking_id.name} / {carton.sequence}"

    @api.depends("placements")
    def _compute_piece_count(self):
        for carton in self:
            carton.piece_count = len(carton.placements or [])

    @api.depends("placements", "package_type_id")
    def _compute_picture(self):
        for carton in self:
            carton.picture = carton._draw()

    def _colours(self):
        """Colour number by product: the same in all cartons of a transfer."""
        products = self.picking_id.carton_ids.line_ids.product_id.sorted("id").ids
        return {product: number for number, product in enumerate(products)}

    def _draw(self):
        colours = self._colours()
        boxes = [(row[0], tuple(row[2:5]), tuple(row[5:8])) for row in self.placements or []]
        for product, *_place in boxes:
            colours.setdefault(product, len(colours))
        size = self.package_type_id._prepare_carton_type().size
        return Markup(carton_picture(size, boxes, colours))

    def _card(self):
        """Picture, title and contents of one carton as HTML."""
        colours = self._colours()
        title = self.env._(
            "Carton %(number)s: %(type)s",
            number=self.sequence,
            type=self.package_type_id.name,
        )
        figures = f"{self.weight:.2f} {self.package_type_id.weight_uom_name} · {self.fill:.0%}"
        rows = Markup("").join(
            Markup('<li><span style="color:%s">■</span> %s × %s</li>')
            % (colour_of(colours[product.id]), f"{quantity:g}", product.display_name)
            for product, quantity in self._contents()
        )
        package = Markup('<div class="text-muted">%s</div>') % (self.package_id.name or "")
        return Markup(
            '<div class="o_of_carton border rounded p-2" style="width:280px"><strong>%s</strong>'
            '<div class="text-muted">%s</div>%s%s<ul class="list-unstyled mb-0">%s</ul></div>'
        ) % (escape(title), escape(figures), package, self.picture or "", rows)

    def _contents(self):
        amounts = {}
        for line in self.line_ids:
            amounts[line.product_id] = amounts.get(line.product_id, 0.0) + line.quantity
        return amounts.items()

    def _as_json(self):
        """For programs: what goes where, in millimetres."""
        self.ensure_one()
        return {
            "carton": self.sequence,
            "package_type": self.package_type_id.name,
            "weight": round(self.weight, 3),
            "fill": round(self.fill, 4),
            "package": self.package_id.name or "",
            "sscc": self.package_id.sscc or "",
            "lines": [line._as_json() for line in self.line_ids],
            "placements": [
                {"product_id": row[0], "pieces_of": row[1], "at": row[2:5], "size": row[5:8]}
                for row in self.placements or []
            ],
        }
