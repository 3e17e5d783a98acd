from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError

from ...tools.promise import REASON_NEW_LINE, REASON_NO_SLOT, Reason
from ...tools.promise_drops import drops, joined, promise_by_line
from ...tools.windows import Interval
from ...tools.zones import to_wall


class SaleOrder(models.Model):
    """An order promised as available: each drop has its window, its place in a slot and its transfer."""

    _inherit = "sale.order"

    def promise_as_available(self, not_before=False):
        """Promise each line as early as it can be, and hold the slots of all drops. See ``docs/api``."""
        self.env["delivery.slot"]._check_may_book()
        self._check_one_to_promise()
        self.check_access("write")
        if self.picking_policy == "one":
            raise UserError(
                self.env._(
                    "[JD-PRM-013] Order %s is to be delivered all at once: promise one window.", self.name
                )
            )
        world, route, lines = self.env["delivery.promise"]._get_facts(self)
        self._check_request(lines, not_before)
        self._record_request(False, not_before)
        asked = self._to_instant(not_before)
        return self._until_there_is_room(
            route, lambda route: self._promise_drops((world, route, lines), asked, {})
        )

    def _promise_drops_anew(self):
        """Promise the lines anew whose window does not hold any more; the others stay where they are."""
        world, route, lines = self.env["delivery.promise"]._get_facts(self)
        return self._until_there_is_room(
            route,
            lambda route: self._promise_drops(
                (world, route, lines), self._to_instant(False), self._get_slots_that_hold(world, route, lines)
            ),
        )

    def _get_slots_that_hold(self, world, route, lines):
        """Return {line id: slot id} of the lines that can still come in the window of their drop."""
        kept = self._get_kept_slots()
        for line, promise in promise_by_line(world, route, lines, kept=kept):
            if self._get_line_obstacles(line, promise):
                kept.pop(line.key, None)
        return kept

    def _promise_drops(self, facts, not_before, kept):
        """Promise and hold drops for the lines that are not ``kept``; answers all drops as plain values."""
        world, route, lines = facts
        found = promise_by_line(world, route, lines, not_before, kept)
        new = drops(route, [each for each in found if each[0].key not in kept], self._get_local_day)
        for promise in new:
            self._refuse_without_window(promise, world)
        before = self.drop_ids
        changed = [self._apply_drop(promise) for promise in sorted(new, key=lambda each: each.window)]
        (before & self.drop_ids)._end_empty()
        if self.delivery_slot_id:
            self._let_slot_go()  # it was promised together until now
        self._claim_drops()
        by_drop = self._get_by_drop(found)
        for drop, times in self._get_chains(by_drop, world, route).items():
            drop.sudo().write(times)
        self._record_drops(changed, world)
        if self.state == "sale":
            self._schedule_chain()
        return self._get_drops_values()

    def _get_local_day(self, instant):
        return to_wall(self._get_place_zone(), instant).date()

    # ------------------------------------------------------------ the promise must still hold

    def _get_kept_slots(self):
        """Return {line id: slot id} of the lines that have a drop."""
        return {line.id: line.drop_id.delivery_slot_id.id for line in self.order_line if line.drop_id}

    def _weigh_drops(self, world, route, lines):
        """Return (reasons, chains) as ``_weigh_window``, each line weighed for the window of its drop."""
        found = promise_by_line(world, route, lines, kept=self._get_kept_slots())
        reasons = [reason for line, promise in found for reason in self._get_line_obstacles(line, promise)]
        if reasons:
            return tuple(dict.fromkeys(reasons)), {}
        return (), self._get_chains(self._get_by_drop(found), world, route)

    def _get_line(self, line):
        return self.env["sale.order.line"].browse(line.key)

    def _get_line_obstacles(self, line, promise):
        """Return why ``line`` cannot come in the window of its drop with this ``promise``."""
        drop = self._get_line(line).drop_id
        if not drop:
            return [Reason(REASON_NEW_LINE, line.product, None)]
        if promise.window and promise.window.start < drop.delivery_window_stop:
            return []
        return list(promise.reasons) or [Reason(REASON_NO_SLOT, None, None)]

    def _get_by_drop(self, found):
        """Return {drop: [(line, promise)]}."""
        by_drop = {}
        for line, promise in found:
            by_drop.setdefault(self._get_line(line).drop_id, []).append((line, promise))
        return by_drop

    def _get_chains(self, by_drop, world, route):
        """Return {drop: times before its window}; each drop leaves the next what working time is left."""
        free, chains = dict(world.resources), {}
        for drop, members in by_drop.items():
            promise = joined(members)
            start = max(drop.delivery_window_start, promise.window.start)
            promise = replace(promise, window=Interval(start, drop.delivery_window_stop))
            chains[drop] = self._get_chain(promise, world, route, promise.lines, free)
        return chains

    # ------------------------------------------------------------ applying

    def _apply_drop(self, promise):
        """Give a new promise its drop, which may be one that is kept; answers (drop, promise)."""
        drop = self._find_drop(promise) or self.drop_ids.sudo().create({"order_id": self.id})
        lines = self.order_line.browse(line.key for line in promise.lines)
        stays = drop.line_ids - lines
        if stays and drop.delivery_window_start:
            start = max(drop.delivery_window_start, promise.window.start)
            promise = replace(promise, window=Interval(start, drop.delivery_window_stop))
        lines.sudo().drop_id = drop
        drop.sudo().write(drop._prepare_window(promise, {}))
        if promise.slot and drop.delivery_slot_id.id != promise.slot:
            slot = self.env["delivery.slot"].browse(promise.slot)
            drop._take_over(self, slot)
            if drop.delivery_slot_id != slot:
                drop._hold_slot(slot)
        return drop, promise

    def _find_drop(self, promise):
        """Return the drop of this order that goes to the slot, else the window, of ``promise``."""
        open_drops = self.drop_ids.filtered(lambda drop: not drop._has_begun())
        if promise.slot:
            return open_drops.filtered(lambda drop: drop.delivery_slot_id.id == promise.slot)[:1]
        return open_drops.filtered(lambda drop: drop.delivery_window_stop == promise.window.end)[:1]

    def _claim_drops(self):
        """Let each hold take what its drop takes now; one that has expired is claimed anew."""
        for drop in self.drop_ids.filtered(lambda drop: drop.delivery_slot_id and not drop._is_over()):
            drop._claim_slot(drop.delivery_slot_id)

    def _end_drops(self):
        """From now on the order is promised together."""
        for drop in self.drop_ids:
            drop._end()

    def _record_drops(self, changed, world):
        """Keep the promises in the history, of each line and of the order, and what bound them."""
        starts, stops = (self.drop_ids.mapped(f"delivery_window_{end}") for end in ("start", "stop"))
        span = {"delivery_window_start": min(starts), "delivery_window_stop": max(stops)}
        times = {
            name: min(filter(None, self.drop_ids.mapped(name)), default=False)
            for name in ("load_date", "pack_start_date", "pick_start_date")
        }
        texts = [f"{drop.delivery_window_local}: {drop.promise_explanation}" for drop in self.drop_ids]
        values = {**span, **times, "promise_explanation": "\n".join(texts)}
        self.sudo().write(values)  # no client writes these
        for drop, promise in changed:
            for line in promise.lines:
                window = (drop.delivery_window_start, drop.delivery_window_stop)
                why = drop.promise_explanation
                self._record_promise("promised", *window, why, line=self._get_line(line))
        row = self._record_window(Interval(*span.values()), self.env._("Promised as available"))
        for _drop, promise in changed[-1:]:
            self.env["delivery.promise.bound"]._record(row, promise.reasons, world.now)

    def _get_drop_of_window(self, start, stop):
        """Return the drop in that window, the order itself if it is promised together."""
        return (
            self.drop_ids.sudo().filtered(
                lambda drop: (drop.delivery_window_start, drop.delivery_window_stop) == (start, stop)
            )[:1]
            or self
        )

    def _get_drops_values(self):
        return [
            {"drop_id": drop.id, "line_ids": drop.line_ids.ids, **drop._get_promise_values()}
            for drop in self.drop_ids.sorted("delivery_window_start")
        ]
