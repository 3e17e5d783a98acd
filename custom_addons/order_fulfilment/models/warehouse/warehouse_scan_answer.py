from dataclasses import asdict, replace

from odoo import api, models

from ...tools.warehouse.scan_change import applied
from ...tools.warehouse.scan_rules import ACCEPTED
from ...tools.warehouse.scan_view import BIN_PREFIX, BOX_COMMAND, COMMANDS
from .scan_messages import scan_texts

#: Verbs after which the device should ask for the whole task again: more than one line has changed.
STRUCTURAL = ("short", "open", "close", "load", "confirm")

#: A barcode of goods that says no quantity.
ONE_PIECE = {"kind": "goods", "implied": True}


class WarehouseScanTask(models.AbstractModel):
    """What the device is told: after a scan the next step, on opening a task everything it needs off line."""

    _inherit = "warehouse.scan.task"

    def _scan_answer(self, verdict, view):
        """``{state, data, message}`` after a scan of somebody who had ``view`` before him."""
        after = self._scan_sent(self._scan_after(verdict, view))
        wanted = {(word.kind, word.id) for word in verdict.words.values() if hasattr(word, "kind")}
        names = self._scan_names(wanted | self._scan_step_names(after), after.names)
        changed = [line for line in after.lines if verdict.line and line.id == verdict.line.id]
        data = self._scan_step(after, names) | {
            "changed": [asdict(line) for line in changed],
            "session": asdict(after.session),
            "refresh": bool(verdict.change and verdict.change[0] in STRUCTURAL),
        }
        message = {
            "code": verdict.code,
            "type": "danger" if verdict.refused else "success",
            "text": self.env["warehouse.scan"]._sentence(verdict, names),
        }
        return {"state": after.phase, "data": data, "message": message}

    def _scan_after(self, verdict, view):
        """The view after the scan: told by the verdict, or gathered where more than a line has changed."""
        after = applied(view, verdict) or replace(self._scan_view(self.env.uid), session=verdict.session)
        return self._scan_with_docks(after) if after.phase == "load" and not after.docks else after

    @api.model
    def _scan_step_names(self, view):
        """What :meth:`_scan_step` names."""
        line, transfer = view.next_line(), view.transfer()
        packed = [item for item in view.unpacked if item.transfer == transfer] if view.phase == "pack" else []
        wanted = {("transfer", line.transfer if line else transfer)}
        wanted |= {("product", item.product) for item in packed}
        wanted |= {("product", line.product)} if line else set()
        return wanted | {("box", box.id) for box in view.boxes if not box.loaded}

    @api.model
    def _scan_sent(self, view):
        """The view with the place its person is sent to, which keeps others away from there.

        Where a colleague is at work already nobody is sent: who has nothing else to do may help.
        """
        line = view.next_line()
        free = line and line.place not in view.others
        return replace(view, session=replace(view.session, target=line.place if free else None))

    def _scan_step(self, view, names):
        """What is to be done next, in words, for clients that keep nothing themselves."""
        target = view.next_line()
        step = {
            "busy": bool(target and target.place in view.others),
            "done": sum(line.picked for line in view.lines),
            "total": len(view.lines),
            "boxes": [names.get(("box", box.id), "") for box in view.boxes if not box.loaded],
            "docks": list(view.docks.values()),
        }
        if view.phase == "pick":
            step |= self._scan_line_data(target, view, names)
        elif view.phase == "pack":
            transfer = view.transfer()
            step["transfer"] = names.get(("transfer", transfer), "")
            step["to_pack"] = [
                {"product": names["product", line.product], "quantity": line.wanted, "packed": line.packed}
                for line in view.unpacked
                if line.transfer == transfer
            ]
        return step

    def _scan_line_data(self, line, view, names):
        product = self.env["product.product"].sudo().browse(line.product)  # of a task the user works on
        product.uom_id.fetch(["name"])
        return {
            "line_id": line.id,
            "location": names["place", line.place],
            "location_barcode": names["place_code", line.place],
            "product": names["product", line.product],
            "product_barcode": product.barcode or "",
            "lot": line.lot,
            "quantity": line.wanted,
            "picked": line.scanned,
            "unit": product.uom_id.name,
            "transfer": names.get(("transfer", line.transfer), ""),
            "bin": view.bins.get(line.transfer, 0),
        }

    def _scan_show(self):
        """The whole task: its next step, and the view, names, barcodes and sentences for the device."""
        view = self._scan_sent(self._scan_with_docks(self._scan_view(self.env.uid)))
        names, lines = self._scan_all_names(view), self._scan_lines()
        others = {name: sorted(getattr(view, name)) for name in ("others", "held", "busy_transfers")}
        shown = asdict(replace(view, others=frozenset(), names={}, codes={})) | others
        data = self._scan_step(view, names) | {
            "name": self.name,
            "view": {name: value for name, value in shown.items() if name not in ("names", "codes")},
            "names": {f"{kind}-{key}": name for (kind, key), name in names.items() if kind != "place_code"},
            "units": {product.id: product.uom_id.name for product in lines.product_id},
            "codes": self._scan_codes(lines, view),
            "texts": scan_texts(self.env),
            "accepted": sorted(ACCEPTED | {"short_noted"}),
        }
        return {"state": view.phase, "data": data, "message": {"code": "", "type": "success", "text": ""}}

    def _scan_goods_code(self, product):
        """What a barcode of the product is; ``per_kg``: units in a kilogram, if counted by weight."""
        return {
            **ONE_PIECE,
            "product": product.id,
            "serial": product.tracking == "serial",
            "per_kg": self._scan_per_kilogram(product),
        }

    def _scan_codes(self, lines, view):
        """``{barcode: what it is}`` of everything in this task."""
        codes = {
            code: {"kind": "command", "id": name, "reason": why} for code, (name, why) in COMMANDS.items()
        }
        codes[BOX_COMMAND] = {"kind": "new_box", "id": None}
        codes |= {f"{BIN_PREFIX}{number}": {"kind": "bin", "id": number} for number in view.bins.values()}
        codes |= {picking.name: {"kind": "transfer", "id": picking.id} for picking in lines.picking_id}
        types = self.env["stock.package.type"].search([("barcode", "!=", False)])
        codes |= {kind.barcode: {"kind": "new_box", "id": kind.id} for kind in types}
        goods = {product.id: self._scan_goods_code(product) for product in lines.product_id}
        for lot in lines.lot_id:
            codes[lot.name] = {**goods[lot.product_id.id], "lot": lot.name}
        packagings = self.env["product.uom"].search([("product_id", "in", lines.product_id.ids)])
        for packaging in packagings:
            quantity = packaging.uom_id._compute_quantity(1, packaging.product_id.uom_id)
            pack = {**goods[packaging.product_id.id], "quantity": quantity, "implied": False}
            codes[packaging.barcode] = pack
        for product in lines.product_id.filtered("barcode"):
            codes[product.barcode] = goods[product.id]
        goals = lines.result_package_id
        boxes = goals | goals.outermost_package_id | lines.package_id | lines.open_box_id
        for box in boxes:
            codes |= {code: {"kind": "box", "id": box.id} for code in (box.name, box.sscc) if code}
        docks = self.picking_type_id.scan_dock_ids
        for place in (lines.location_id | docks).filtered("barcode"):
            codes[place.barcode] = {"kind": "place", "id": place.id}
        return codes
