import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import is_whole
from ...tools.slot_load import DIMENSIONS, Load, binding
from ...tools.windows import intersect, merge
from . import claim
from .delivery_slot_arguments import HoldNotLiveError

DEFAULT_HOLD_MINUTES = 15
MAX_HOLD_MINUTES = 24 * 60


class SlotIsFullError(UserError):
    """Slot ``slot_id`` has no room for the demand."""

    def __init__(self, message, slot_id):
        super().__init__(message)
        self.slot_id = slot_id


class DeliverySlot(models.Model):
    """Claims for clients: the four verbs of ``docs/api``, for people, the portal and other systems alike."""

    _inherit = "delivery.slot"

    # ------------------------------------------------------------ offering

    @api.model
    def get_windows(self, partner_id, date_from, date_to, load=None, warehouse_id=False):
        """Return the slots between two UTC times for an address, each with what speaks against it."""
        self._check_may_book()
        partner = self._find_address(partner_id)
        start, end = self._read_instant(date_from), self._read_instant(date_to)
        if end <= start or end - start > timedelta(days=400):
            raise UserError(
                self.env._("[JD-SLT-023] Ask for a span of time of 1 to 400 days that ends after it starts.")
            )
        demand = self._read_load(load)
        domain = [("start", "<", end), ("stop", ">", start)]
        if warehouse_id is not None and warehouse_id is not False:
            domain.append(("warehouse_id", "=", self._find_warehouse(warehouse_id).id))
        receiving = partner._get_receiving_windows(start - timedelta(days=2), end + timedelta(days=2))
        open_times = None if receiving is None else merge(receiving)
        slots = self.search(domain)
        overdue = slots._get_overdue()
        return [slot._get_offer(partner, demand, open_times, overdue.get(slot.id)) for slot in slots]

    def _get_offer(self, partner, demand, open_times, overdue=None):
        """Return one answer row of :meth:`get_windows`; ``open_times`` None means "receives at any time"."""
        reasons = self._get_obstacles(partner, demand, open_times, overdue)
        return {
            "slot_id": self.id,
            "name": self.name,
            "start": fields.Datetime.to_string(self.start),
            "stop": fields.Datetime.to_string(self.stop),
            "is_free": not reasons,
            "reasons": reasons,
        }

    def _get_obstacles(self, partner, demand, open_times, overdue):
        """Return in plain words why this slot cannot take ``demand`` for ``partner``; empty if it can."""
        reasons = []
        if self.is_closed:
            reasons.append(self.env._("The slot is closed for booking"))
        if self.start <= fields.Datetime.now():
            reasons.append(self.env._("The slot has begun already"))
        if self.carrier_id and not self.carrier_id._match_address(partner):
            reasons.append(self.env._("%s does not deliver to this address", self.carrier_id.name))
        if open_times is not None and not intersect(open_times, [(self.start, self.stop)]):
            reasons.append(self.env._("The customer does not receive at that time"))
        full = binding(self._get_load("capacity"), self._get_taken(overdue), demand)
        if full:
            reasons.append(self.env._("The slot is full (%s)", ", ".join(full)))
        return reasons

    def _get_load(self, side):
        return Load(*[self[f"{side}_{name}"] for name in DIMENSIONS])

    def _get_taken(self, *less):
        """Return what is taken, without the loads ``less`` (None is nothing)."""
        taken = Load(*[self[f"claimed_{name}"] + self[f"overbooked_{name}"] for name in DIMENSIONS]).exact()
        for load in filter(None, less):
            taken = [max(a - b, 0) for a, b in zip(taken, load.exact(), strict=True)]
        return Load(*taken)

    def _get_overdue(self):
        """Return {slot id: load} of holds past their time, which the next claim or the sweeper ends."""
        groups = (
            self.env["delivery.slot.hold"]
            .sudo()  # loads only, of slots this user may read
            ._read_group(
                [
                    ("slot_id", "in", self.ids),
                    ("state", "=", "held"),
                    ("expires_at", "<=", fields.Datetime.now()),
                ],
                ["slot_id"],
                [f"{name}:sum" for name in DIMENSIONS],
            )
        )
        return {slot.id: Load(*amounts) for slot, *amounts in groups}

    # ------------------------------------------------------------ claiming

    @api.model
    def hold(
        self, slot_id, key="", load=None, minutes=DEFAULT_HOLD_MINUTES, overbook_reason="", is_confirmed=False
    ):
        """Claim room in a slot for ``minutes``, or book it at once. A key claims once."""
        self._check_may_book()
        if not is_whole(minutes, 1, MAX_HOLD_MINUTES):
            raise UserError(self.env._("[JD-SLT-025] A hold lasts 1 to %s minutes.", MAX_HOLD_MINUTES))
        is_confirmed = self._read_flag("is_confirmed", is_confirmed)
        slot = self._find_slot(slot_id)
        answer = slot._claim(
            self._read_load(load),
            self._read_text("key", key) or uuid.uuid4().hex,
            minutes,
            overbook_reason=self._read_text("overbook_reason", overbook_reason),
            state="confirmed" if is_confirmed else "held",
        )
        if is_confirmed and answer["state"] != "confirmed":  # the key held it before
            return self._confirm(answer["key"], slot.company_id)
        return answer

    def _claim(self, load, key, minutes, order=None, overbook_reason="", state="held"):  # long: one table
        """Claim ``load`` under ``key`` in a transaction of its own; answers the hold as plain values."""
        self.ensure_one()
        self._check_not_past(key)
        if overbook_reason and not self.env.user.has_group("jit_delivery.group_manager"):
            raise AccessError(self.env._("[JD-SLT-027] Only managers book beyond the capacity of a slot."))
        vals = {
            "slot_id": self.id,
            "company_id": self.company_id.id,
            "key": key,
            "state": state,
            "expires_at": fields.Datetime.now() + timedelta(minutes=minutes),
            "confirmed_at": fields.Datetime.now() if state == "confirmed" else None,
            "order_ref": order.id if order else None,
            "is_overbooked": bool(overbook_reason),
            "reason": overbook_reason or None,
            "create_uid": self.env.uid,
        }
        try:
            known = self._take(vals, load)
        except (claim.SlotFullError, claim.SlotGoneError) as error:
            raise self._get_no_room_error(error) from error
        return self._get_answer(known or {**vals, "start": self.start, "stop": self.stop}, known and load)

    def _take(self, vals, load):
        """Claim, if need be in the room of holds that are past their time; answers the row of a known key."""
        for attempt in (1, 2):
            try:
                with claim.claim_cursor(self.env) as cr:
                    is_new = claim.take(cr, vals, load)
                    return None if is_new else claim.read(cr, vals["company_id"], vals["key"])
            except claim.SlotFullError:
                if attempt == 2 or not self.env["delivery.slot.hold"]._end_left_over(self.id):
                    raise
        return None

    def _get_no_room_error(self, error):
        """Return what a person is told when a claim was refused with ``error``."""
        if isinstance(error, claim.SlotGoneError):
            text = self.env._("[JD-SLT-029] %s is closed for booking. Choose another slot.", self.name)
            return UserError(text)
        return SlotIsFullError(
            self.env._(
                "[JD-SLT-028] %(slot)s is full (%(dimensions)s). Choose another slot.",
                slot=self.name,
                dimensions=", ".join(error.dimensions),
            ),
            self.id,
        )

    def _check_not_past(self, key):
        if self.start > fields.Datetime.now():
            return
        known = (
            self.env["delivery.slot.hold"]
            .sudo()
            .search_count([("company_id", "=", self.company_id.id), ("key", "=", key)], limit=1)
        )
        if not known:
            raise UserError(self.env._("[JD-SLT-030] %s lies in the past. Choose a later slot.", self.name))

    def _get_answer(self, row, load=None):
        """Return a hold's row as plain values; refuses a key that was used for something else."""
        same = load is None or (
            row["slot_id"] == self.id and Load(*[row[name] for name in DIMENSIONS]).exact() == load.exact()
        )
        if not same:
            raise UserError(
                self.env._(
                    "[JD-SLT-031] Key %s was used for another slot or load. Use a new key.", row["key"]
                )
            )
        times = {name: fields.Datetime.to_string(row[name]) for name in ("start", "stop", "expires_at")}
        is_overdue = row["state"] == "held" and row["expires_at"] <= fields.Datetime.now()
        state = "expired" if is_overdue else row["state"]  # the sweeper only writes down what is so
        return {"key": row["key"], "state": state, "slot_id": row["slot_id"], **times}

    @api.model
    def confirm(self, key):
        """Turn a live hold into a booking. Confirming again answers the same booking."""
        self._check_may_book()
        return self._confirm(self._read_key(key), self.env.company | self.env.companies)

    @api.model
    def _confirm(self, key, companies):
        with claim.claim_cursor(self.env) as cr:
            row = self._lock_row(cr, key, companies)
            if row["state"] not in ("held", "confirmed"):
                raise HoldNotLiveError(self._get_dead_text(key))
            if row["state"] == "held" and not claim.confirm(cr, row["id"]):
                raise HoldNotLiveError(self._get_dead_text(key))
            row["state"] = "confirmed"
        return self._get_answer(row)

    @api.model
    def release(self, key):
        """Give a hold or booking back. Releasing again answers the same."""
        self._check_may_book()
        with claim.claim_cursor(self.env) as cr:
            row = self._lock_row(cr, self._read_key(key), self.env.company | self.env.companies)
            self._check_not_of_order(row)
            if claim.give_back(cr, [row["id"]], "released"):
                row["state"] = "released"
        return self._get_answer(row)

    def _check_not_of_order(self, row):
        order = self.env["sale.order"].sudo().browse(row["order_ref"] or 0).exists()
        if order._keeps_hold(row["key"]):
            raise UserError(
                self.env._(
                    "[JD-SLT-033] Order %s is confirmed with this booking: change or cancel it.", order.name
                )
            )

    @api.model
    def _lock_row(self, cr, key, companies):
        """Return the hold with that key, of the user's company or else of another that they work in."""
        for company in companies:
            row = claim.read(cr, company.id, key, lock=True)
            if row:
                return row
        return self._raise_no_hold(key)

    def _get_dead_text(self, key):
        return self.env._("[JD-SLT-034] Hold %s has expired or was given back. Hold a slot again.", key)
