from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import MAX_TEXT, is_text, record_id
from ...tools.slot_load import DIMENSIONS, LoadError, read_load

FIRST_YEAR, LAST_YEAR = (
    1970,
    2999,
)  # a time outside is a slip, and near the ends of the calendar sums overflow


class HoldNotLiveError(UserError):
    """The hold has expired, was given back, or never was."""


class DeliverySlot(models.Model):
    """What clients hand over, checked: odd values end in a sentence with a code, never in a server error."""

    _inherit = "delivery.slot"

    @api.model
    def _check_may_book(self):
        user = self.env.user
        if not (
            self.env.su
            or user.has_group("sales_team.group_sale_salesman")
            or user.has_group("jit_delivery.group_user")
        ):
            raise AccessError(
                self.env._("[JD-SLT-020] Only salespeople and dispatchers book delivery slots.")
            )

    @api.model
    def _read_load(self, load):
        try:
            return read_load({} if load is None or load is False else load)
        except LoadError as error:
            raise UserError(
                self.env._(
                    "[JD-SLT-021] Load: '%(name)s' is not one of %(known)s with an amount of 0 or more.",
                    name=str(error.dimension)[:MAX_TEXT],
                    known=", ".join(DIMENSIONS),
                )
            ) from error

    @api.model
    def _read_text(self, name, value):
        """Return the text of argument ``name``, "" if none was given."""
        if value is None or value is False or value == "":
            return ""
        if not is_text(value):
            raise UserError(
                self.env._(
                    "[JD-SLT-036] %(name)s must be a text of 1 to %(most)s characters, not '%(value)s'.",
                    name=name,
                    most=MAX_TEXT,
                    value=str(value)[:40],
                )
            )
        return value

    @api.model
    def _read_flag(self, name, value):
        """Return the truth value of argument ``name``: a text "false" is none, and would book."""
        if value is None or value in (True, False) and isinstance(value, int):
            return bool(value)
        raise UserError(
            self.env._(
                "[JD-SLT-037] %(name)s must be true or false, not '%(value)s'.",
                name=name,
                value=str(value)[:40],
            )
        )

    @api.model
    def _read_key(self, key):
        """Return the key of a hold that must exist."""
        return self._read_text("key", key) or self._raise_no_hold(key)

    @api.model
    def _raise_no_hold(self, key):
        raise HoldNotLiveError(self.env._("[JD-SLT-032] There is no hold with key %s.", key))

    @api.model
    def _read_instant(self, value):
        try:
            instant = fields.Datetime.to_datetime(value)
        except (ValueError, TypeError):
            instant = None
        if not instant or not FIRST_YEAR <= instant.year <= LAST_YEAR:
            raise UserError(
                self.env._("[JD-SLT-024] '%s' is not a time like 2027-01-31 13:00:00 (UTC).", str(value)[:40])
            )
        return instant

    @api.model
    def _find_address(self, partner_id):
        partner = self.env["res.partner"].browse(record_id(partner_id)).exists()
        if not partner:
            raise UserError(self.env._("[JD-SLT-022] There is no address with id %s.", str(partner_id)[:40]))
        partner.check_access("read")
        return partner

    @api.model
    def _find_warehouse(self, warehouse_id):
        """Return the warehouse with that id; one that this user may not see is missing for them."""
        warehouse = self.env["stock.warehouse"].search([("id", "=", record_id(warehouse_id))])
        if not warehouse:
            raise UserError(
                self.env._("[JD-SLT-035] There is no warehouse with id %s.", str(warehouse_id)[:40])
            )
        return warehouse

    @api.model
    def _find_slot(self, slot_id):
        """Return the slot with what a claim reads of it, in one query: this is the busiest call of all.

        A slot that this user may not see is missing for them.
        """
        slot = self.search_fetch(
            [("id", "=", record_id(slot_id)), ("active", "in", (True, False))],
            ["start", "stop", "warehouse_id", "company_id"],
        )
        if not slot:
            raise UserError(self.env._("[JD-SLT-026] There is no slot with id %s.", str(slot_id)[:40]))
        return slot
