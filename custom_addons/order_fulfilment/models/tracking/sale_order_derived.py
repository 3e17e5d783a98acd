from odoo import api, models
from odoo.exceptions import AccessError

from ..derived import given_derived


class DerivedFields(models.AbstractModel):
    """Fields that say what happened: they follow from documents, so no client writes them.

    Computing goes past `write`, and whoever records what happened does so in sudo.
    """

    _name = "fulfilment.derived.fields"
    _description = "Fields That Follow From Documents"

    def _get_derived_names(self):
        """Names of the fields that no client may write."""
        return frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_derived(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_derived(vals)
        return super().write(vals)

    def _check_derived(self, vals):
        if names := given_derived(self, vals, self._get_derived_names()):
            raise AccessError(
                self.env._(
                    "[OF-TRK-011] %s follows from what happened and cannot be written. Record what happened.",
                    ", ".join(names),
                )
            )


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "fulfilment.derived.fields"]

    def _get_derived_names(self):
        dates = {
            f"{name}_date_{end}"
            for name in ("requested", "first_promised", "promised")
            for end in ("from", "to")
        }
        return (
            super()._get_derived_names()
            | dates
            | {
                "is_promised_whole_day",
                "is_requested_whole_day",
                "promise_deadline",
                "requested_deadline",
                "first_promise_deadline",
                "cancelled_at",
                "fulfilment_status",
                "fulfilment_summary",
                "is_followed",
                "is_short",
                "is_proof_due",
                "has_open_ticket",
            }
        )


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "fulfilment.derived.fields"]

    def _get_derived_names(self):
        return super()._get_derived_names() | {"fulfilment_ledger"}


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "fulfilment.derived.fields"]

    def _get_derived_names(self):
        return super()._get_derived_names() | {"arrived_at"}
