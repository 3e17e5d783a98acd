from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PackingClass(models.Model):
    """A kind of goods for packing ("food", "solvents") and the kinds it must not share a carton with.

    The rule counts in both directions, whichever side it was entered on.
    """

    _name = "packing.class"
    _description = "Packing Class"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()
    apart_ids = fields.Many2many(
        "packing.class",
        "packing_class_apart_rel",
        "class_id",
        "apart_id",
        string="Never together with",
    )

    _unique_name = models.Constraint("UNIQUE(name)", "[OF-WH-046] There is a packing class of this name.")

    @api.constrains("apart_ids")
    def _check_apart(self):
        for record in self:
            if record in record.apart_ids:
                raise ValidationError(
                    self.env._(
                        "[OF-WH-047] %s cannot be kept apart from itself: a carton may hold several of them.",
                        record.name,
                    )
                )
