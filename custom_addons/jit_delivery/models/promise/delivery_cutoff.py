from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.cutoffs import Cutoff, CutoffPlan
from ..windows.delivery_frequency import DAYS
from ..windows.delivery_window import to_minutes


class DeliveryCutoff(models.Model):
    """Until when goods ordered leave with which departure, on which weekdays, in the warehouse's wall time.

    The most particular cut-offs count: of the delivery method and route, else of one of them, else of the
    warehouse.
    """

    _name = "delivery.cutoff"
    _description = "Delivery Cut-off"
    _order = "warehouse_id, hour_cutoff"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, check_company=True, index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    carrier_id = fields.Many2one("delivery.carrier", "Delivery method", check_company=True)
    route_id = fields.Many2one("stock.route", check_company=True)
    hour_cutoff = fields.Float("Cut-off", required=True, default=14.0)
    hour_departure = fields.Float("Departure", required=True, default=17.0)
    departure_days = fields.Integer("Days later", help="0: the departure is on the day of the cut-off.")
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()

    @api.constrains("hour_cutoff", "hour_departure", "departure_days")
    def _check_times(self):
        for cutoff in self:
            try:
                cutoff._to_rules()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "[JD-CUT-001] Cut-off %(name)s: %(reason)s.", name=cutoff.name, reason=str(error)
                    )
                ) from error

    def _to_rules(self):
        departure = to_minutes(self.hour_departure) + 1440 * self.departure_days
        minute = to_minutes(self.hour_cutoff)
        return [Cutoff(day, minute, departure) for day, name in enumerate(DAYS) if self[name]]

    @api.model
    def _get_plan(self, warehouse, carrier=None, routes=None):
        """Return the :class:`CutoffPlan` for a delivery, or None if goods may leave at any time."""
        carrier_id = carrier.id if carrier else False
        route_ids = [False, *(routes.ids if routes else [])]
        found = self.sudo().search(  # planners' set-up decides for everybody who sells
            [
                ("warehouse_id", "=", warehouse.id),
                ("carrier_id", "in", [False, carrier_id]),
                ("route_id", "in", route_ids),
            ]
        )
        best = max((cutoff._get_rank() for cutoff in found), default=None)
        chosen = found.filtered(lambda cutoff: cutoff._get_rank() == best)
        if not chosen:
            return None
        return CutoffPlan(
            warehouse._get_zone(), tuple(rule for cutoff in chosen for rule in cutoff._to_rules())
        )

    def _get_rank(self):
        return bool(self.carrier_id) + bool(self.route_id)
