from odoo import models

from ...tools.entry.import_fault import ImportFault
from .order_import_errors import fault_reason


class OrderImportOrder(models.Model):
    """How the import writes its verdicts; a refusal always carries a code and a reason."""

    _inherit = "order.import.order"

    def _refuse(self, code, **params):
        """Refuse these orders with the reason ``code`` of the catalogue."""
        reason = fault_reason(self.env, ImportFault(code, **params))
        self.write({"state": "refused", "code": code, "reason": reason[:500]})

    def _already_there(self, name, same, sale_id=False):
        """The orders were imported before as ``name``, with the ``same`` content or another."""
        if not same:
            self._refuse("OF-IMP-058", found=name)
            return
        reason = fault_reason(self.env, ImportFault("OF-IMP-057", found=name))
        self.write({"state": "exists", "code": "OF-IMP-057", "reason": reason, "sale_order_id": sale_id})

    def _accept(self, **values):
        self.write({"state": "accepted", "code": False, "reason": False, **values})

    def _refuse_because_of(self, line, code, **params):
        """Refuse the order because of one of its rows, and say so on the row."""
        reason = fault_reason(self.env, ImportFault(code, **params))[:500]
        line.write({"code": code, "reason": reason})
        self.write({"state": "refused", "code": code, "reason": reason})

    def _as_dict(self):
        """The order for clients of other systems."""
        self.ensure_one()
        return {
            "key": self.key,
            "kind": self.kind,
            "state": self.state,
            "order_id": self.sale_order_id.id or 0,
            "order": self.sale_order_id.sudo().name or "",  # the name is told even if the order is another's
            "code": self.code or "",
            "reason": self.reason or "",
        }
