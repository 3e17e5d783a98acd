from dataclasses import replace

from odoo import models
from odoo.exceptions import RedirectWarning, UserError

from ...tools.warehouse.scan_rules import Verdict
from ...tools.warehouse.scan_verdict import number
from ...tools.warehouse.scan_view import EPSILON, Ref

#: Verbs that write one number of ours, which Odoo has no reason to refuse.
HARMLESS = ("count", "pack")


class WarehouseScanTask(models.AbstractModel):
    """Carries out what the rules have decided: one method per verb of ``Verdict.change``."""

    _inherit = "warehouse.scan.task"

    def _scan_apply(self, verdict, view):
        """Carry out ``verdict``; what Odoo itself refuses becomes a refusal of the scan."""
        if not verdict.change:
            return verdict
        verb, *operands = verdict.change
        carry_out = getattr(self, f"_scan_do_{verb}")
        if verb in HARMLESS:
            return carry_out(verdict, view, *operands)
        try:
            with self.env.cr.savepoint():
                return carry_out(verdict, view, *operands)
        except (UserError, RedirectWarning) as error:
            return Verdict("refused", view.session, {"problem": str(error.args[0])}, line=verdict.line)

    def _scan_own_line(self, line):
        """sudo: the line is of this task, which the user may write; to check each line costs two queries."""
        return self.env["stock.move.line"].sudo().browse(line)

    def _scan_do_count(self, verdict, view, line, quantity):
        scanned = verdict.line.scanned + quantity
        self._scan_own_line(line).write({"qty_scanned": scanned})
        return verdict

    def _scan_do_finish(self, verdict, view, line, quantity, box):
        line = self._scan_own_line(line)
        line.write({"qty_scanned": verdict.line.scanned + quantity, "picked": True})
        if box:
            line = line.sudo(False)
            package = line._put_in_pack(package_id=box)
            line._post_put_in_pack_hook(package)
        if len(view.open_lines) > 1 or verdict.code == "recounted":  # what to put back must be read
            return verdict
        return replace(verdict, code="pick_done" if view.packs or view.loads else "task_done")

    def _scan_do_short(self, verdict, view, line, reason):
        """Free what is missing here and reserve it at the next-best places."""
        line = self.env["stock.move.line"].browse(line)
        planned = line.picking_id.id in view.bins or line.result_package_id
        in_bin = bool(planned) and line.qty_scanned > 0
        elsewhere, missing = line._move_shortage(picked=not in_bin)
        verdict = replace(verdict, quantity=missing)
        if in_bin:
            verdict = replace(verdict, session=replace(verdict.session, line=line.id))
        if not elsewhere:
            return replace(verdict, code="short_nothing")
        place = Ref("place", elsewhere[0].location_id.id)
        found = number(elsewhere[0].quantity_product_uom)
        return replace(verdict, words={**verdict.words, "missing": found, "place": place})

    def _scan_do_open(self, verdict, view, package_type):
        package = self.env["stock.package"].create({"package_type_id": package_type})
        return replace(verdict, session=replace(verdict.session, box=package.id))

    def _scan_do_pack(self, verdict, view, line, quantity, box):
        packed = verdict.line.packed + quantity
        self._scan_own_line(line).write({"qty_packed": packed, "open_box_id": box})
        return verdict

    def _scan_do_close(self, verdict, view, transfer, box):
        ids = [line.id for line in view.unpacked if line.transfer == transfer and line.packed > EPSILON]
        lines = self.env["stock.move.line"].browse(ids)
        for line in lines:
            line._split_unpacked()
        package = lines._put_in_pack(package_id=box)
        lines._post_put_in_pack_hook(package)
        return replace(verdict, words={"box": Ref("box", box)})

    def _scan_do_load(self, verdict, view, box):
        lines = self._scan_lines().filtered("result_package_id")
        lines.filtered(
            lambda line: box in (line.result_package_id.id, line.result_package_id.outermost_package_id.id)
        ).is_loaded = True
        return verdict

    def _scan_do_confirm(self, verdict, view):
        self._scan_validate()
        if self._scan_lines():
            raise UserError(self.env._("This has to be finished at the desk: open it in Inventory."))
        return verdict

    def _scan_validate(self):
        """Finish the document as its button does; what is missing goes on a backorder."""
        raise NotImplementedError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _scan_validate(self):
        return self.with_context(skip_backorder=True, skip_sms=True).button_validate()


class StockPickingBatch(models.Model):
    _inherit = "stock.picking.batch"

    def _scan_validate(self):
        return self.with_context(skip_backorder=True, skip_sms=True).action_done()


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _split_unpacked(self):
        """Leave on this line what is in the box; the rest becomes a line of its own, still to be packed."""
        self.ensure_one()
        rest = self.quantity_product_uom - self.qty_packed
        if rest <= EPSILON:
            return
        pieces = {"product_uom_id": self.product_id.uom_id.id, "picked": True}
        self.write({**pieces, "quantity": self.qty_packed, "qty_scanned": self.qty_packed})
        self.copy({**pieces, "quantity": rest, "qty_scanned": rest})
