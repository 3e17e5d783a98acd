from odoo import api, models
from odoo.fields import Domain

from ...tools.gs1 import Gs1Error, gtin_forms, is_element_string, parse
from ...tools.warehouse.scan_view import BIN_PREFIX, BOX_COMMAND, COMMANDS, Read


class WarehouseScanTask(models.AbstractModel):
    """What a barcode is: looked up in the order in which this step expects things."""

    _inherit = "warehouse.scan.task"

    def _scan_read(self, barcode, view):
        """The :class:`Read` of ``barcode``; what nobody knows is "unknown"."""
        command = self._scan_command(barcode)
        if command:
            return command
        try:
            values = parse(barcode) if is_element_string(barcode) else {}
        except Gs1Error as error:
            return Read("unreadable", str(error))
        read = self._scan_elements(barcode, values, view) if values else self._scan_plain(barcode, view)
        if read.kind == "unknown" and not values and barcode[:2] in ("00", "01", "02"):
            read = self._scan_without_prefix(barcode, view) or read
        if read.kind == "unknown" and barcode != barcode.upper():  # a scanner with the caps lock on
            upper = self._scan_plain(barcode.upper(), view)
            read = upper if upper.kind != "unknown" else read
        return read

    def _scan_command(self, barcode):
        code = barcode.upper()
        if code in COMMANDS:
            name, reason = COMMANDS[code]
            return Read("command", barcode, id=name, reason=reason)
        if code == BOX_COMMAND:
            return Read("new_box", barcode, id=None)
        number = code.removeprefix(BIN_PREFIX)
        if number != code and number.isascii() and number.isdigit():
            return Read("bin", barcode, id=int(number))
        return None

    def _scan_without_prefix(self, barcode, view):
        """GS1 data from a scanner that does not announce it."""
        try:
            return self._scan_elements(barcode, parse(barcode), view)
        except Gs1Error:
            return None

    def _scan_known(self, barcode, view):
        """What the task itself asks for: no need to look further."""
        found = [(form, *view.codes[form]) for form in gtin_forms(barcode) if form in view.codes]
        for form, kind, number in found[:1]:
            if kind == "goods":
                return Read("goods", barcode, product=number, implied=True)
            if form == barcode:
                return Read("place", barcode, id=number)
        return None

    def _scan_plain(self, barcode, view):
        known = self._scan_known(barcode, view)
        if known:
            return known
        looks = [
            self._scan_place,
            self._scan_product,
            self._scan_lot,
            self._scan_package,
            self._scan_transfer,
        ]
        if view.phase in ("pack", "load"):
            looks = [self._scan_package, *looks[:3], self._scan_transfer]
        for look in looks if barcode else ():
            read = look(barcode, view)
            if read:
                return read
        dock = self._scan_dock_key(barcode)
        return Read("dock", barcode, id=dock) if dock else Read("unknown", barcode)

    def _scan_dock_key(self, barcode):
        """Key in ``_scan_docks`` of what is no location, say a vehicle."""
        return ""

    def _scan_elements(self, barcode, values, view):
        """An element string: a logistic unit, goods with lot and quantity, or a customer's order."""
        numbers = [values[name] for name in ("lot", "serial") if name in values]
        if "sscc" in values:
            return self._scan_package(values["sscc"], view) or Read("unknown", values["sscc"])
        number = values.get("gtin") or values.get("content")
        read = self._scan_product(number, view) if number else None
        if read:
            has_serials = any(line.serial for line in view.lines if line.product == read.product)
            said = values.get("quantity") or values.get("count") or self._scan_weight(read, values)
            return Read(
                "goods",
                barcode,
                product=read.product,
                lot=numbers[-1 if has_serials else 0] if numbers else "",
                expiry=values.get("expiry_date"),
                quantity=(said or 1) * read.quantity,
                implied=read.implied and not said,
            )
        if numbers and not number:
            return self._scan_lots(numbers, view)
        order = values.get("customer_order")
        return (order and self._scan_transfer(order, view)) or Read("unknown", number or barcode)

    def _scan_weight(self, read, values):
        """Net weight as a quantity, for products that are counted by weight."""
        if "net_weight" not in values:
            return None
        return values["net_weight"] * self._scan_per_kilogram(
            self.env["product.product"].browse(read.product)
        )

    @api.model
    def _scan_per_kilogram(self, product):
        """Units of the product in a kilogram; 0 if it is not counted by weight."""
        kilogram = self.env.ref("uom.product_uom_kgm")
        if not product.uom_id._has_common_reference(kilogram):
            return 0.0
        return kilogram._compute_quantity(1.0, product.uom_id, round=False)

    def _scan_mine(self):
        """Barcodes may be the same in two companies: those of the task's own count."""
        return [("company_id", "in", (False, self.company_id.id))]

    def _scan_place(self, barcode, view):
        place = self.env["stock.location"].search([("barcode", "=", barcode), *self._scan_mine()], limit=1)
        return Read("place", barcode, id=place.id) if place else None

    def _scan_product(self, barcode, view):
        """A product, or a packaging, which counts its content."""
        known = self._scan_known(barcode, view)
        if known and known.kind == "goods":
            return known
        forms = gtin_forms(barcode)
        product = self.env["product.product"].search([("barcode", "in", forms), *self._scan_mine()], limit=1)
        if product:
            return Read("goods", barcode, product=product.id, implied=True)
        packaging = self.env["product.uom"].search([("barcode", "in", forms)], limit=1)
        if not packaging:
            return None
        product = packaging.product_id
        quantity = packaging.uom_id._compute_quantity(1, product.uom_id)
        return Read("goods", barcode, product=product.id, quantity=quantity)

    def _scan_lot(self, barcode, view):
        """A lot or serial number of a product of this task; that of a line at hand first."""
        products = {line.product for line in view.lines}
        lots = self.env["stock.lot"].search([("name", "=", barcode), ("product_id", "in", list(products))])
        place = view.place()
        here = {line.product for line in view.open_lines if line.place == place}
        lot = lots.filtered(lambda found: found.product_id.id in here)[:1] or lots[:1]
        return Read("goods", barcode, product=lot.product_id.id, lot=lot.name, implied=True) if lot else None

    def _scan_lots(self, numbers, view):
        """Lot and serial number on one label: whichever of them is known."""
        found = (self._scan_lot(number, view) for number in reversed(numbers))
        return next(filter(None, found), None) or Read("unknown", numbers[0])

    def _scan_package(self, barcode, view):
        named = Domain("name", "=", barcode) | Domain("sscc", "=", barcode)
        package = self.env["stock.package"].search(named & Domain(self._scan_mine()), limit=1)
        if not package:
            kind = self.env["stock.package.type"].search([("barcode", "=", barcode)], limit=1)
            return Read("new_box", barcode, id=kind.id) if kind else None
        known = {box.id for box in view.boxes} | {line.box for line in view.lines}
        outermost = package.outermost_package_id.id
        found = outermost if view.phase == "load" and outermost in known else package.id
        used = found not in known and bool(package.contained_quant_ids or package.move_line_ids)
        return Read("box", barcode, id=found, reason="in_use" if used else "")

    def _scan_transfer(self, barcode, view):
        pickings = self._scan_pickings()
        named = pickings.filtered(lambda picking: barcode in (picking.name, picking.origin))[:1]
        return Read("transfer", barcode, id=named.id) if named else None
