from odoo import fields, models

from ...tools.warehouse.next_place import Stock, next_best

COMPARED = 40  # places, first in the removal strategy's order; more would make the picker wait


class StockMoveLine(models.Model):
    """A shortage: what is missing here is reserved where it lies best for the rest of the walk."""

    _inherit = "stock.move.line"

    def _move_shortage(self, picked=True):
        """Leave on this line what was found and reserve the rest at the next-best places.

        Answers the new lines and the quantity missing here. Stock of this place is not taken again; the
        place is due to be counted. ``picked``: whether what was found is done with, or has to go into its
        bin first.
        """
        self.ensure_one()
        move, missing = self.move_id, self.quantity_product_uom - self.qty_scanned
        quants, by_rank = self._stock_elsewhere()
        metres = {} if by_rank else self._detours(quants.location_id)
        stocks = [
            Stock(quant.quantity - quant.reserved_quantity, metres.get(quant.location_id, 0.0), rank)
            for rank, quant in enumerate(quants)
        ]
        self._ask_to_count()
        self._keep_scanned(picked)
        lines = self.browse()
        for index, quantity in next_best(stocks, missing, by_rank):
            values = move._prepare_move_line_vals(quantity=quantity, reserved_quant=quants[index])
            lines += self.create({**values, "picked": False})
        return lines, missing

    def _keep_scanned(self, picked):
        if not self.qty_scanned:
            return self.unlink()
        pieces = {"product_uom_id": self.product_id.uom_id.id, "quantity": self.qty_scanned}
        return self.write({**pieces, "picked": picked})  # five of a dozen are no round part of it

    def _stock_elsewhere(self):
        """``(quants in the order of the removal strategy, whether that order binds)``.

        Goods of another owner, in another lot than the one ordered, or past their expiry do not serve.
        """
        move, product = self.move_id, self.product_id
        today = fields.Date.context_today(self)
        quants = (
            self.env["stock.quant"]
            ._gather(product, move.location_id)
            .filtered(
                lambda quant: (
                    quant.location_id != self.location_id
                    and quant.owner_id == self.owner_id
                    and product.uom_id.compare(quant.quantity, quant.reserved_quantity) > 0
                )
            )
        )
        if "use_expiration_date" not in product._fields or not product.use_expiration_date:
            return quants[:COMPARED], self._has_removal_strategy()
        far = fields.Datetime.to_datetime("9999-12-31")
        fresh = quants.filtered(
            lambda quant: (quant.lot_id.expiration_date or far) >= fields.Datetime.to_datetime(today)
        )
        return fresh.sorted(lambda quant: quant.lot_id.expiration_date or far)[:COMPARED], True

    def _has_removal_strategy(self):
        """Whether somebody has chosen in which order stock is used up; "closest" is what the walk does."""
        strategy, location = self.product_id.categ_id.removal_strategy_id, self.move_id.location_id
        while location and not strategy:
            strategy, location = location.removal_strategy_id, location.location_id
        return bool(strategy) and strategy.sudo().method != "closest"

    def _detours(self, places):
        """``{place: metres}`` by which the rest of the walk gets longer if it also goes there."""
        walk = self.picking_id.batch_id or self.picking_id
        left = (walk._pick_lines() - self).filtered(lambda line: not line.picked).location_id
        detours = dict.fromkeys(places, float("inf"))  # outside any zone: only if there is nothing else
        for zone in places.pick_zone_id.filtered(lambda zone: zone._is_complete()):
            rest = zone._in_zone(left | self.location_id)
            metres = zone._walk(rest)
            detours |= {place: zone._walk(rest | place) - metres for place in zone._in_zone(places)}
        return detours

    def _ask_to_count(self):
        """sudo: pickers do not plan inventories, but who finds a place short has seen that one is due."""
        quants = (
            self.env["stock.quant"]
            .sudo()
            ._gather(self.product_id, self.location_id, lot_id=self.lot_id, strict=False)
        )
        quants.filtered(lambda quant: quant.location_id == self.location_id).write(
            {"inventory_date": fields.Date.context_today(self)}
        )
