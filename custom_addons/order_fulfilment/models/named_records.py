"""Records as programs name them: Odoo takes any value for an id and fails in the database, with its words."""

from odoo import api, models
from odoo.api import NewId
from odoo.exceptions import UserError


def refuse_odd_ids(records):
    """Refuse ids that are no whole numbers. Records that are not saved yet have no such id, and are none."""
    for id_ in records._ids:
        if type(id_) is not int or id_ < 1:
            raise UserError(_odd_id_text(records, id_))


def refuse_but_one(records):
    """Refuse anything but one saved record."""
    refuse_odd_ids(records)
    if len(records._ids) != 1:
        raise UserError(_count_text(records))


def _count_text(records):
    text = records.env._("[OF-RPC-002] Name exactly one record of “%(what)s”, not %(count)s.")
    return text % {"what": records._description, "count": len(records._ids)}


def _odd_id_text(records, given):
    return records.env._("[OF-RPC-001] “%s” is no id: name the records by whole numbers.", str(given)[:40])


class OrderFulfilmentNamed(models.AbstractModel):
    """Models whose methods are called by programs: what is no id, and one too many, gets a typed answer."""

    _name = "order.fulfilment.named"
    _description = "Records Named by Programs"

    @api.private
    def browse(self, ids=()):
        if type(ids) is int:
            return super().browse(ids)
        if ids is True or isinstance(ids, str | float):
            raise UserError(_odd_id_text(self, ids))
        ids = tuple(ids or ())
        for id_ in ids:
            if type(id_) is not int and not isinstance(id_, NewId):
                raise UserError(_odd_id_text(self, id_))
        return super().browse(ids)

    @api.private
    def ensure_one(self):
        if len(self._ids) != 1:
            raise UserError(_count_text(self))
        return self
