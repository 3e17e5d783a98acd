from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import is_whole
from ...tools.promise import REASON_NO_SLOT, Reason, promise_together
from ...tools.promise_drops import chain, with_full_slot
from ...tools.promise_offers import offers
from ...tools.windows import Interval
from ..slots.delivery_slot_rpc import SlotIsFullError

MAX_OFFERS = 50


class SaleOrder(models.Model):
    """Promising an order: the earliest window that holds, its hold, and the times before it."""

    _inherit = "sale.order"

    asked_window_start = fields.Datetime("Asked for from", copy=False)
    asked_window_stop = fields.Datetime("Asked for until", copy=False)

    _asked_window_ends_after_start = models.Constraint(
        "CHECK (asked_window_stop >= asked_window_start)",
        "[JD-PRM-011] The window asked for must end after it starts.",
    )

    # ------------------------------------------------------------ for clients

    def get_delivery_windows(self, count=5, not_before=False):
        """Return the next ``count`` possible windows and why earlier ones fail. See ``docs/api``."""
        self.env["delivery.slot"]._check_may_book()
        self._check_one_to_promise()
        if not is_whole(count, 1, MAX_OFFERS):
            raise UserError(self.env._("[JD-PRM-002] Ask for 1 to %s windows.", MAX_OFFERS))
        world, route, lines = self.env["delivery.promise"]._get_facts(self)
        self._check_request(lines, not_before)
        found = offers(world, route, lines, count, self._to_instant(not_before))
        return [self._offer_to_values(offer) for offer in found]

    def promise_delivery(self, slot_id=False, not_before=False):
        """Promise one slot, or the earliest window, for the whole order, and hold it. See ``docs/api``."""
        self.env["delivery.slot"]._check_may_book()
        self._check_one_to_promise()
        self.check_access("write")
        if slot_id is not False and slot_id is not None:
            slot_id = self._find_own_slot(slot_id).id
        world, route, lines = self.env["delivery.promise"]._get_facts(self)
        self._check_request(lines, not_before)
        self._record_request(slot_id, not_before)
        if slot_id:
            route = replace(route, slots=tuple(slot for slot in route.slots or () if slot.key == slot_id))
        asked = self._to_instant(not_before)
        self._until_there_is_room(route, lambda route: self._promise_together((world, route, lines), asked))
        return self._get_promise_values()

    def _promise_together(self, facts, not_before):
        world, route, lines = facts
        promise = promise_together(world, route, lines, not_before)
        self._refuse_without_window(promise, world)
        slot = self.env["delivery.slot"].browse(promise.slot or [])
        self._take_over(self.drop_ids, slot)
        if slot:
            self._claim_slot(slot)
        self._end_drops()
        self._apply_window(promise, world, route, lines)

    def _until_there_is_room(self, route, promise):
        """Answer ``promise(route)``; a slot that was taken since the facts were read counts as full then.

        The facts of a request are as old as its snapshot, a claim sees what others committed meanwhile.
        """
        known_full = set()
        while True:
            try:
                return promise(route)
            except SlotIsFullError as error:
                if error.slot_id in known_full or len(route.slots or ()) < 2:
                    raise
                known_full.add(error.slot_id)
                route = with_full_slot(route, error.slot_id)

    def _to_instant(self, value):
        """Return the time not to come before: ``value``, else the begin of the window asked for."""
        if value:
            return self.env["delivery.slot"]._read_instant(value)
        asked = self.asked_window_start
        return asked if asked and asked > fields.Datetime.now() else None

    def _check_request(self, lines, not_before):
        if not lines:
            raise UserError(self.env._("[JD-PRM-003] Order %s has nothing to deliver.", self.name))
        asked = self._to_instant(not_before)
        if asked and asked < fields.Datetime.now():
            raise UserError(self.env._("[JD-PRM-004] Order %s: the time asked for is past.", self.name))

    def _refuse_without_window(self, promise, world):
        if promise.window:
            return
        why = [self._reason_to_text(reason) for reason in promise.reasons]
        raise UserError(
            self.env._(
                "[JD-PRM-005] Order %(order)s cannot be promised until %(horizon)s: %(why)s",
                order=self.name,
                horizon=world.horizon.date(),
                why="; ".join(why) or self.env._("no such slot is open"),
            )
        )

    # ------------------------------------------------------------ the promise must still hold

    def _confirmation_error_message(self):
        """A window was promised: refuse to confirm if goods or capacity for it are gone meanwhile."""
        return super()._confirmation_error_message() or self._get_broken_promise()

    def _get_broken_promise(self):
        """Return why the promised window cannot be kept any more, or False.

        If it can, the times before it become those that are free now: orders promised at the same moment do
        not see each other, and may have counted on the same hands.
        """
        if not self.delivery_window_stop or self.state not in ("draft", "sent"):
            return False
        reasons, chains = self._weigh_window()
        for drop, times in chains.items():
            drop.sudo().write(times)
        return bool(reasons) and self.env._(
            "[JD-PRM-006] Order %(order)s: the promised window cannot be kept any more (%(why)s)."
            " Choose a window again.",
            order=self.name,
            why="; ".join(self._reason_to_text(reason) for reason in reasons),
        )

    def _weigh_window(self):
        """Return (reasons, chains): why the window in force cannot be kept, else {delivery: times before it}.

        No reasons if it can be kept, or if there is none.

        Orders for the same goods wait for each other here: else two of them would see the same stock.
        """
        end = self.delivery_window_stop or self.promise_deadline
        if not end:
            return (), {}
        world, route, lines = self.env["delivery.promise"]._get_facts(self)
        if not lines:
            return (), {}
        self.env["delivery.promise.guard"]._serialize(self.warehouse_id, world)
        if self.drop_ids:
            return self._weigh_drops(world, route, lines)
        if route.slots is not None and self.delivery_window_stop:
            route = replace(route, slots=tuple(s for s in route.slots if s.key == self.delivery_slot_id.id))
        promise = promise_together(world, route, lines)
        if not promise.window or promise.window.start >= end:
            return promise.reasons or (Reason(REASON_NO_SLOT, None, None),), {}
        if not self.delivery_window_stop:
            return (), {}
        window = Interval(max(self.delivery_window_start, promise.window.start), end)
        return (), {self: self._get_chain(replace(promise, window=window), world, route, lines)}

    # ------------------------------------------------------------ applying

    def _apply_window(self, promise, world, route, lines):
        """Write the window and the chain before it on the order, and record the promise."""
        times = self._get_chain(promise, world, route, lines)
        self.sudo().write(self._prepare_window(promise, times))  # no client writes these
        reasons = "\n".join(self._reason_to_text(reason) for reason in promise.reasons)
        row = self._record_window(promise.window, reasons or self.env._("Promised from stock"))
        self.env["delivery.promise.bound"]._record(row, promise.reasons, world.now)
        if self.state == "sale":
            self._schedule_chain()

    def _record_window(self, window, reason):
        """Keep the promise in the history of ``order_fulfilment``, which also sets ``commitment_date``."""
        given = self.env.context.get("promise_reason")  # by whoever changes a promise
        why = [given, reason] if isinstance(given, str) else [reason]
        return self._record_promise("promised", window.start, window.end, "\n".join(why))

    def _record_request(self, slot_id, not_before):
        """Keep what the customer asked for, before it is promised: a slot, or a time not to come before.

        Only the first request counts; on-time is measured against it.
        """
        slot = self.env["delivery.slot"].browse(slot_id or [])
        start = self.asked_window_start or slot.start or self._to_instant(not_before)
        if self._get_promise_in_force("requested") or not start:
            return
        stop = self.asked_window_stop or slot.stop or start
        self._record_promise("requested", start, stop, self.env._("Asked for when promising"))

    @api.model
    def _prepare_requested_window(self, start, end):
        """Keep both ends of the window that an order came in with; promising begins at its start."""
        return {
            **super()._prepare_requested_window(start, end),
            "asked_window_start": start,
            "asked_window_stop": end,
        }

    def _get_chain(self, promise, world, route, lines, free=None):
        """Return loading, pack and pick start: as late as the window allows, in working time."""
        free = dict(world.resources) if free is None else free
        load, pack_start, pick_start = chain(world, route, promise, lines, free)
        return {"load_date": load, "pack_start_date": pack_start, "pick_start_date": pick_start}
