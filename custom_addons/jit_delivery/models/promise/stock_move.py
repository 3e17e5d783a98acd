from odoo import fields, models
from odoo.fields import Domain

from ...tools.zones import to_wall


class StockMove(models.Model):
    """Moves know the window they are for: one transfer for each local date and window."""

    _inherit = "stock.move"

    delivery_window_start = fields.Datetime("Window from", readonly=True)
    delivery_window_stop = fields.Datetime("Window until", readonly=True)

    def _get_window_key(self):
        """Return the local date and the window of a delivery, or () without a window."""
        if not self.delivery_window_start:
            return ()
        zone = (
            self.partner_id.tz or self.warehouse_id._get_zone()
            if self.warehouse_id
            else self.partner_id.tz or "UTC"
        )
        local_date = to_wall(zone, self.delivery_window_start).date()
        return (local_date, self.delivery_window_start, self.delivery_window_stop)

    def _key_assign_picking(self):
        return (*super()._key_assign_picking(), *self._get_window_key())

    def _search_picking_for_assignation_domain(self):
        domain = super()._search_picking_for_assignation_domain()
        if self.delivery_window_start:
            domain += [
                ("move_ids.delivery_window_start", "=", self.delivery_window_start),
                ("move_ids.delivery_window_stop", "=", self.delivery_window_stop),
            ]
        return domain

    def _action_cancel(self):
        """A delivery whose transfers are all called off takes no place, and nothing is made for it."""
        # sudo: whoever cancels a transfer frees its place, its work and its parts
        orders, made = self.sudo().sale_line_id.order_id, self.sudo().move_orig_ids.production_id
        result = super()._action_cancel()
        orders._give_idle_places_back()
        made.filtered("load_date")._make_what_is_asked_for()  # only what was planned for a delivery
        return result

    def _wait_for_assembly(self):
        """Link moves to the assembly they wait for.

        For an order that needs more of a product, Odoo enlarges the manufacturing order that there is, but
        forgets that the new move is for it: nothing would ever be reserved.
        """
        for move in self.filtered(lambda m: m.procure_method == "make_to_order" and not m.move_orig_ids):
            finished = move.reference_ids.production_ids.move_finished_ids.filtered(
                lambda made, move=move: (
                    made.product_id == move.product_id
                    and made.location_dest_id == move.location_id
                    and made.state not in ("done", "cancel")
                )
            )
            move.move_orig_ids = finished.sorted(lambda made: -made.production_id._get_excess())[:1]

    def _regroup_by_window(self):
        """Bring open moves, all of one window, to one transfer for each step; what is empty then goes."""
        homes, left = {}, self.picking_id
        groups = self.grouped("picking_id")
        shared = [picking for picking, moves in groups.items() if picking._has_other_windows(moves)]
        for picking in sorted(groups, key=lambda picking: picking in shared):
            moves, step = groups[picking], picking.picking_type_id
            if picking in shared or (step in homes and not picking.batch_id):
                moves._move_to_transfer(homes.get(step, self.env["stock.picking"]))
            homes.setdefault(step, moves.picking_id[:1])
        left.filtered(lambda picking: not picking.move_ids).unlink()

    def _move_to_transfer(self, picking):
        """Go to ``picking``; without one to any open transfer of the same window, or to a new one."""
        self.picking_id = picking
        if not picking:
            self._assign_picking()
        for move in self:
            move.move_line_ids.picking_id = move.picking_id


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_possible_batches_domain(self):
        return super()._get_possible_batches_domain() & self._get_same_window_domain("picking_ids.move_ids")

    def _get_possible_pickings_domain(self):
        return super()._get_possible_pickings_domain() & self._get_same_window_domain("move_ids")

    def _get_same_window_domain(self, moves):
        """Batches that Odoo builds by itself (for each customer) go out for one window, as transfers do."""
        move = self.move_ids.filtered("delivery_window_start")[:1]
        if not move:
            return Domain.TRUE
        times = {name: move[name] for name in ("delivery_window_start", "delivery_window_stop")}
        return Domain.AND([(f"{moves}.{name}", "=", value)] for name, value in times.items())

    def _has_other_windows(self, moves):
        """Say whether this transfer has open moves for another window than ``moves``, a part of it."""
        others = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel")) - moves
        return any(move._get_window_key() != moves[0]._get_window_key() for move in others)


class StockRule(models.Model):
    """The window travels down the chain, whether a step is pulled or pushed."""

    _inherit = "stock.rule"

    def _make_mo_get_domain(self, procurement, bom):
        """For a promised window each need has a manufacturing order of its own, made when it is wanted.

        Odoo would enlarge the one that there is for the order, which other goods may need at another time.
        """
        domain = super()._make_mo_get_domain(procurement, bom)
        orders = (procurement.values.get("reference_ids") or self.env["stock.reference"]).sudo().sale_ids
        return (*domain, ("id", "=", False)) if any(orders.mapped("delivery_window_stop")) else domain

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "delivery_window_start", "delivery_window_stop"]

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        values = super()._push_prepare_move_copy_values(move_to_copy, new_date)
        order = move_to_copy.sale_line_id.order_id or move_to_copy.reference_ids.sale_ids[:1]
        drop = order._get_drop_of_window(
            move_to_copy.delivery_window_start, move_to_copy.delivery_window_stop
        )
        if drop.load_date and move_to_copy.delivery_window_start:
            values["date"] = drop._get_step_date(self.picking_type_id)
        return {
            **values,
            "delivery_window_start": move_to_copy.delivery_window_start,
            "delivery_window_stop": move_to_copy.delivery_window_stop,
        }
